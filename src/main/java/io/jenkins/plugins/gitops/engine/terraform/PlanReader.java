package io.jenkins.plugins.gitops.engine.terraform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.engine.Json;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a plan of format 1 piece by piece: whatever the file holds, one resource is in memory at a time. The state and the
 * configuration that it has as well, with all their secrets, are skipped.
 */
public final class PlanReader {

    /** Of a plan's file. */
    public static final int MOST_BYTES = 64 << 20;

    /** Resources that are kept; all are counted. */
    public static final int MOST_CHANGES = 2_000;

    private static final int MOST_CHECKS = 100;
    private static final int LONGEST_TEXT = 5_000_000;
    private static final int DEEPEST = 200;
    private static final int LONGEST_ADDRESS = 200;

    private static final JsonMapper JSON = Json.bounded(MOST_BYTES, LONGEST_TEXT, DEEPEST);

    private final String file;
    private final List<ResourceChange> changes = new ArrayList<>();
    private final Map<PlanAction, Integer> counts = new EnumMap<>(PlanAction.class);
    private final Set<String> destroyedTypes = new TreeSet<>();
    private final List<String> failedChecks = new ArrayList<>();
    private String format = "";
    private String version = "";
    private int outputs;
    private int drifted;
    private boolean isErrored;
    private boolean isApplyable = true;
    private boolean hasChanges;

    private PlanReader(String file) {
        this.file = file;
    }

    /**
     * @param file name for messages
     * @throws PlanException if it is no plan, or none that can be applied
     */
    public static TerraformPlan read(String file, InputStream content) throws IOException {
        PlanReader reader = new PlanReader(file);
        try (JsonParser parser = JSON.createParser(content)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw reader.notAPlan("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                reader.field(field, parser);
            }
        } catch (JsonProcessingException e) {
            throw reader.notAPlan("line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + " is not the JSON of a plan");
        }
        return reader.plan();
    }

    private void field(String field, JsonParser parser) throws IOException {
        switch (field) {
            case "format_version" -> format = parser.getValueAsString("");
            case "terraform_version" -> version = Shortened.name(parser.getValueAsString(""));
            case "errored" -> isErrored = parser.getValueAsBoolean();
            case "applyable" -> isApplyable = parser.getValueAsBoolean(true);
            case "resource_changes" -> {
                hasChanges = true;
                items(parser, this::resource);
            }
            case "resource_drift" ->
                items(parser, item -> drifted += PlannedAction.of(item).isPresent() ? 1 : 0);
            case "output_changes" -> outputs(parser);
            case "checks" -> items(parser, this::check);
            default -> parser.skipChildren();
        }
    }

    @FunctionalInterface
    private interface Item {
        void read(JsonNode item);
    }

    private static void items(JsonParser parser, Item item) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            item.read(JSON.readTree(parser));
        }
    }

    private void outputs(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            parser.nextToken();
            JsonNode change = JSON.readTree(parser);
            outputs += change.path("actions").path(0).asText("no-op").equals("no-op") ? 0 : 1;
        }
    }

    private void check(JsonNode check) {
        if (check.path("status").asText().equals("fail") && failedChecks.size() < MOST_CHECKS) {
            failedChecks.add(
                    Shortened.line(check.path("address").path("to_display").asText("?"), LONGEST_ADDRESS));
        }
    }

    private void resource(JsonNode resource) {
        Optional<PlanAction> action = PlannedAction.of(resource);
        if (action.isEmpty()) {
            return;
        }
        counts.merge(action.get(), 1, Integer::sum);
        if (action.get().destroys()) {
            destroyedTypes.add(Shortened.line(resource.path("type").asText(""), LONGEST_ADDRESS));
        }
        if (changes.size() == MOST_CHANGES) {
            return;
        }
        PlannedAttributes attributes = PlannedAttributes.of(resource.path("change"), action.get());
        String deposed = resource.path("deposed").asText("");
        changes.add(new ResourceChange(
                Shortened.line(resource.path("address").asText("?"), LONGEST_ADDRESS)
                        + (deposed.isEmpty() ? "" : " (deposed " + Shortened.name(deposed) + ")"),
                Shortened.name(resource.path("type").asText("")),
                action.get(),
                PlannedAction.movedFrom(resource).map(from -> Shortened.line(from, LONGEST_ADDRESS)),
                PlannedAction.importedAs(resource).map(id -> Shortened.line(id, LONGEST_ADDRESS)),
                attributes.shown(),
                attributes.more()));
    }

    private TerraformPlan plan() {
        if (format.isEmpty() || !format.startsWith("1.")) {
            throw notAPlan(
                    format.isEmpty()
                            ? "it has no 'format_version'"
                            : "its format is " + Shortened.name(format) + ", and 1.x is what is read");
        }
        if (isErrored) {
            throw new PlanException("The plan in " + file
                    + " is errored: planning failed, and it cannot be applied; correct what failed, and plan again.");
        }
        if (!hasChanges && outputs == 0 && version.isEmpty()) {
            throw notAPlan("it has no 'resource_changes'");
        }
        return new TerraformPlan(version, changes, counts, outputs, drifted, destroyedTypes, isApplyable, failedChecks);
    }

    private PlanException notAPlan(String reason) {
        return new PlanException(
                file + " is not a plan: " + reason + "; write it with 'terraform show -json <plan file>'.");
    }
}
