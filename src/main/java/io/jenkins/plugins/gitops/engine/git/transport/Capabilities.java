package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service says it can do: a name and, after {@code =}, a value. */
record Capabilities(@NonNull Map<String, String> values) {

    static final Capabilities NONE = new Capabilities(Map.of());

    Capabilities {
        values = Map.copyOf(values);
    }

    @NonNull
    static Capabilities parse(@NonNull List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                values.putIfAbsent(word, "");
            } else {
                values.putIfAbsent(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return new Capabilities(values);
    }

    boolean has(@NonNull String name) {
        return values.containsKey(name);
    }

    /** Whether the value, a list of words, holds the word: {@code fetch=shallow filter}. */
    boolean has(@NonNull String name, @NonNull String word) {
        return Arrays.asList(value(name).orElse("").split(" ")).contains(word);
    }

    @NonNull
    Optional<String> value(@NonNull String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Only SHA-1 repositories are written. */
    void requireSha1() throws WireException {
        String format = value("object-format").orElse("sha1");
        if (!format.equals("sha1")) {
            throw new WireException(
                    WireException.Kind.FINAL,
                    "the repository's object format is " + ServerMessages.oneLine(format) + " and only sha1 is known");
        }
    }
}
