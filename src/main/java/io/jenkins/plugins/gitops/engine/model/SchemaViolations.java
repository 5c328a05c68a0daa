package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Where a {@code gitops.yaml} breaks its published JSON Schema (docs/gitops.schema.json), in plain words. */
final class SchemaViolations {

    private static final String RESOURCE = "/gitops.schema.json";
    private static final JsonSchema SCHEMA = load();

    private SchemaViolations() {}

    private static JsonSchema load() {
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .build();
        try (InputStream in = SchemaViolations.class.getResourceAsStream(RESOURCE)) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(in, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In line order; empty when the document is valid. */
    static List<Violation> violations(LocatedYaml document) {
        List<Violation> violations = new ArrayList<>();
        Set<Violation> named = new HashSet<>();
        List<ValidationMessage> messages = SCHEMA.validate(document.tree()).stream()
                .sorted(Comparator.comparingInt(message -> line(document, message)))
                .toList();
        for (ValidationMessage message : messages) {
            // What is counted alone needs no sentence, and a sentence takes time.
            boolean counted = violations.size() >= InvalidDeclarationException.MOST_NAMED;
            Violation violation = counted ? new Violation(line(document, message), "") : violation(document, message);
            if (counted || named.add(violation)) {
                violations.add(violation);
            }
        }
        return violations;
    }

    private static Violation violation(LocatedYaml document, ValidationMessage message) {
        JsonPointer at = JsonPointer.compile(message.getInstanceLocation().toString());
        JsonNode node = document.tree().at(at);
        String problem =
                switch (message.getType()) {
                    case "required" ->
                        isFileChoice(message)
                                ? name(at)
                                        + " names no file; give one of 'kustomization', 'values', 'manifests',"
                                        + " 'versions', 'fields', 'terraform'"
                                : "'" + message.getProperty() + "' is missing in " + name(at);
                    case "additionalProperties" -> unknownKey(message, at);
                    case "pattern" ->
                        message.getProperty() == null
                                ? name(at)
                                        + " is not an address; write it for example as oci://ghcr.io/acme/charts/redis"
                                        + " or https://github.com/acme/platform"
                                : noName(message, at);
                    case "propertyNames" -> noName(message, at);
                    case "not" ->
                        "'" + Shortened.name(node.asText())
                                + "' is not a path inside the repository; write it relative to the"
                                + " root, with '/' and without '.' and '..'";
                    case "const" -> name(at) + " must be 1";
                    case "type" -> name(at) + " must be " + expected(message) + ", not " + describe(node);
                    default -> name(at) + " " + afterLocation(message);
                };
        return new Violation(line(document, message), problem);
    }

    private static String noName(ValidationMessage message, JsonPointer at) {
        return "'" + Shortened.name(message.getProperty()) + "' in " + name(at)
                + " is not a name; use letters, digits, '.', '_' and '-', 63 at most";
    }

    private static int line(LocatedYaml document, ValidationMessage message) {
        JsonPointer at = JsonPointer.compile(message.getInstanceLocation().toString());
        return document.line(
                "additionalProperties".equals(message.getType()) ? at.appendProperty(message.getProperty()) : at);
    }

    /** One of the 'required' of the environment's anyOf: together they are one violation. */
    private static boolean isFileChoice(ValidationMessage message) {
        return message.getEvaluationPath().toString().contains("/anyOf/");
    }

    private static String unknownKey(ValidationMessage message, JsonPointer at) {
        String key = message.getProperty();
        JsonNode properties = message.getSchemaNode() == null ? null : parentProperties(message);
        List<String> known = properties == null ? List.of() : names(properties);
        String remedy = UnknownNameException.nearest(key, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse(known.isEmpty() ? "remove it" : "known are " + String.join(", ", known));
        return "'" + Shortened.name(key) + "' is not known in " + name(at) + ": " + remedy;
    }

    private static JsonNode parentProperties(ValidationMessage message) {
        String location = message.getSchemaLocation().getFragment().toString();
        JsonPointer schema = JsonPointer.compile(location.substring(0, location.lastIndexOf('/')));
        return SCHEMA.getSchemaNode().at(schema).get("properties");
    }

    private static List<String> names(JsonNode object) {
        Iterator<String> names = object.fieldNames();
        return Stream.iterate(names, Iterator::hasNext, rest -> rest)
                .map(Iterator::next)
                .toList();
    }

    private static String name(JsonPointer at) {
        return at.matches()
                ? "the file"
                : "'"
                        + Shortened.name(
                                at.toString().substring(1).replace("/", ".").replace("~1", "/")) + "'";
    }

    private static String expected(ValidationMessage message) {
        return switch (String.valueOf(message.getArguments()[1])) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "string" -> "text (quote it)";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            default -> String.valueOf(message.getArguments()[1]);
        };
    }

    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case NULL, MISSING -> "nothing";
            case NUMBER -> "the number " + node.asText();
            case BOOLEAN -> "the boolean " + node.asText();
            default -> "text";
        };
    }

    private static String afterLocation(ValidationMessage message) {
        String text = message.getMessage();
        int colon = text.indexOf(": ");
        return colon < 0 ? text : text.substring(colon + 2);
    }
}
