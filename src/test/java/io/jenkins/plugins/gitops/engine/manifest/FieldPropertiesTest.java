package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The laws of an edit, over drawn files with fields of every part: lines outside, back and forth, twice. */
class FieldPropertiesTest {

    private static final int CASES = 1_000;
    private static final Map<String, String> REPOSITORIES = Map.of("api", "ghcr.io/acme/api");
    private static final Map<String, VersionSource> SOURCES = Map.of(
            "redis", new VersionSource(VersionSource.Kind.CHART, "oci://ghcr.io/acme/charts/redis"),
            "platform", new VersionSource(VersionSource.Kind.GIT, "https://github.com/acme/platform"),
            "users", new VersionSource(VersionSource.Kind.VALUE, "number"),
            "motto", new VersionSource(VersionSource.Kind.VALUE, "text"));
    private static final List<String> TAGS = List.of("1.0", "1.20", "0123", "v2", "1e3", "2024-01-01", "a1b2c3d", "7");

    private final ManifestFiles files = new ManifestFiles();

    /** One drawn file: its lines, and which of them have a field. */
    private static final class Drawn {
        private final SplittableRandom random;
        private final List<String> lines = new ArrayList<>();
        private final List<Integer> changing = new ArrayList<>();
        private final List<Field> fields = new ArrayList<>();

        Drawn(long seed) {
            random = new SplittableRandom(seed);
            boolean several = random.nextBoolean();
            part("A", several);
            if (several) {
                lines.add("---");
                part("B", true);
            }
        }

        private void part(String kind, boolean several) {
            lines.add("kind: " + kind + (random.nextBoolean() ? " # the kind" : ""));
            lines.add("metadata: { name: x" + kind + " }");
            Field.Document document =
                    several && random.nextBoolean() ? new Field.Document(kind, null, null, null) : null;
            if (kind.equals("A")) {
                add("tag", Field.Part.TAG, "api", pick(TAGS), document, several);
                add("chart", Field.Part.CHART, "redis", pick(List.of("1.0.0", "2.1.0+b7", "1.2")), document, several);
                add("same", Field.Part.VALUE, "users", pick(List.of("3", "40", "0.5")), document, several);
            } else {
                add("ref", Field.Part.REF, "platform", "https://github.com/acme/platform?ref=v1", document, true);
                add("motto", Field.Part.VALUE, "motto", pick(List.of("on", "a: b", "12", "x y")), document, true);
            }
            lines.add("other: [1, 'two', \"three\"]");
        }

        private void add(
                String key, Field.Part part, String name, String value, Field.Document document, boolean several) {
            lines.add(random.nextBoolean() ? "# before " + key : "");
            boolean flow = random.nextBoolean();
            String written = quoted(value, part == Field.Part.VALUE && name.equals("users"));
            changing.add(lines.size());
            lines.add(
                    flow
                            ? key + ": { v: " + written + ", w: 1 }" + (random.nextBoolean() ? " # tail" : "")
                            : key + "_v: " + written + (random.nextBoolean() ? "   # tail" : ""));
            fields.add(new Field(flow ? key + ".v" : key + "_v", several ? document : null, part, name));
        }

        private String quoted(String value, boolean number) {
            return switch (random.nextInt(number ? 3 : 2)) {
                case 0 -> "'" + value + "'";
                case 1 -> '"' + value + '"';
                default -> value;
            };
        }

        private String pick(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        private byte[] text() {
            String end = random.nextInt(4) == 0 ? "\r\n" : "\n";
            return (String.join(end, lines) + (random.nextBoolean() ? end : "")).getBytes(StandardCharsets.UTF_8);
        }

        private Map<String, Version> release() {
            Map<String, Version> release = new TreeMap<>(Map.of(
                    "api", new ImageReference("ghcr.io/acme/api", pick(TAGS), null),
                    "redis", new NamedVersion(pick(List.of("9.9.9", "2.1.0+c8", "10"))),
                    "users", new NamedVersion(pick(List.of("7", "1000", "-2.5"))),
                    "platform", new NamedVersion(pick(List.of("v2", "1a2b3c4", "rel/9"))),
                    "motto", new NamedVersion(pick(List.of("yes", "c: #d", "0x1f", "it's")))));
            release.keySet()
                    .removeIf(name ->
                            fields.stream().noneMatch(field -> field.name().equals(name)));
            return release;
        }
    }

    @Test
    void onlyTheLinesOfFieldsChangeBackAndForthAndOnce() {
        for (long seed = 0; seed < CASES; seed++) {
            Drawn drawn = new Drawn(seed);
            ManifestFile.Fields file = new ManifestFile.Fields("f.yaml", drawn.fields, SOURCES);
            byte[] before = drawn.text();
            Map<String, Version> old = files.images(file, before, REPOSITORIES);
            Map<String, Version> release = drawn.release();

            byte[] after = files.write(file, before, REPOSITORIES, release);

            String text = "seed " + seed + "\n" + new String(before, StandardCharsets.UTF_8);
            assertThat(files.images(file, after, REPOSITORIES)).as(text).isEqualTo(release);
            assertThat(files.write(file, after, REPOSITORIES, release)).as(text).isEqualTo(after);
            assertThat(files.write(file, after, REPOSITORIES, old)).as(text).isEqualTo(before);
            String[] was = new String(before, StandardCharsets.UTF_8).split("\n", -1);
            String[] is = new String(after, StandardCharsets.UTF_8).split("\n", -1);
            assertThat(is).as(text).hasSameSizeAs(was);
            for (int i = 0; i < was.length; i++) {
                if (!drawn.changing.contains(i)) {
                    assertThat(is[i]).as(text).isEqualTo(was[i]);
                }
            }
        }
    }
}
