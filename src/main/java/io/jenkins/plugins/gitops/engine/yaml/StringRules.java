package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Which plain (unquoted) text is a string to every reader.
 *
 * <p>Readers differ: YAML 1.1 (PyYAML, SnakeYAML, go-yaml in part) knows {@code yes}, {@code 0123}, {@code 1_000}, {@code
 * 12:30:45} and dates where YAML 1.2 sees strings, and 1.2 knows {@code 0o17}. A text is plain here only if no reader
 * makes anything else of it.
 *
 * @see <a href="https://yaml.org/type/">the YAML 1.1 types</a>
 * @see <a href="https://yaml.org/spec/1.2.2/#103-core-schema">the YAML 1.2 core schema</a>
 */
final class StringRules {

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> WORDS =
            Set.of("~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<");

    private static final List<Pattern> NOT_STRINGS = List.of(
            Pattern.compile("[-+]?0[xXbBoO][0-9a-fA-F_.pP+-]*"),
            Pattern.compile("[-+]?\\.?[0-9_][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9_]*)?"),
            Pattern.compile("[-+]?[0-9_]+(:[0-9_]+)+(\\.[0-9_]*)?"),
            Pattern.compile("[-+]?\\.(inf|nan)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t].*)?"));

    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

    private StringRules() {}

    static boolean isNull(String plain) {
        return NULLS.contains(plain);
    }

    /** Whether every YAML 1.1 and 1.2 reader takes the scalar for a string. */
    static boolean isString(ScalarEvent scalar) {
        return !scalar.isPlain()
                || scalar.getTag().filter(Tag.STR.getValue()::equals).isPresent()
                || isPlainString(scalar.getValue());
    }

    /** Whether plain text that a reader accepts as a scalar is a string to all of them. */
    static boolean isPlainString(String plain) {
        if (plain.isEmpty() || WORDS.contains(plain.toLowerCase(Locale.ROOT))) {
            return false;
        }
        char first = plain.charAt(0);
        boolean looksLikeNumber = (first >= '0' && first <= '9') || "+-._".indexOf(first) >= 0;
        return !looksLikeNumber
                || NOT_STRINGS.stream()
                        .noneMatch(pattern -> pattern.matcher(plain).matches());
    }

    /** Whether the value can be written without quotes and stays what it is, wherever it stands. */
    static boolean isSafePlain(String value, boolean inFlow) {
        return isPlainString(value) && isSafeSyntax(value, inFlow);
    }

    private static boolean isSafeSyntax(String value, boolean inFlow) {
        char first = value.charAt(0);
        char last = value.charAt(value.length() - 1);
        if (INDICATORS.indexOf(first) >= 0 || first == ' ' || last == ' ' || last == ':' || value.startsWith("...")) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain =
                    (c >= ' ' && c <= '~') || (c >= '\u00a0' && c <= '\ud7ff' && c != '\u2028' && c != '\u2029');
            if (!plain) {
                return false;
            }
            // Older readers stop at a colon inside a flow collection even when no space follows it.
            if (c == ':' && (inFlow || value.charAt(i + 1) == ' ')) {
                return false;
            }
            if (c == '#' && value.charAt(i - 1) == ' ') {
                return false;
            }
            if (inFlow && ",[]{}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether single quotes can hold it: one line of printable characters. */
    static boolean fitsSingleQuotes(String value) {
        return value.codePoints().allMatch(StringRules::isVisible);
    }

    static String singleQuoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String doubleQuoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isVisible(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        // The one escape that JSON has as well; surrogate pairs never get here.
                        quoted.append(String.format("\\u%04x", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Printable in YAML and neither a line break nor invisible to the person who reads the file. */
    static boolean isVisible(int c) {
        return (c >= 0x20 && c <= 0x7e)
                || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
                || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
                || (c >= 0x10000 && c <= 0x10ffff);
    }
}
