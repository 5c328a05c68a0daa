package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/** What the schema cannot say about a gate: times that are times, addresses that are addresses. */
final class GateDeclarationRules {

    /** What every gate asks for by itself; an override refers to requirements by name. */
    private static final Set<String> BUILT_IN =
            Set.of("approvals", "checklist", "freeze", "hold", "registry", "soak", "source", "target", "turn");

    private final BiConsumer<JsonPointer, String> report;

    /** @param report takes the place and the problem */
    GateDeclarationRules(@NonNull BiConsumer<JsonPointer, String> report) {
        this.report = report;
    }

    void check(@NonNull JsonNode environment, @NonNull JsonPointer at) {
        JsonNode gate = environment.path("gate");
        JsonPointer place = at.appendProperty("gate");
        for (String key : List.of("soak", "expires", "remind")) {
            if (gate.has(key)) {
                attempt(
                        place.appendProperty(key),
                        () -> GateSyntax.duration(gate.get(key).asText()));
            }
        }
        JsonNode freeze = gate.path("freeze");
        if (freeze.has("timeZone")) {
            attempt(
                    place.appendProperty("freeze").appendProperty("timeZone"),
                    () -> GateSyntax.zone(freeze.get("timeZone").asText()));
        }
        windows(freeze.path("allow"), place.appendProperty("freeze").appendProperty("allow"));
        windows(freeze.path("deny"), place.appendProperty("freeze").appendProperty("deny"));
        addresses(gate.path("checks"), place.appendProperty("checks"));
        JsonNode objective = environment.path("rollback").path("objective");
        if (!objective.isMissingNode()) {
            attempt(
                    at.appendProperty("rollback").appendProperty("objective"),
                    () -> GateSyntax.objective(objective.asText()));
        }
    }

    private void windows(JsonNode windows, JsonPointer at) {
        List<JsonNode> all = DeclarationReader.many(windows).toList();
        for (int i = 0; i < all.size(); i++) {
            JsonNode window = all.get(i);
            attempt(windows.isArray() ? at.appendIndex(i) : at, () -> GateSyntax.window(window));
        }
    }

    private void addresses(JsonNode checks, JsonPointer at) {
        Set<String> names = new HashSet<>();
        List<JsonNode> all = DeclarationReader.many(checks).toList();
        for (int i = 0; i < all.size(); i++) {
            JsonPointer place = checks.isArray() ? at.appendIndex(i) : at;
            String name = all.get(i).get("name").asText();
            String url = all.get(i).get("url").asText();
            if (!names.add(name)) {
                report.accept(place, "the check '" + name + "' comes twice; give each its own name");
            }
            if (BUILT_IN.contains(name.toLowerCase(Locale.ROOT))) {
                report.accept(place, "the check '" + name + "' has the name of a built-in requirement; rename it");
            }
            if (!isWebAddress(url)) {
                report.accept(
                        place.appendProperty("url"),
                        "the address of the check '" + name
                                + "' is not valid; write http:// or https://, without a password");
            }
        }
    }

    private static boolean isWebAddress(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void attempt(JsonPointer at, Runnable reading) {
        try {
            reading.run();
        } catch (GateSyntax.Problem problem) {
            report.accept(at, problem.getMessage());
        }
    }
}
