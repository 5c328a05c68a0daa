package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The way from the root of a document to a value.
 *
 * <p>Written as {@code api.image}, {@code images[0].newTag}, {@code containers[name=web].image}; a key with a dot or a
 * bracket stands in double quotes: {@code "app.kubernetes.io/name".tag}.
 *
 * @param steps empty for the root itself
 */
public record YamlPath(@NonNull List<Step> steps) {

    /** One level down. */
    public sealed interface Step {}

    /** The value of a key. */
    public record Key(@NonNull String name) implements Step {
        @Override
        public String toString() {
            return name.isEmpty() || name.matches(".*[.\\[\\]\"\\s].*") ? '"' + name.replace("\"", "\"\"") + '"' : name;
        }
    }

    /** An item of a list, from 0. */
    public record Index(int index) implements Step {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** The one item of a list whose key has the value. */
    public record Item(@NonNull String key, @NonNull String value) implements Step {
        @Override
        public String toString() {
            return "[" + key + "=" + value + "]";
        }
    }

    public YamlPath {
        steps = List.copyOf(steps);
    }

    /** The path of these keys. */
    @NonNull
    public static YamlPath of(@NonNull String... keys) {
        return new YamlPath(
                List.of(keys).stream().map(key -> (Step) new Key(key)).toList());
    }

    /** @throws IllegalArgumentException if the text is not a path; the message says why */
    @NonNull
    public static YamlPath parse(@NonNull String text) {
        return new PathReader(text).read();
    }

    @NonNull
    public YamlPath then(@NonNull Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new YamlPath(longer);
    }

    @NonNull
    public YamlPath then(@NonNull String key) {
        return then(new Key(key));
    }

    /** As it is written. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step instanceof Key ? "." + step : step.toString())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
