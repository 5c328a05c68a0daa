package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that one values file takes from another. */
class CarriedValuesTest {

    private static final CarriedValues FEATURES =
            carrying(List.of("features", "resources.limits", "ingress"), List.of("ingress.host", "ingress.tls.secret"));

    private static CarriedValues carrying(List<String> values, List<String> keeps) {
        return new CarriedValues(new Carries(
                Carries.Scope.FOLDER,
                values.stream().map(YamlPath::parse).toList(),
                keeps.stream().map(YamlPath::parse).toList(),
                List.of(),
                Set.of()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String write(CarriedValues carried, String target, String source) {
        return new String(carried.write("prod.yaml", bytes(target), "dev.yaml", bytes(source)), StandardCharsets.UTF_8);
    }

    @Test
    void aSubtreeIsCarriedAsItIsWrittenAndTheRestStays() {
        String source = """
            # dev
            replicas: 1
            features:
              search: true   # since June
              # who may see it
              banner:
                text: |
                  Hello,
                    you
                levels: [1, 2.50, "3"]
              flags:
              - name: beta
                on: yes
              - name: 'x: y'
            resources: { limits: { cpu: 500m, memory: 1Gi }, requests: { cpu: 10m } }
            """;
        String target = """
            # prod, edited by hand
            replicas:   7 # many

            features:
                search: false  # not yet
                old: gone
            resources:
              requests:
                cpu: "2"
              # the most
              limits:
                cpu: "1"
            tail: 'x'
            """;

        assertThat(write(FEATURES, target, source)).isEqualTo("""
            # prod, edited by hand
            replicas:   7 # many

            features:
                search: true  # not yet
                # who may see it
                banner:
                  text: |
                    Hello,
                      you
                  levels: [1, 2.50, "3"]
                flags:
                - name: beta
                  on: yes
                - name: 'x: y'
            resources:
              requests:
                cpu: "2"
              # the most
              limits:
                cpu: 500m
                memory: 1Gi
            tail: 'x'
            """);
    }

    @Test
    void theCommentAboveANewKeyComesWithItAndThatOfTheFileDoesNot() {
        String source = """
            # of dev
            features:
              # another's

              # first line
              #  second line
              search:
                # below it
                level: 2
              # how many
              most: 7
            ingress: {}
            """;

        assertThat(write(FEATURES, "ingress: {}\nfeatures:\n    # mine\n    most: 1\n", source))
                .isEqualTo("""
                    ingress: {}
                    features:
                        # mine
                        most: 7
                        # first line
                        #  second line
                        search:
                          # below it
                          level: 2
                    """);
        assertThat(write(FEATURES, "a: 1\r\ningress: {}\r\n", "# of dev\nfeatures: 1\ningress: {}\n"))
                .isEqualTo("a: 1\r\ningress: {}\r\nfeatures: 1\r\n");
        assertThat(write(FEATURES, "a: 1\r\n", "b: 1\n# why\nfeatures: 1\n"))
                .isEqualTo("a: 1\r\n# why\r\nfeatures: 1\r\n");
    }

    @Test
    void whatIsKeptStaysWhereItsParentIsCarried() {
        String source = "ingress:\n  host: dev.example\n  path: /v2\n  tls:\n    secret: dev\n    force: true\n";
        String target = "ingress:\n  host: prod.example\n  path: /\n  class: old\n";

        assertThat(write(FEATURES, target, source))
                .isEqualTo("ingress:\n  host: prod.example\n  path: /v2\n  tls:\n    force: true\n");
        assertThat(write(FEATURES, target, "a: 1\n")).isEqualTo("ingress:\n  host: prod.example\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        'a: 1\\n'                                  | 'features: {x: 1}\\n'                | 'a: 1\\nfeatures: {x: 1}\\n'
        'a: 1\\nfeatures: {x: 1}\\nb: 2\\n'         | 'a: 2\\n'                            | 'a: 1\\nb: 2\\n'
        'features: {x: 1}\\n'                      | 'a: 2\\n'                            | '{}\\n'
        'features: on\\n'                          | 'features:\\n  x: 1\\n'              | 'features:\\n  x: 1\\n'
        'features:\\n  x: 1\\nb: 2\\n'              | 'features: off # for now\\n'         | 'features: off\\nb: 2\\n'
        'features:\\nb: 2\\n'                      | 'features: [a]\\n'                   | 'features: [a]\\nb: 2\\n'
        'resources:\\nb: 2\\n'                     | 'resources: {limits: {cpu: 1}}\\n'   | 'resources:\\n  limits:\\n    cpu: 1\\nb: 2\\n'
        'b: 2\\n'                                  | 'resources: {limits: {cpu: 1}, q: 1}\\n' | 'b: 2\\nresources:\\n  limits:\\n    cpu: 1\\n'
        '{"features": {"x": 1}, "b": 2}\\n'        | 'features:\\n  x: "1"\\n  y:\\n  - 2\\n' | '{"features": {"x": "1", "y": [2]}, "b": 2}\\n'
        ''                                        | 'features:\\n  x: 1\\n'              | 'features:\\n  x: 1\\n'
        'features: {a: 1, b: 2}\\n'                | 'features: {c: 3, d: 4}\\n'          | 'features: {c: 3, d: 4}\\n'
        'features:\\n  x: "1"\\n'                  | 'features:\\n  x: 1\\n'              | 'features:\\n  x: 1\\n'
        """)
    void whatIsMissingComesAndWhatIsTooMuchGoes(String target, String source, String expected) {
        assertThat(write(FEATURES, target == null ? "" : target.translateEscapes(), source.translateEscapes()))
                .isEqualTo(expected.translateEscapes());
    }

    @Test
    void theSameValuesInAnotherOrderAndStyleAreTheSame() {
        byte[] one = bytes("features:\n  a: 'x'\n  b: [1]\n");
        byte[] other = bytes("# x\nfeatures: {b: [1], a: x}\nreplicas: 3\n");

        assertThat(FEATURES.says("a", one)).isEqualTo(FEATURES.says("b", other));
        assertThat(FEATURES.write("a", one, "b", other)).isSameAs(one);
        assertThat(FEATURES.says("c", bytes("features:\n  a: 'x'\n  b: ['1']\n")))
                .isNotEqualTo(FEATURES.says("a", one));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features: &f {x: 1}\nother: *f\n",
                "base: &f {x: 1}\nfeatures: *f\n",
                "base: &f {x: 1}\nfeatures:\n  <<: *f\n",
                "features: !secret x\n",
                "features: !!map {x: 1}\n",
                "features: {? [a, b] : 1}\n",
                "features: {x: 1}\nfeatures: {x: 2}\n",
                "features: {x: 1}\n---\na: 1\n",
                "base: &f {x: 1}\n<<: *f\n"
            })
    void whatMeansSomethingElseInAnotherFileIsRefused(String file) {
        String plain = "features: {x: 2}\n";

        assertThatThrownBy(() -> write(FEATURES, file, plain))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageStartingWith("prod.yaml:");
        assertThatThrownBy(() -> write(FEATURES, plain, file))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageStartingWith("dev.yaml:");
    }

    @Test
    void whatIsSealedForOneFileIsRefused() {
        assertThatThrownBy(() -> write(FEATURES, "features: {x: 1}\n", "features: {x: 'ENC[AES256_GCM,data:abc]'}\n"))
                .hasMessage(
                        "dev.yaml:1:1: a carried value is encrypted with SOPS, for its place in this file alone: name"
                                + " it under 'keeps', or keep it in a file of its own that is carried.");
        assertThatThrownBy(() -> write(
                        FEATURES, "features: {x: 1}\nsops: {mac: 'ENC[x]', lastmodified: x}\n", "features: {x: 2}\n"))
                .hasMessageContaining("its checksum covers values that are not encrypted");
        assertThatThrownBy(() -> write(FEATURES, "features: {x: 1}\n", "$ANSIBLE_VAULT;1.1;AES256\n"))
                .hasMessageContaining("Ansible Vault");
    }

    @Test
    void aPartOfAMapNeedsAMapOnBothSides() {
        assertThatThrownBy(() -> write(FEATURES, "ingress: {host: x}\n", "ingress: off\n"))
                .hasMessage(
                        "prod.yaml:1:1: 'ingress' is a map of which a part stays, and one value in dev.yaml; make it a"
                                + " map there.");
        assertThatThrownBy(() -> write(FEATURES, "resources: none\n", "resources: {limits: {cpu: 1}}\n"))
                .hasMessageContaining("make it a map here");
    }

    /** The laws, over generated files: the carried keys say the same, all others are as they were, and twice is once. */
    @Test
    void whatIsOutsideStaysAndTwiceIsOnce() {
        CarriedValues carried = carrying(List.of("a", "b.c", "d"), List.of("a.e", "d.a.b"));
        CarriedValues others = carrying(List.of("b", "c", "e", "a.e", "d.a.b"), List.of("b.c"));
        int changed = 0;
        for (int seed = 0; seed < 250; seed++) {
            Random random = new Random(seed);
            byte[] target = bytes(GeneratedValues.file(random));
            byte[] source = bytes(GeneratedValues.file(random));
            byte[] after;
            try {
                after = carried.write("t.yaml", target, "s.yaml", source);
            } catch (EditRefusedException needsMap) {
                assertThat(needsMap).hasMessageMatching("(?s).*(make it a map here|make it a map there)\\.");
                continue;
            }
            String shown = "seed " + seed + "\n" + new String(target, StandardCharsets.UTF_8) + "\n===\n"
                    + new String(source, StandardCharsets.UTF_8) + "\n===\n"
                    + new String(after, StandardCharsets.UTF_8);
            assertThat(carried.says("t.yaml", after)).as(shown).isEqualTo(carried.says("s.yaml", source));
            assertThat(others.says("t.yaml", after)).as(shown).isEqualTo(others.says("t.yaml", target));
            assertThat(carried.write("t.yaml", after, "s.yaml", source)).isSameAs(after);
            assertThat(returned(carried, after, target)).as(shown).isEqualTo(carried.says("t.yaml", target));
            for (String line : new String(target, StandardCharsets.UTF_8).split("\n")) {
                if (line.contains("# outside")) {
                    assertThat(new String(after, StandardCharsets.UTF_8))
                            .as(shown)
                            .contains(line);
                }
            }
            changed += after == target ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(100);
    }

    private static String returned(CarriedValues carried, byte[] after, byte[] target) {
        try {
            return carried.says("t.yaml", carried.write("t.yaml", after, "t.yaml", target));
        } catch (EditRefusedException needsMap) {
            assertThat(needsMap).hasMessageMatching("(?s).*(make it a map here|make it a map there)\\.");
            return carried.says("t.yaml", target);
        }
    }

    /** Values files of a few keys, in every style. */
    private static final class GeneratedValues {

        private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");
        private static final List<String> SCALARS = List.of(
                "1",
                "1.20",
                "true",
                "yes",
                "null",
                "text",
                "'1'",
                "\"a: b\"",
                "~",
                "0x1f",
                "'it''s'",
                "plain words",
                "\"\\n\"");

        static String file(Random random) {
            StringBuilder text = new StringBuilder("# outside: a file\n");
            map(random, text, 0, 0);
            return text.toString();
        }

        private static void map(Random random, StringBuilder text, int indent, int depth) {
            boolean isEmpty = true;
            for (String key : KEYS) {
                if (random.nextInt(3) > 0 || isEmpty && key.equals("e")) {
                    isEmpty = false;
                    if (random.nextInt(8) == 0) {
                        text.append(" ".repeat(indent))
                                .append(depth == 0 ? "# outside " : "# inside ")
                                .append(random.nextInt(1000))
                                .append('\n');
                    }
                    text.append(" ".repeat(indent)).append(key).append(':');
                    value(random, text, indent, depth);
                }
            }
        }

        private static void value(Random random, StringBuilder text, int indent, int depth) {
            switch (random.nextInt(depth > 2 ? 5 : 9)) {
                case 0 -> text.append(" {a: ").append(scalar(random)).append(", b: [x, 1]}\n");
                case 1 ->
                    text.append(random.nextBoolean() ? " |" : " >-")
                            .append('\n')
                            .append(" ".repeat(indent + 3))
                            .append("line ")
                            .append(random.nextInt(9))
                            .append("\n\n")
                            .append(" ".repeat(indent + 3))
                            .append("  more\n");
                case 2 -> {
                    text.append('\n');
                    int at = indent + 2 * random.nextInt(2);
                    for (int i = random.nextInt(2); i >= 0; i--) {
                        text.append(" ".repeat(at))
                                .append("- n: ")
                                .append(scalar(random))
                                .append('\n')
                                .append(" ".repeat(at))
                                .append("  m: ")
                                .append(scalar(random))
                                .append('\n');
                    }
                }
                case 3 -> text.append(' ').append(scalar(random)).append(" # why\n");
                case 4 -> text.append(' ').append(scalar(random)).append('\n');
                default -> {
                    text.append('\n');
                    map(random, text, indent + 2 + 2 * random.nextInt(2), depth + 1);
                }
            }
        }

        private static String scalar(Random random) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
    }
}
