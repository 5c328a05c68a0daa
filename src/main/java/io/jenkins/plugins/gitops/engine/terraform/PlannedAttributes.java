package io.jenkins.plugins.gitops.engine.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The attributes of a resource that change. Where {@code before_sensitive} or {@code after_sensitive} marks an attribute, or
 * anything above it, its values are read no further; of a value that is not known yet only that is told.
 *
 * @param shown each as a clause
 * @param more how many further ones there are
 */
record PlannedAttributes(List<String> shown, int more) {

    private static final int MOST = 20;
    private static final int LONGEST_NAME = 120;
    private static final int LONGEST_VALUE = 80;
    private static final String SENSITIVE = "(sensitive)";
    private static final String UNKNOWN = "(known after apply)";

    /** An attribute as it is, as it will be, and what is said of both. */
    private record At(JsonNode before, JsonNode after, JsonNode unknown, JsonNode secretBefore, JsonNode secretAfter) {

        At field(String name) {
            return new At(
                    before.path(name),
                    after.path(name),
                    unknown.path(name),
                    isSecret() ? secretBefore : secretBefore.path(name),
                    isSecret() ? secretAfter : secretAfter.path(name));
        }

        At item(int index) {
            return new At(
                    before.path(index),
                    after.path(index),
                    unknown.path(index),
                    secretBefore.path(index),
                    secretAfter.path(index));
        }

        boolean isSecret() {
            return secretBefore.asBoolean(false) || secretAfter.asBoolean(false);
        }

        boolean isUnknown() {
            return unknown.asBoolean(false);
        }

        boolean isSame() {
            return !isUnknown()
                    && (before.equals(after) || isNothing(before) && isNothing(after))
                    && !hasUnknown(unknown);
        }

        boolean isObject() {
            return before.isObject() && !after.isArray() || after.isObject() && !before.isArray() || unknown.isObject();
        }

        /** Lists of the same length are compared item by item; others as a whole. */
        boolean isList() {
            return before.isArray() && after.isArray() && before.size() == after.size();
        }
    }

    static PlannedAttributes of(JsonNode change, PlanAction action) {
        List<String> all = new ArrayList<>();
        if (action != PlanAction.DESTROY && action != PlanAction.FORGET) {
            At root = new At(
                    change.path("before"),
                    change.path("after"),
                    change.path("after_unknown"),
                    change.path("before_sensitive"),
                    change.path("after_sensitive"));
            Set<String> replacing = new LinkedHashSet<>();
            change.path("replace_paths").forEach(path -> replacing.add(path(path)));
            collect("", root, replacing, all);
        }
        return new PlannedAttributes(
                List.copyOf(all.subList(0, Math.min(MOST, all.size()))), Math.max(0, all.size() - MOST));
    }

    private static void collect(String name, At at, Set<String> replacing, List<String> all) {
        if (at.isSame()) {
            return;
        }
        if (!at.isSecret() && !at.isUnknown() && at.isObject()) {
            Set<String> fields = new LinkedHashSet<>();
            at.before().fieldNames().forEachRemaining(fields::add);
            at.after().fieldNames().forEachRemaining(fields::add);
            at.unknown().fieldNames().forEachRemaining(fields::add);
            fields.forEach(
                    field -> collect(name.isEmpty() ? field : name + "." + field, at.field(field), replacing, all));
        } else if (!at.isSecret() && !at.isUnknown() && at.isList()) {
            for (int i = 0; i < at.after().size(); i++) {
                collect(name + "[" + i + "]", at.item(i), replacing, all);
            }
        } else if (!name.isEmpty()) {
            all.add(clause(name, at) + (replacing.contains(name) ? " (forces replacement)" : ""));
        }
    }

    private static String clause(String name, At at) {
        String shown = Shortened.line(name, LONGEST_NAME) + ": ";
        if (at.isSecret() || hasSecret(at.secretBefore()) || hasSecret(at.secretAfter())) {
            return shown + SENSITIVE;
        }
        String after = at.isUnknown() || hasUnknown(at.unknown()) ? UNKNOWN : value(at.after());
        return shown + (isNothing(at.before()) ? after : value(at.before()) + " -> " + after);
    }

    private static String value(JsonNode value) {
        return isNothing(value) ? "(none)" : Shortened.line(value.toString(), LONGEST_VALUE);
    }

    private static boolean isNothing(JsonNode value) {
        return value instanceof MissingNode || value.isNull();
    }

    /** Anything in it: a list whose items cannot be compared one by one is told as a whole, or not at all. */
    private static boolean hasSecret(JsonNode marks) {
        return marks.asBoolean(false) || anyOf(marks, PlannedAttributes::hasSecret);
    }

    private static boolean hasUnknown(JsonNode marks) {
        return marks.asBoolean(false) || anyOf(marks, PlannedAttributes::hasUnknown);
    }

    private static boolean anyOf(JsonNode marks, java.util.function.Predicate<JsonNode> test) {
        for (JsonNode child : marks) {
            if (test.test(child)) {
                return true;
            }
        }
        return false;
    }

    private static String path(JsonNode steps) {
        StringBuilder path = new StringBuilder();
        for (JsonNode step : steps) {
            if (step.isNumber()) {
                path.append('[').append(step.asInt()).append(']');
            } else {
                path.append(path.length() == 0 ? "" : ".").append(step.asText());
            }
        }
        return path.toString();
    }
}
