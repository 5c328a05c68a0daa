package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a registry's JSON. */
final class Json {

    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    /** @throws RegistryException if the body is not a JSON object: a login page, a proxy's error */
    @NonNull
    static JsonNode read(@NonNull String registry, @NonNull Answer answer) {
        try {
            JsonNode node = MAPPER.readTree(answer.body());
            if (node.isObject()) {
                return node;
            }
            throw notJson(registry, answer, null);
        } catch (IOException e) {
            throw notJson(registry, answer, e);
        }
    }

    /** An object's text values; what is not text is left out. */
    @NonNull
    static Map<String, String> texts(@NonNull JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return texts;
    }

    private static RegistryException notJson(String registry, Answer answer, Throwable cause) {
        String type = answer.mediaType().isEmpty() ? "no content type" : answer.mediaType();
        return new RegistryException(
                "Registry '" + registry + "' answers " + answer.uri().getPath() + " with " + type
                        + " that is not JSON: check that its address is the registry's own, not a login page or proxy.",
                cause);
    }
}
