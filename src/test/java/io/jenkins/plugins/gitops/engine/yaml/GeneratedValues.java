package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Random;

/** New values: what people release, what YAML would take for something else, and what nobody should write but might. */
final class GeneratedValues {

    private static final List<String> TAGS =
            List.of("v1.2.3", "1.2.3", "main-3f2c1a9", "ghcr.io/acme/api:v2", "2024.01.01-rc.1");
    private static final List<String> TYPED = List.of(
            "1.20",
            "0123",
            "1e3",
            "1E+3",
            "true",
            "No",
            "y",
            "null",
            "~",
            "2024-01-01",
            "12:30:45",
            "0x1F",
            "0o17",
            "1_000",
            ".5",
            ".inf",
            "-.INF",
            ".NaN",
            "+1",
            "-0",
            "190:20:30.15",
            "=",
            "<<",
            "1.",
            "0b11",
            "123456e7",
            "12345678901234567890",
            "2001-12-14t21:59:43.10-05:00",
            "Off",
            "YES");
    private static final List<String> AWKWARD = List.of(
            "",
            " ",
            "a b",
            " lead",
            "trail ",
            "a: b",
            "a #b",
            "#x",
            "- x",
            "-",
            "?",
            "? x",
            ":",
            "x:",
            "'",
            "\"",
            "it's \"so\"",
            "\\n",
            "two\nlines",
            "two\nlines\n",
            "tab\there",
            "\r",
            "🚀 astral",
            "é",
            "[x]",
            "{x}",
            "a,b",
            "a]b",
            "&a",
            "*a",
            "!t",
            "%d",
            "@x",
            "`x`",
            "|",
            ">",
            "...",
            "---",
            "--- x",
            "\u0007bell",
            "nel\u0085x",
            "ls\u2028x",
            "\uFEFFbom",
            "x\ny: z",
            "\u00a0",
            "line\n\n\nline",
            "\n");

    private GeneratedValues() {}

    static String any(Random random) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> pick(TAGS, random);
            case 2 -> pick(TYPED, random);
            default -> pick(AWKWARD, random) + (random.nextInt(4) == 0 ? pick(AWKWARD, random) : "");
        };
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
