package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A drawn file with a version at a place of some kind, among comments, blank lines, quotes, documents and line ends as
 * people write them; the seed finds it again.
 *
 * @param parts of the text, in order: the values stand between them
 * @param holes what each value is
 * @param old by what it is
 * @param wanted likewise, after the edit; the number as a number
 */
record DrawnPlace(
        ManifestFile file, List<String> parts, List<Hole> holes, Map<String, String> old, Map<String, String> wanted) {

    static final Map<String, String> REPOSITORIES = Map.of("api", "ghcr.io/acme/api");

    private static final Map<String, VersionSource> SOURCES = Map.of(
            "redis", new VersionSource(VersionSource.Kind.CHART, "oci://ghcr.io/acme/charts/redis"),
            "platform", new VersionSource(VersionSource.Kind.GIT, "https://github.com/acme/platform"));

    private static final Map<String, VersionSource> VALUES = Map.of(
            "users", new VersionSource(VersionSource.Kind.VALUE, "number"),
            "motto", new VersionSource(VersionSource.Kind.VALUE, "text"));

    private static final Map<String, List<String>> DRAWN = Map.of(
            "tag", List.of("1.0", "1.20", "0123", "v2", "1e3", "2024-01-01", "a1b2c3d", "7", "null", "1_0", "0x1f"),
            "digest",
                    Stream.of("1", "0", "f").map(c -> "sha256:" + c.repeat(64)).toList(),
            "hex", List.of("1".repeat(64), "0e".repeat(32), "1e" + "2".repeat(62), "fa".repeat(32)),
            "chart", List.of("1.0.0", "2.1.0+b7", "1.2", "v3.0.0", "10"),
            "ref", List.of("v1", "1.20", "1234567", "rel/9", "0e12345"),
            "number", List.of("3", "40", "0.5", "-2.5", "1000"),
            "text", List.of("on", "x y", "12", "yes", "0x1f", "a-b"));

    /** What of a release each is. */
    private static final Map<String, String> NAMES =
            Map.of("chart", "redis", "ref", "platform", "number", "users", "text", "motto");

    private static final Pattern HOLE = Pattern.compile("<(?<part>\\+?)(?<what>[a-z]{2,})>");

    private static final List<String[]> KINDS = kinds();

    /** @param alone whether the value is a scalar of its own, whose quotes may change if it has none */
    record Hole(String what, String quote, boolean alone) {}

    private static List<String[]> kinds() {
        try (InputStream in = DrawnPlace.class.getResourceAsStream("/places/kinds.txt")) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .split("\n==\n"))
                    .map(kind -> kind.split("\n", 2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int kindsOfPlaces() {
        return KINDS.size();
    }

    static DrawnPlace of(long seed) {
        String[] kind = KINDS.get((int) (seed % KINDS.size()));
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        boolean versions = kind[1].matches("(?s).*<[+]?(chart|ref)>.*") || random.nextInt(4) == 0;
        ManifestFile file = file(kind[0], versions ? SOURCES : Map.of());
        boolean block = file.path().endsWith(".yaml") && !kind[1].startsWith("{");
        boolean several = block && random.nextInt(4) == 0 && kind[0].matches("manifest|f[.].*");
        String text = block ? decorated(kind[1], several, random) : kind[1];
        text = text.replace("<q>", List.of("", "'", "\"").get(random.nextInt(3)));
        text += random.nextInt(4) == 0 ? "" : "\n";
        text = random.nextInt(6) == 0 ? text.replace("\n", "\r\n") : text;
        return cut(file, text, random);
    }

    private static DrawnPlace cut(ManifestFile file, String text, SplittableRandom random) {
        Map<String, String> old = new TreeMap<>();
        Map<String, String> wanted = new TreeMap<>();
        List<String> parts = new ArrayList<>();
        List<Hole> holes = new ArrayList<>();
        Matcher hole = HOLE.matcher(text);
        int end = 0;
        while (hole.find()) {
            String what = hole.group("what");
            boolean alone = hole.group("part").isEmpty();
            // Without quotes it would be no value.
            old.computeIfAbsent(what, first -> pick(DRAWN.get(first), random).replace("null", "1.4"));
            wanted.computeIfAbsent(what, first -> pick(DRAWN.get(first), random));
            String quote = alone ? List.of("'", "\"", "").get(random.nextInt(3)) : "";
            parts.add(text.substring(end, hole.start()));
            holes.add(new Hole(what, quote, alone));
            end = hole.end();
        }
        parts.add(text.substring(end));
        return new DrawnPlace(file, parts, holes, old, wanted);
    }

    private static String pick(List<String> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private static ManifestFile file(String declared, Map<String, VersionSource> sources) {
        String[] words = declared.split(" ");
        return switch (words[0]) {
            case "kustomization" -> new ManifestFile.Kustomization("kustomization.yaml", sources);
            case "manifest" -> new ManifestFile.KubernetesManifest("f.yaml", sources);
            case "values" -> new ManifestFile.HelmValues("values.yaml", Map.of("api", words[1]));
            default -> {
                List<Field> fields = Arrays.stream(
                                declared.substring(words[0].length() + 1).split("; "))
                        .map(field -> field.split(" "))
                        .map(field -> new Field(
                                field[2], null, Field.Part.valueOf(field[0].toUpperCase(Locale.ROOT)), field[1]))
                        .toList();
                yield new ManifestFile.Fields(words[0], fields, VALUES.containsKey(words[2]) ? VALUES : SOURCES);
            }
        };
    }

    private static String decorated(String template, boolean several, SplittableRandom random) {
        StringBuilder text = new StringBuilder(random.nextInt(10) == 0 ? "\uFEFF" : "");
        int deeper = random.nextInt(4) == 0 ? 2 : 1;
        text.append(several ? "kind: Other # " + random.nextInt() + "\nx: [1, 'a']\n---\n" : "");
        text.append(random.nextBoolean() ? "metadata: { name: x, labels: { a: \"b\" } }\n" : "");
        for (String line : template.split("\n")) {
            String bare = line.stripLeading();
            String indent = " ".repeat((line.length() - bare.length()) * deeper);
            switch (random.nextInt(8)) {
                case 0 ->
                    text.append(indent)
                            .append("# before: '")
                            .append(random.nextInt(99))
                            .append("\"\n");
                case 1 -> text.append('\n');
                default -> {}
            }
            text.append(indent).append(deeper == 2 ? bare.replaceFirst("^- ", "-   ") : bare);
            boolean tail = !bare.endsWith(":") && random.nextInt(5) == 0;
            text.append(tail ? " # {\"$imagepolicy\": \"a:b\"}" : "").append('\n');
        }
        text.append(random.nextInt(4) == 0 ? "# end\n" : "");
        return text.substring(0, text.length() - 1);
    }

    private String text(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < holes.size(); i++) {
            Hole hole = holes.get(i);
            text.append(parts.get(i))
                    .append(hole.quote())
                    .append(values.get(hole.what()))
                    .append(hole.quote());
        }
        return text.append(parts.get(holes.size())).toString();
    }

    byte[] before() {
        return text(old).getBytes(StandardCharsets.UTF_8);
    }

    /** What the values say together. */
    static Map<String, Version> release(Map<String, String> values) {
        Map<String, Version> release = new TreeMap<>();
        String tag = values.get("tag");
        String hex = values.get("hex");
        String digest = hex == null ? values.get("digest") : "sha256:" + hex;
        if (tag != null || digest != null) {
            release.put("api", new ImageReference("ghcr.io/acme/api", tag, digest));
        }
        NAMES.forEach((what, name) -> {
            if (values.containsKey(what)) {
                release.put(name, new NamedVersion(values.get(what)));
            }
        });
        return release;
    }
}
