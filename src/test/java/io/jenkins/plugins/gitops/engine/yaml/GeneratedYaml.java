package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes random YAML the way people do: block and flow, every scalar style, comments in odd places, anchors, aliases, merge
 * keys, tags, several documents, all line ends, byte order marks, and now and then plain JSON. Always valid.
 */
final class GeneratedYaml {

    private static final List<String> KEYS = List.of(
            "name",
            "image",
            "tag",
            "newTag",
            "digest",
            "a.b/c",
            "\"quoted key\"",
            "'single'",
            "🚀",
            "naïve",
            "replicas",
            "x-y",
            "env",
            "spec");
    private static final List<String> PLAIN = List.of(
            "v1.2.3",
            "1.20",
            "hello world",
            "http://acme.example:8080/x?y=z#f",
            "ghcr.io/acme/api:1.0",
            "🚀ship it",
            "naïve",
            "null",
            "true",
            "~",
            "12:30:45",
            "-x",
            "a#b",
            "0123",
            "1e3",
            "2024-01-01",
            "a'b\"c",
            "x\ty",
            "*",
            "q");
    private static final List<String> COMMENTS = List.of(
            "# plain",
            "#",
            "# {\"$imagepolicy\": \"shop:api:tag\"}",
            "#\ttab\t",
            "# 🚀 astral 𝒳",
            "# key: value",
            "# - item");

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private final int lineEnds;
    private List<String> anchors = new ArrayList<>();
    private int names;

    private GeneratedYaml(Random random) {
        this.random = random;
        this.lineEnds = random.nextInt(4);
    }

    static String text(Random random) {
        GeneratedYaml yaml = new GeneratedYaml(random);
        if (random.nextInt(12) == 0) {
            yaml.json(0, random.nextBoolean());
        } else {
            yaml.file();
        }
        String text = yaml.out.toString();
        return random.nextInt(5) == 0 ? text.stripTrailing() : text;
    }

    private void file() {
        if (random.nextInt(10) == 0) {
            out.append('\uFEFF');
        }
        int documents = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
        for (int i = 0; i < documents; i++) {
            if (i == 0 && random.nextInt(10) == 0) {
                out.append("%YAML 1.2");
                endLine();
                out.append("---");
                endLineWithComment();
            } else if (i > 0 || random.nextInt(3) == 0) {
                out.append("---");
                endLineWithComment();
            }
            anchors = new ArrayList<>();
            if (random.nextInt(8) == 0) {
                sequence(0, 3);
            } else {
                mapping(0, 0, 3);
            }
            if (random.nextInt(6) == 0) {
                out.append("...");
                endLineWithComment();
            }
        }
    }

    /** @param firstIndent blanks still to write before the first key: 0 where a dash stands before it */
    private void mapping(int indent, int firstIndent, int depth) {
        List<String> keys = new ArrayList<>(KEYS);
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                interlude(indent);
            }
            out.append(" ".repeat(i == 0 ? firstIndent : indent));
            if (!anchors.isEmpty() && random.nextInt(15) == 0 && i == 1) {
                out.append("other").append(names++).append(": *").append(anchor());
                endLineWithComment();
                continue;
            }
            out.append(keys.remove(random.nextInt(keys.size())));
            out.append(random.nextInt(12) == 0 ? " :" : ":");
            value(indent, depth);
        }
    }

    private String anchor() {
        return anchors.get(random.nextInt(anchors.size()));
    }

    private void value(int indent, int depth) {
        int step = 1 + random.nextInt(4);
        switch (random.nextInt(depth > 0 ? 10 : 5)) {
            case 0 -> endLineWithComment();
            case 1 -> blockScalar(indent, step);
            case 2 -> {
                out.append(' ').append(flow(2));
                endLineWithComment();
            }
            case 5, 6 -> {
                String anchor = properties("!!map");
                endLineWithComment();
                mapping(indent + step, indent + step, depth - 1);
                remember(anchor);
            }
            case 7, 8 -> {
                String anchor = properties("!!seq");
                endLineWithComment();
                sequence(indent + (random.nextBoolean() ? 0 : step), depth - 1);
                remember(anchor);
            }
            default -> {
                String anchor = properties("!!str");
                out.append(" ".repeat(1 + random.nextInt(2))).append(scalar(indent));
                remember(anchor);
                endLineWithComment();
            }
        }
    }

    private String properties(String tag) {
        String anchor = null;
        if (random.nextInt(8) == 0) {
            anchor = "a" + names++;
            out.append(" &").append(anchor);
        }
        if (random.nextInt(12) == 0) {
            out.append(' ').append(random.nextInt(3) == 0 ? "!local" : tag);
        }
        return anchor;
    }

    private void remember(String anchor) {
        if (anchor != null) {
            anchors.add(anchor);
        }
    }

    private void sequence(int indent, int depth) {
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                interlude(indent);
            }
            out.append(" ".repeat(indent));
            item(indent, depth);
        }
    }

    private void item(int indent, int depth) {
        int gap = 1 + (random.nextInt(5) == 0 ? random.nextInt(3) : 0);
        out.append('-');
        switch (random.nextInt(depth > 0 ? 8 : 4)) {
            case 0 -> {
                out.append(" ".repeat(gap)).append(flow(2));
                endLineWithComment();
            }
            case 1 -> {
                if (anchors.isEmpty()) {
                    endLineWithComment();
                } else {
                    out.append(" *").append(anchor());
                    endLineWithComment();
                }
            }
            case 4, 5, 6 -> {
                out.append(" ".repeat(gap));
                mapping(indent + 1 + gap, 0, depth - 1);
            }
            case 7 -> {
                out.append(" ".repeat(gap));
                item(indent + 1 + gap, depth - 1);
            }
            default -> {
                out.append(" ".repeat(gap)).append(scalar(indent));
                endLineWithComment();
            }
        }
    }

    private void blockScalar(int indent, int step) {
        boolean folded = random.nextBoolean();
        out.append(' ').append(folded ? '>' : '|').append(List.of("", "-", "+").get(random.nextInt(3)));
        if (random.nextInt(4) == 0) {
            out.append(" # about the text");
        }
        endLine();
        int lines = 1 + random.nextInt(3);
        for (int i = 0; i < lines; i++) {
            out.append(" ".repeat(indent + step)).append("line ").append(names++);
            endLine();
        }
        if (random.nextInt(4) == 0) {
            endLine();
        }
    }

    private String scalar(int indent) {
        return switch (random.nextInt(8)) {
            case 0 -> "'it''s " + names++ + "'";
            case 1 -> "\"say \\\"" + names++ + "\\\" 🚀 \\u00e9\"";
            case 2 -> "'" + names++ + "'";
            case 3 -> "\"v" + names++ + "\"";
            case 4 -> "two" + (lineEnds == 1 ? "\r\n" : "\n") + " ".repeat(indent + 5) + "lines";
            default -> {
                String plain = PLAIN.get(random.nextInt(PLAIN.size()));
                yield plain.equals("*") ? "'*'" : plain;
            }
        };
    }

    private String flow(int depth) {
        String gap = random.nextBoolean() ? " " : "";
        StringBuilder flow = new StringBuilder();
        int size = random.nextInt(3);
        if (random.nextBoolean()) {
            for (int i = 0; i < size; i++) {
                flow.append(i == 0 ? gap : ", ")
                        .append("\"k")
                        .append(i)
                        .append("\": ")
                        .append(flowValue(depth));
            }
            return "{" + flow + gap + "}";
        }
        for (int i = 0; i < size; i++) {
            flow.append(i == 0 ? gap : "," + gap).append(flowValue(depth));
        }
        return "[" + flow + (size > 0 && random.nextInt(5) == 0 ? "," : "") + gap + "]";
    }

    private String flowValue(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> "'s" + names++ + "'";
            case 1 -> "\"d" + names++ + "\"";
            case 4, 5 -> flow(depth - 1);
            default -> "plain" + names++;
        };
    }

    private void json(int indent, boolean pretty) {
        out.append('{');
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            if (pretty) {
                out.append('\n').append(" ".repeat(indent + 2));
            }
            out.append('"').append("key").append(i).append('"').append(pretty ? ": " : ":");
            if (indent < 6 && random.nextInt(3) == 0) {
                json(indent + 2, pretty);
            } else {
                out.append(List.of("1", "\"v1\"", "true", "null", "[\"a\", 2]", "{}")
                        .get(random.nextInt(6)));
            }
            out.append(i < size - 1 ? "," : "");
        }
        out.append(pretty ? "\n" + " ".repeat(indent) : "").append('}');
        out.append(indent == 0 && pretty ? "\n" : "");
    }

    /** What people leave between two entries. */
    private void interlude(int indent) {
        if (random.nextInt(8) == 0) {
            endLine();
        }
        if (random.nextInt(8) == 0) {
            out.append(" ".repeat(indent)).append(COMMENTS.get(random.nextInt(COMMENTS.size())));
            endLine();
        }
    }

    private void endLineWithComment() {
        switch (random.nextInt(8)) {
            case 0 -> out.append(' ').append(COMMENTS.get(random.nextInt(COMMENTS.size())));
            case 1 -> out.append("  ");
            default -> {}
        }
        endLine();
    }

    private void endLine() {
        out.append(
                switch (lineEnds) {
                    case 0 -> random.nextBoolean() ? "\n" : "\r\n";
                    case 1 -> "\r\n";
                    default -> "\n";
                });
    }
}
