package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of {@code KEY=value}: properties and {@code .env} files. A value changes where it stands; quotes, blanks, comments
 * and every other line stay.
 */
final class PropertiesText {

    private static final int MAX_BYTES = 1024 * 1024;

    private static final int LONGEST = 1_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final Pattern KEY =
            Pattern.compile("[ \\t]*+(?:export[ \\t]++)?(?<key>[^\\s=:#!][^\\s=:]*+)[ \\t]*+[=:][ \\t]*+");

    private static final Pattern VALUE =
            Pattern.compile("(?:\"(?<double>[^\"\\\\]*)\"|'(?<single>[^']*)'|(?<bare>.*?))[ \\t]*(?:[ \\t]#.*)?");

    private static final Pattern TEMPLATE = Pattern.compile("\\$\\{|\\{\\{|\\$\\(|<%");

    private static final Pattern BARE = Pattern.compile("[\\w.+/:@^~-]*");

    /** One line's value, by its place in the text. */
    private record Value(int start, int end, String text, boolean quoted, boolean goesOn) {}

    private final ManifestFile.Fields declared;
    private final Map<String, String> repositories;
    private final String text;
    private final Map<String, List<Value>> values;

    PropertiesText(ManifestFile.Fields declared, byte[] content, Map<String, String> repositories) {
        this.declared = declared;
        this.repositories = repositories;
        this.text = content.length > MAX_BYTES ? "" : new String(content, StandardCharsets.UTF_8);
        if (content.length > MAX_BYTES || !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), content)) {
            throw refuse("a file of KEY=value lines has at most " + MAX_BYTES + " bytes of UTF-8");
        }
        this.values = values();
    }

    Optional<? extends Version> read(String name) {
        Version all = null;
        for (Field field : declared.fieldsOf(name)) {
            Value value = value(key(field));
            Optional<? extends Version> here = at(value, () -> fieldText(field).read(value.text()));
            if (here.isPresent()) {
                all = FieldText.joined(all, here.get(), key(field), name, sentence -> refuse(value.start(), sentence));
            }
        }
        return Optional.ofNullable(all);
    }

    byte[] write(Map<String, Version> release) {
        record Change(Value at, String text) {}
        List<Change> changes = new ArrayList<>();
        for (Field field : declared.fields()) {
            Version version = release.get(field.name());
            if (version != null) {
                Value value = value(key(field));
                String now = at(
                        value,
                        () -> fieldText(field).write(value.text(), version, FieldText.isPartOfMore(declared, field)));
                if (!now.equals(value.text())) {
                    requireFits(value, now, key(field));
                    changes.add(new Change(value, now));
                }
            }
        }
        changes.sort(
                (one, other) -> Integer.compare(one.at().start(), other.at().start()));
        StringBuilder edited = new StringBuilder(text.length() + 64);
        int copied = 0;
        for (Change change : changes) {
            edited.append(text, copied, change.at().start()).append(change.text());
            copied = change.at().end();
        }
        return edited.append(text, copied, text.length()).toString().getBytes(StandardCharsets.UTF_8);
    }

    private FieldText fieldText(Field field) {
        return FieldText.of(declared, field, repositories, null);
    }

    /** The one line of the key. */
    private Value value(String key) {
        List<Value> found = values.getOrDefault(key, List.of());
        if (found.isEmpty()) {
            throw refuse("there is no key '" + Shortened.name(key) + "'; correct it or add the line");
        }
        if (found.size() > 1) {
            throw refuse(
                    found.get(1).start(),
                    "the key '" + Shortened.name(key) + "' is here a second time, first on line "
                            + line(found.get(0).start()) + "; remove one");
        }
        Value value = found.get(0);
        boolean template = TEMPLATE.matcher(value.text()).find();
        if (value.goesOn() || template) {
            throw refuse(
                    value.start(),
                    "the value of '" + Shortened.name(key) + "' is " + (template ? "a template" : "on several lines")
                            + "; name a key that has the value");
        }
        return value;
    }

    /** Of the declared keys, in one pass. */
    private Map<String, List<Value>> values() {
        Set<String> keys = declared.fields().stream().map(PropertiesText::key).collect(Collectors.toSet());
        Map<String, List<Value>> found = new HashMap<>();
        boolean continued = false;
        Matcher key = KEY.matcher(text);
        Matcher rest = VALUE.matcher(text);
        for (int start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0; start < text.length(); start = nextLine(start)) {
            int end = lineEnd(start);
            boolean goesOn = isContinued(start, end);
            if (!continued && key.region(start, end).lookingAt() && keys.contains(key.group("key"))) {
                if (end - key.end() > LONGEST || !rest.region(key.end(), end).matches()) {
                    throw refuse(
                            start,
                            "the value of '" + Shortened.name(key.group("key"))
                                    + "' is not one that can be edited; write it on one line of less than " + LONGEST
                                    + " characters");
                }
                String group =
                        rest.group("double") != null ? "double" : rest.group("single") != null ? "single" : "bare";
                found.computeIfAbsent(key.group("key"), first -> new ArrayList<>())
                        .add(new Value(
                                rest.start(group), rest.end(group), rest.group(group), !group.equals("bare"), goesOn));
            }
            continued = goesOn;
        }
        return found;
    }

    private boolean isContinued(int start, int end) {
        int slashes = 0;
        while (end - slashes > start && text.charAt(end - slashes - 1) == '\\') {
            slashes++;
        }
        return slashes % 2 != 0;
    }

    private void requireFits(Value value, String now, String key) {
        boolean fits = value.quoted()
                ? !now.matches(".*[\"'\\\\$`].*")
                : BARE.matcher(now).matches();
        if (!fits) {
            throw refuse(
                    value.start(),
                    "the value of '" + Shortened.name(key) + "' cannot hold the new one "
                            + (value.quoted() ? "in quotes" : "without quotes; add quotes in the file"));
        }
    }

    private static String key(Field field) {
        YamlPath path = YamlPath.parse(field.at());
        return path.steps().size() == 1 ? path.last().orElse(field.at()) : field.at();
    }

    private int lineEnd(int start) {
        int end = text.indexOf('\n', start);
        end = end < 0 ? text.length() : end;
        return end > start && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    private int nextLine(int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end + 1;
    }

    private long line(int offset) {
        return text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
    }

    private <T> T at(Value value, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidImageException e) {
            throw refuse(value.start(), e.sentenceAtPlace());
        }
    }

    private EditRefusedException refuse(int offset, String sentence) {
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        return new EditRefusedException(declared.path(), (int) line(offset), offset - start + 1, sentence);
    }

    private EditRefusedException refuse(String sentence) {
        return new EditRefusedException(declared.path(), sentence);
    }
}
