package io.jenkins.plugins.gitops.playground.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * docs/openapi.yaml, to hold the plugin against. Answers must have what it describes and nothing else, although callers
 * are told to ignore what they do not know: otherwise nobody would notice what it leaves out.
 */
public final class ApiDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final JsonNode document;

    private ApiDocument(JsonNode document) {
        this.document = document;
    }

    @NonNull
    public static ApiDocument read() {
        try {
            String text = Files.readString(SourceTree.find().root().resolve("docs/openapi.yaml"));
            JsonNode document = JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
            close(document.path("components").path("schemas"));
            return new ApiDocument(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode schema && schema.has("properties") && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        node.forEach(ApiDocument::close);
    }

    /** The parameters of every request, by {@code GET /path}: those of the query, or of the form that is posted. */
    @NonNull
    Map<String, Set<String>> requests() {
        Map<String, Set<String>> requests = new TreeMap<>();
        document.path("paths").properties().forEach(path -> {
            for (String method : List.of("get", "post")) {
                JsonNode operation = path.getValue().path(method);
                if (!operation.isMissingNode()) {
                    requests.put(
                            method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(), parameters(operation));
                }
            }
        });
        return requests;
    }

    private static Set<String> parameters(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        operation.path("parameters").forEach(one -> names.add(one.path("name").asText()));
        operation
                .at("/requestBody/content/application~1x-www-form-urlencoded/schema/properties")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }

    /** What an answer has against the document; empty when it is as described. */
    @NonNull
    List<String> violations(
            @NonNull String method, @NonNull String path, int status, @NonNull String type, @NonNull String body) {
        JsonNode operation = operation(method, path);
        if (operation.isMissingNode() && status == 405) {
            return List.of();
        }
        JsonNode answer = resolve(operation.path("responses").path(String.valueOf(status)));
        if (answer.isMissingNode()) {
            return List.of(method + " " + path + " answers " + status + ", which the document does not have");
        }
        if (type.startsWith("text/csv")) {
            return answer.path("content").has("text/csv")
                    ? List.of()
                    : List.of("a table, which the document does not have");
        }
        // Refusals that are Jenkins' own (and here the playground's) are not JSON, as the document says.
        return type.startsWith("application/json") || status < 400
                ? violations(answer.path("content").path("application/json").path("schema"), body)
                : List.of();
    }

    private List<String> violations(JsonNode schema, String body) {
        ObjectNode whole = schema.deepCopy();
        whole.set("$defs", document.path("components").path("schemas"));
        String text = whole.toString().replace("#/components/schemas/", "#/$defs/");
        try {
            List<String> violations = new ArrayList<>();
            for (ValidationMessage message : JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(text, CONFIG)
                    .validate(JSON.readTree(body))) {
                violations.add(message.getMessage());
            }
            return violations;
        } catch (IOException notJson) {
            return List.of("not JSON: " + body);
        }
    }

    private JsonNode operation(String method, String path) {
        String wanted = "/" + path.replaceFirst("\\?.*", "");
        for (Map.Entry<String, JsonNode> candidate : document.path("paths").properties()) {
            if (wanted.matches(candidate.getKey().replaceAll("\\{[a-z]+\\}", ".+"))) {
                return candidate.getValue().path(method.toLowerCase(java.util.Locale.ROOT));
            }
        }
        throw new AssertionError("the document has no path like " + wanted);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /**
     * An answer of the kind that a schema describes, with a text of the caller's wherever anything may stand, and as much of
     * everything as the schema knows.
     */
    @NonNull
    public JsonNode sample(@NonNull String schema, @NonNull String text) {
        return sample(document.path("components").path("schemas").path(schema), text);
    }

    private JsonNode sample(JsonNode reference, String text) {
        JsonNode schema = resolve(reference);
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (schema.has("oneOf")) {
            return sample(schema.path("oneOf").path(0), text);
        } else if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        JsonNode type = schema.path("type").isArray() ? schema.path("type").path(0) : schema.path("type");
        return switch (type.asText()) {
            case "object" -> {
                ObjectNode made = nodes.objectNode();
                schema.path("properties")
                        .properties()
                        .forEach(property -> made.set(property.getKey(), sample(property.getValue(), text)));
                if (schema.path("additionalProperties").isObject()) {
                    made.set(text, sample(schema.path("additionalProperties"), text));
                }
                yield made;
            }
            case "array" -> nodes.arrayNode().add(sample(schema.path("items"), text));
            case "integer" -> nodes.numberNode(2);
            case "number" -> nodes.numberNode(0.5);
            case "boolean" -> nodes.booleanNode(true);
            case "string" -> nodes.textNode(sampleText(schema, text));
            default -> throw new AssertionError("no sample for " + schema);
        };
    }

    private static String sampleText(JsonNode schema, String text) {
        if (schema.has("examples") && schema.path("format").asText().equals("date-time")) {
            return schema.path("examples").path(0).asText();
        } else if (schema.path("pattern").asText().startsWith("^https?")) {
            return "https://example.org/?" + text;
        }
        return schema.has("pattern") ? "0123456789".repeat(4) : text;
    }
}
