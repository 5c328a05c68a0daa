package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The laws of an edit over every kind of place that {@code places/kinds.txt} lists: bytes outside, twice, back and forth; and
 * readers of YAML 1.1 and 1.2 see the new value there and everything else as before. The files are the same in every run;
 * {@code -Dgitops.soak.tries=1000000} takes more of them.
 */
class PlacePropertiesTest {

    private static final int CASES = Integer.getInteger("gitops.soak.tries", 30_000);

    /** Readers load every so many files as a whole; of each other one the value alone, which few differ in. */
    private static final int EVERY = 32;

    private static final Map<String, List<Object>> LOADED = new ConcurrentHashMap<>();

    @Test
    void theLawsHoldInEveryKindOfPlace() {
        LongStream.range(0, CASES).parallel().forEach(seed -> {
            DrawnPlace drawn = DrawnPlace.of(seed);
            try {
                judge(drawn, seed / DrawnPlace.kindsOfPlaces() % EVERY == 0);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ": " + drawn.wanted() + " into\n"
                                + new String(drawn.before(), StandardCharsets.UTF_8) + "\n" + e.getMessage(),
                        e);
            }
        });
    }

    private static void judge(DrawnPlace drawn, boolean load) {
        ManifestFiles files = new ManifestFiles();
        Map<String, String> repositories = DrawnPlace.REPOSITORIES;
        byte[] before = drawn.before();
        Map<String, Version> old = DrawnPlace.release(drawn.old());
        Map<String, Version> release = DrawnPlace.release(drawn.wanted());

        byte[] after = files.write(drawn.file(), before, repositories, release);

        require(files.images(drawn.file(), after, repositories).equals(release), "another release is read");
        require(Arrays.equals(files.write(drawn.file(), after, repositories, release), after), "twice is not once");
        boolean quoted = requireOutside(drawn, text(after));
        byte[] back = files.write(drawn.file(), after, repositories, old);
        require(
                quoted ? files.images(drawn.file(), back, repositories).equals(old) : Arrays.equals(back, before),
                "the way back leads elsewhere: " + text(back));
        if (load && !drawn.file().isProperties()) {
            requireReaders(drawn, text(before), text(after));
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new AssertionError(sentence);
        }
    }

    /** @return whether a value has quotes now, or will have them on the way back */
    private static boolean requireOutside(DrawnPlace drawn, String after) {
        boolean changed = false;
        int at = 0;
        for (int i = 0; i < drawn.holes().size(); i++) {
            DrawnPlace.Hole hole = drawn.holes().get(i);
            require(after.startsWith(drawn.parts().get(i), at), "other bytes before value " + i + ":\n" + after);
            at += drawn.parts().get(i).length();
            String value = drawn.wanted().get(hole.what());
            String written = written(hole, value, after, at);
            require(written != null, "value " + i + " is not written as " + value + ":\n" + after);
            changed |= !written.equals(hole.quote() + value + hole.quote())
                    || isNoString(hole, drawn.old().get(hole.what()));
            at += written.length();
        }
        require(
                after.substring(at).equals(drawn.parts().get(drawn.holes().size())),
                "other bytes at the end:\n" + after);
        return changed;
    }

    private static boolean isNoString(DrawnPlace.Hole hole, String value) {
        return hole.alone()
                && hole.quote().isEmpty()
                && !hole.what().equals("number")
                && !loaded(value).stream().allMatch(value::equals);
    }

    /** Quotes stay, and come where a reader would take the text for something else. */
    private static String written(DrawnPlace.Hole hole, String value, String after, int at) {
        for (String quote : hole.alone() && hole.quote().isEmpty() ? List.of("\"", "'", "") : List.of(hole.quote())) {
            String written = quote + value + quote;
            boolean typed = hole.what().equals("number") && quote.isEmpty();
            if (after.startsWith(written, at)) {
                require(
                        !hole.alone() || typed || loaded(written).stream().allMatch(value::equals),
                        "no string: " + written);
                return written;
            }
        }
        return null;
    }

    private static void requireReaders(DrawnPlace drawn, String before, String after) {
        List<Object> old = loaded(before);
        List<Object> now = loaded(after);
        for (int reader = 0; reader < 2; reader++) {
            int different = different(old.get(reader), now.get(reader));
            require(different <= drawn.holes().size(), different + " values differ for a reader");
        }
    }

    private static int different(Object one, Object other) {
        if (one instanceof Map<?, ?> map
                && other instanceof Map<?, ?> that
                && map.keySet().equals(that.keySet())) {
            return map.keySet().stream()
                    .mapToInt(key -> different(map.get(key), that.get(key)))
                    .sum();
        }
        if (one instanceof List<?> list && other instanceof List<?> that && list.size() == that.size()) {
            return IntStream.range(0, list.size())
                    .map(i -> different(list.get(i), that.get(i)))
                    .sum();
        }
        if (Objects.equals(one, other)) {
            return 0;
        }
        boolean values = !(one instanceof Map || one instanceof List || other instanceof Map || other instanceof List);
        return values ? 1 : 1_000;
    }

    /** By readers of YAML 1.1 and 1.2. */
    private static List<Object> loaded(String text) {
        return text.length() > 80 ? load(text) : LOADED.computeIfAbsent(text, PlacePropertiesTest::load);
    }

    private static List<Object> load(String text) {
        String yaml = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return List.of(
                one(new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)),
                one(new Load(LoadSettings.builder().build()).loadAllFromString(yaml)));
    }

    /** A document, or a list of several. */
    private static Object one(Iterable<Object> documents) {
        List<Object> all = StreamSupport.stream(documents.spliterator(), false).toList();
        return all.size() == 1 ? all.get(0) : all;
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Test
    void everyKindOfPlaceIsDrawn() {
        assertThat(DrawnPlace.kindsOfPlaces()).isGreaterThan(35);
    }
}
