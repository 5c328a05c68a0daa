package io.jenkins.plugins.gitops.playground.replay;

import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value that a commit changed in a YAML file.
 *
 * @param document from 0
 * @param parents the maps and lists around it, the innermost last
 * @param lines first and last, from 1, of the old value
 */
record ChangedValue(
        int document, YamlPath path, List<YamlNode> parents, ScalarNode before, ScalarNode after, int first, int last) {

    private static final List<String> NAMES = List.of("name", "chart", "kind", "repoURL", "url");

    private static final Pattern VERSION_KEY =
            Pattern.compile("(?i).*(tag|version|digest|sha|sha256|revision|release|commit|ref|chart)s?");

    private static final Pattern NO_VERSION_KEY = Pattern.compile("apiVersion|kind|schedule|.*[Cc]hecksum.*");

    private static final Pattern VERSION = Pattern.compile("\\w[\\w.+-]*(@sha256:[a-f0-9]{64})?");

    private static final Pattern SURE =
            Pattern.compile("v\\d+(\\.\\d+)*([-+.]\\S*)?|\\d+\\.\\d+\\.\\d+([-+]\\S*)?|(sha256:)?[a-f0-9]{40,64}");

    private static final Pattern TOKEN = Pattern.compile("(?<![\\w.])v?\\d+(\\.\\d+)+([-+.][\\w.+-]*)?|[a-f0-9]{40}");

    private static final Pattern IMAGE = Pattern.compile(
            "([\\w.-]+(:\\d+)?/)*[\\w.-]+(:[\\w][\\w.+-]*)?(@sha256:[a-f0-9]{64})?", Pattern.CASE_INSENSITIVE);

    /**
     * Of YAML in a string of several lines, the values in it that changed; none of any other text.
     *
     * @param file what the string holds, and {@code path} leads there
     */
    record Inside(YamlFile file, ChangedValue value) {}

    List<Inside> inside() {
        try {
            YamlFile old = YamlFile.parse("text", before.value().getBytes(StandardCharsets.UTF_8));
            YamlFile now = YamlFile.parse("text", after.value().getBytes(StandardCharsets.UTF_8));
            return between(old, now).stream()
                    .filter(ChangedValue::isVersion)
                    .map(inner -> new Inside(old, inner.below(this)))
                    .toList();
        } catch (EditRefusedException template) {
            return List.of();
        }
    }

    private ChangedValue below(ChangedValue text) {
        List<YamlPath.Step> steps = new ArrayList<>(text.path.steps());
        steps.addAll(path.steps());
        return new ChangedValue(text.document, new YamlPath(steps), parents, before, after, text.first, text.last);
    }

    /** All of two versions of a file, as far as both have the same keys and lists. */
    static List<ChangedValue> between(YamlFile before, YamlFile after) {
        List<ChangedValue> found = new ArrayList<>();
        List<String> lines =
                new String(before.toBytes(), StandardCharsets.UTF_8).lines().toList();
        int documents = Math.min(before.documents().size(), after.documents().size());
        for (int i = 0; i < documents; i++) {
            new Walk(before, lines, i, found)
                    .walk(before.documents().get(i), after.documents().get(i), new YamlPath(List.of()), List.of());
        }
        return found;
    }

    private record Walk(YamlFile file, List<String> text, int document, List<ChangedValue> found) {

        void walk(YamlNode before, YamlNode after, YamlPath path, List<YamlNode> parents) {
            List<YamlNode> deeper = new ArrayList<>(parents);
            deeper.add(before);
            if (before instanceof ScalarNode old && after instanceof ScalarNode now) {
                if (!old.value().equals(now.value())) {
                    int first = file.line(old);
                    int lines = (int) old.value().chars().filter(c -> c == '\n').count();
                    boolean block = lines > 0 || text.get(first - 1).matches(".*[|>][-+0-9]*( #.*)?");
                    found.add(new ChangedValue(
                            document, path, parents, old, now, first, first + lines + (block ? 1 : 0)));
                }
            } else if (before instanceof MappingNode old && after instanceof MappingNode now && isSame(old, now)) {
                for (MappingNode.Entry entry : old.entries()) {
                    String name = entry.name().orElse("");
                    if (old.named(name).size() == 1 && now.named(name).size() == 1) {
                        walk(entry.value(), now.named(name).get(0).value(), path.then(name), deeper);
                    }
                }
            } else if (before instanceof SequenceNode old
                    && after instanceof SequenceNode now
                    && old.items().size() == now.items().size()) {
                for (int i = 0; i < old.items().size(); i++) {
                    walk(old.items().get(i), now.items().get(i), path.then(new YamlPath.Index(i)), deeper);
                }
            }
        }
    }

    /** Whether it is not another item that took the place of the first. */
    private static boolean isSame(MappingNode one, MappingNode other) {
        return NAMES.stream().allMatch(name -> text(one, name).equals(text(other, name)));
    }

    private static String text(MappingNode map, String name) {
        List<MappingNode.Entry> named = map.named(name);
        return named.size() == 1 && named.get(0).value() instanceof ScalarNode scalar ? scalar.value() : "";
    }

    /** Of the value; empty for an item of a list. */
    String key() {
        return path.last().orElse("");
    }

    YamlNode parent() {
        return parents.isEmpty() ? before : parents.get(parents.size() - 1);
    }

    /** Whether anybody would call it another version of the same thing. */
    boolean isVersion() {
        String old = before.value().strip();
        String now = after.value().strip();
        if (old.isEmpty()
                || now.isEmpty()
                || old.equals(now)
                || NO_VERSION_KEY.matcher(key()).matches()) {
            return false;
        }
        if (old.indexOf('\n') >= 0 || now.indexOf('\n') >= 0) {
            return isSameButForVersions(old, now);
        }
        Optional<String> repository = repository(old);
        if (repository.isPresent()) {
            return repository.equals(repository(now));
        }
        boolean named = VERSION_KEY.matcher(key()).matches()
                && VERSION.matcher(old).matches()
                && VERSION.matcher(now).matches()
                && now.chars().anyMatch(Character::isDigit);
        boolean sure = SURE.matcher(old).matches() && SURE.matcher(now).matches();
        return named || sure || old.matches("[\\w+.-]+:.*|.*[?&]ref=.*|.*/.*") && isSameButForVersions(old, now);
    }

    /** Of a whole image with a version. */
    static Optional<String> repository(String text) {
        boolean image = !text.startsWith("sha256:")
                && IMAGE.matcher(text).matches()
                && (text.indexOf('@') > 0 || text.lastIndexOf(':') > text.lastIndexOf('/'));
        return image ? Optional.of(text.replaceFirst("@.*$", "").replaceFirst(":[^:/]*$", "")) : Optional.empty();
    }

    /** Whether two texts differ in nothing but versions. */
    static boolean isSameButForVersions(String old, String now) {
        return TOKEN.matcher(old).find()
                && TOKEN.matcher(old).replaceAll("#").equals(TOKEN.matcher(now).replaceAll("#"));
    }
}
