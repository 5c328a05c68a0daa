package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Random;

/** Writes random YAML that keeps to block maps and lists with scalars on one line, and breaks texts at random places. */
final class PlainYaml {

    private static final List<String> SCALARS = List.of(
            "v1.2.3",
            "-1",
            "a b",
            "'q'",
            "\"d\"",
            "http://a:80/#x",
            "a'b",
            "{}",
            "[]",
            "x # c",
            "naïve",
            "''",
            "-- x",
            "x,y");
    private static final List<String> PIECES = List.of(
            " ", "  ", "\n", ":", ": ", "- ", "-", "#", " #", "'", "\"", "a", "\n\n", "---\n", "...\n", "{}", "[", "|",
            "&a ", "*a", "!", "?", "%", "\t", "\r", "\\", "''", ",", "é", "🚀", "\u2028", "\u0085", "\uFEFF", "\u00a0",
            "@", "<<: ");

    private final Random random;
    private final StringBuilder out = new StringBuilder();

    private PlainYaml(Random random) {
        this.random = random;
    }

    static String text(Random random) {
        PlainYaml yaml = new PlainYaml(random);
        int documents = 1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
        for (int i = 0; i < documents; i++) {
            yaml.out.append(i > 0 || random.nextInt(4) == 0 ? "---\n" : "");
            yaml.noise();
            int indent = random.nextInt(6) == 0 ? random.nextInt(3) : 0;
            yaml.out.append(" ".repeat(indent));
            yaml.collection(indent, random.nextInt(5) == 0, 3);
        }
        return random.nextInt(5) == 0 ? yaml.out.toString().stripTrailing() : yaml.out.toString();
    }

    /** The text with a few pieces put in, taken out or moved: seldom YAML, and never far from it. */
    static String broken(String text, Random random) {
        StringBuilder broken = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(broken.length() + 1);
            if (random.nextInt(3) > 0) {
                broken.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            } else {
                broken.delete(at, Math.min(broken.length(), at + 1 + random.nextInt(4)));
            }
        }
        return broken.toString();
    }

    /** The first line stands behind what is written already. */
    private void collection(int indent, boolean list, int depth) {
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                noise();
                out.append(" ".repeat(indent));
            }
            if (list) {
                item(indent, depth);
            } else {
                out.append(List.of("a%d", "key%d", "'k%d'", "\"a b%d\"", "a.b/c%d", "x y%d")
                                .get(random.nextInt(6))
                                .formatted(i))
                        .append(random.nextInt(9) == 0 ? " :" : ":");
                value(indent, depth);
            }
        }
    }

    private void item(int indent, int depth) {
        int gap = 1 + (random.nextInt(5) == 0 ? random.nextInt(3) : 0);
        out.append('-').append(" ".repeat(gap));
        if (depth > 0 && random.nextInt(3) > 0) {
            collection(indent + 1 + gap, random.nextInt(4) == 0, depth - 1);
        } else {
            scalar();
        }
    }

    private void value(int indent, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            out.append(" ".repeat(1 + random.nextInt(2)));
            scalar();
            return;
        }
        out.append(random.nextInt(6) == 0 ? " # why\n" : "\n");
        noise();
        boolean list = random.nextBoolean();
        int inner = indent + (list && random.nextBoolean() ? 0 : 1 + random.nextInt(3));
        if (random.nextInt(8) > 0) {
            out.append(" ".repeat(inner));
            collection(inner, list, depth - 1);
        }
    }

    private void scalar() {
        out.append(SCALARS.get(random.nextInt(SCALARS.size())));
        out.append(random.nextInt(6) == 0 ? "  # note" : "").append(random.nextInt(9) == 0 ? " \n" : "\n");
    }

    private void noise() {
        if (random.nextInt(6) == 0) {
            out.append(random.nextBoolean() ? "\n" : " ".repeat(random.nextInt(5)) + "# 'noise: [\n");
        }
    }
}
