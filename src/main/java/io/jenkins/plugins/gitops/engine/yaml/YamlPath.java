package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The way from the root of a document to a value.
 *
 * <p>Written as {@code api.image}, {@code images[0].newTag}, {@code containers[name=web].image}, {@code resources[~github.com/acme/platform]}; a key with a dot or a
 * bracket stands in double quotes: {@code "app.kubernetes.io/name".tag}.
 *
 * @param steps empty for the root itself
 */
public record YamlPath(List<Step> steps) {

    private static final int LONGEST = 1_000;

    private static final Pattern STEP =
            Pattern.compile("(?:^|(?<=.)\\.)(?:\"(?<quoted>(?:[^\"]|\"\")*+)\"|(?<key>[^.\\[\\]\"]+))"
                    + "|\\[(?:(?<index>\\d{1,6})|~(?<text>[^\\]]+)|(?<name>[^=\\]]+)=(?<value>[^\\]]*))\\]");

    private static final Pattern QUOTED = Pattern.compile("[.\\[\\]\"\\s]");

    /** One level down. */
    public sealed interface Step {}

    /** The value of a key. */
    public record Key(String name) implements Step {
        @Override
        public String toString() {
            return name.isEmpty() || QUOTED.matcher(name).find() ? '"' + name.replace("\"", "\"\"") + '"' : name;
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
    public record Item(String key, String value) implements Step {
        @Override
        public String toString() {
            return "[" + key + "=" + value + "]";
        }
    }

    /** The one item of a list of strings that contains the text. */
    public record Containing(String text) implements Step {
        @Override
        public String toString() {
            return "[~" + text + "]";
        }
    }

    public YamlPath {
        steps = List.copyOf(steps);
    }

    /** The path of these keys. */
    public static YamlPath of(String... keys) {
        return new YamlPath(
                List.of(keys).stream().map(key -> (Step) new Key(key)).toList());
    }

    /** @throws IllegalArgumentException if the text is not a path; the message says where */
    public static YamlPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text).useAnchoringBounds(false).useTransparentBounds(true);
        int at = 0;
        while (at < text.length() && text.length() <= LONGEST) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw notAPath(text, "at character " + (at + 1));
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        if (steps.isEmpty()) {
            throw notAPath(text, text.isEmpty() ? "it is empty" : "it is longer than " + LONGEST + " characters");
        }
        return new YamlPath(steps);
    }

    private static Step step(Matcher matcher) {
        if (matcher.group("index") != null) {
            return new Index(Integer.parseInt(matcher.group("index")));
        }
        if (matcher.group("text") != null) {
            return new Containing(matcher.group("text"));
        }
        if (matcher.group("name") != null) {
            return new Item(matcher.group("name"), matcher.group("value"));
        }
        String quoted = matcher.group("quoted");
        return new Key(quoted == null ? matcher.group("key") : quoted.replace("\"\"", "\""));
    }

    private static IllegalArgumentException notAPath(String text, String why) {
        return new IllegalArgumentException("'" + Shortened.name(text) + "' is not a path: " + why
                + "; write for example api.image or containers[name=web].image");
    }

    /** The name of the last key; empty if the path ends at an item of a list. */
    public Optional<String> last() {
        return !steps.isEmpty() && steps.get(steps.size() - 1) instanceof Key key
                ? Optional.of(key.name())
                : Optional.empty();
    }

    /** One level up; the root's is the root. */
    public YamlPath parent() {
        return new YamlPath(steps.subList(0, Math.max(0, steps.size() - 1)));
    }

    public YamlPath then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new YamlPath(longer);
    }

    public YamlPath then(String key) {
        return then(new Key(key));
    }

    /** As it is written. */
    @Override
    public String toString() {
        String path = steps.stream()
                .map(step -> step instanceof Key ? "." + step : step.toString())
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
