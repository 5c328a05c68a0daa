package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/**
 * Why a text is not YAML, at the place that has to be corrected and in words that say what to do there: a parser reports
 * where it gave up, which is often lines behind the cause.
 */
record SyntaxProblem(SourceText source) {

    /** The beginning of the parser's problem, whether its context is the place to correct, and what to say. */
    private record Known(Pattern problem, boolean atContext, String sentence) {

        static Known here(String problem, String sentence) {
            return new Known(Pattern.compile(problem), false, sentence);
        }

        static Known atContext(String problem, String sentence) {
            return new Known(Pattern.compile(problem), true, sentence);
        }
    }

    private static final Pattern CONFLICT = Pattern.compile("^<{7} ", Pattern.MULTILINE);

    private static final Pattern LOOKS_BLANK =
            Pattern.compile("[\\u0085\\u00a0\\u1680\\u2000-\\u200f\\u2028\\u2029\\u202f\\u205f\\u2060\\u3000\\ufeff]");

    private static final List<Known> KNOWN = List.of(
            Known.atContext(
                    "found unexpected end of stream|found unexpected document separator",
                    "the quote that opens here is never closed"),
            Known.here(
                    "mapping values are not allowed here",
                    "a ': ' is inside a value, or the line is indented too far; quote the value or correct the"
                            + " indentation"),
            Known.atContext("could not find expected ':'", "this line is neither 'key: value' nor an item of a list"),
            Known.here(
                    "expected <block end>, but found",
                    "this line does not match the indentation of the lines before it"),
            Known.atContext(
                    "expected ',' or '[\\]}]', but",
                    "the bracket that opens here is not closed, or a comma is missing behind it"),
            Known.here(
                    "expected the node content, but found '?<stream end>", "the file ends inside a bracket; close it"),
            Known.here(
                    "found undefined tag handle", "the tag here is not known; quote the value if it is meant as text"),
            Known.here(
                    "expected the node content, but found",
                    "a value is missing here, or a bracket is closed that was not opened"),
            Known.here("expected '>'", "the tag that begins with '!<' is not closed"),
            Known.here(
                    "unexpected character found",
                    "the name of an anchor or alias is expected here; quote the value if it is meant as text"),
            Known.here("expected chomping or indentation", "the text begins on the line behind '|' or '>'"),
            Known.here("expected escape sequence", "this escape is not complete; write \\\\ for a backslash"),
            Known.here("expected '<document start>'", "behind '...' or a directive a document begins with '---'"),
            Known.here("expected (a digit|'!')", "this line begins with '%' and is not a known directive"),
            Known.here("found character '?[%@`]", "a value cannot begin with this character; quote the value"),
            Known.here(
                    "found unknown escape character",
                    "this escape is not known in double quotes; write \\\\ for a backslash"));

    EditRefusedException of(YamlEngineException fault) {
        if (fault instanceof MarkedYamlEngineException marked) {
            return at(marked);
        }
        if (fault instanceof ReaderException reader) {
            String character = String.format("the character U+%04X is not allowed; remove it", reader.getCodePoint());
            return refuse(source.offset(reader.getPosition()), character);
        }
        if (fault instanceof YamlVersionException) {
            return refuse(
                    Math.max(0, source.text().indexOf("%YAML")),
                    "the directive %YAML names a version that is not known; remove it");
        }
        return refuse(0, Shortened.name(String.valueOf(fault.getMessage())));
    }

    private EditRefusedException at(MarkedYamlEngineException fault) {
        String problem = fault.getProblem() == null ? "it cannot be parsed" : fault.getProblem();
        int at = offset(fault.getProblemMark().or(fault::getContextMark));
        Optional<EditRefusedException> elsewhere =
                conflict().or(() -> template(at)).or(() -> tab(at)).or(() -> blank(at));
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        if (problem.startsWith("expected <block end>, but found") && isBehindText(at)) {
            return refuse(at, "something is here behind a value that has ended; quote the whole value");
        }
        if (problem.startsWith("mapping values are not allowed")) {
            Optional<Integer> before = textBefore(at);
            if (before.isPresent()) {
                return blank(before.get())
                        .orElseGet(
                                () -> refuse(before.get(), "this line is neither 'key: value' nor an item of a list"));
            }
        }
        for (Known known : KNOWN) {
            if (known.problem().matcher(problem).lookingAt()) {
                int place = known.atContext() ? offset(fault.getContextMark().or(fault::getProblemMark)) : at;
                return blank(place).orElseGet(() -> refuse(place, known.sentence()));
            }
        }
        // What was found is part of the file, which may be a secret.
        return refuse(
                at,
                Shortened.name(problem.replaceFirst("(?s),? but found.*|[\\r\\n].*", "")
                        .strip()));
    }

    private EditRefusedException refuse(int at, String problem) {
        return source.refuse(at, "this is not YAML: " + problem);
    }

    private int offset(Optional<Mark> mark) {
        return mark.map(Mark::getIndex).map(source::offset).orElse(0);
    }

    private Optional<EditRefusedException> conflict() {
        Matcher marker = CONFLICT.matcher(source.text());
        return marker.find()
                ? Optional.of(source.refuse(
                        marker.start(), "a merge conflict begins here; resolve it and remove the markers"))
                : Optional.empty();
    }

    /** A template's braces are the cause where they are on the line itself, or make up a line before it. */
    private Optional<EditRefusedException> template(int at) {
        String text = source.text();
        int start = source.lineStart(at);
        int braces = text.substring(start, source.lineEnd(at)).indexOf("{{");
        if (braces >= 0) {
            return Optional.of(templateAt(start + braces));
        }
        int line = 0;
        while (line < start) {
            int end = source.lineEnd(line);
            String content = text.substring(line, end);
            if (content.stripLeading().startsWith("{{")) {
                return Optional.of(templateAt(line + content.indexOf("{{")));
            }
            line = source.nextLine(end);
        }
        return Optional.empty();
    }

    /** A character that looks like a space, or like nothing, and is neither to a parser. */
    private Optional<EditRefusedException> blank(int at) {
        int start = source.lineStart(at);
        Matcher found = LOOKS_BLANK.matcher(source.text()).region(start, source.lineEnd(at));
        return found.find() && found.start() > 0
                ? Optional.of(source.refuse(
                        found.start(),
                        String.format(
                                "the character U+%04X is no space, though it looks like one or cannot be seen;"
                                        + " replace it",
                                (int) found.group().charAt(0))))
                : Optional.empty();
    }

    private boolean isBehindText(int at) {
        return !source.text().substring(source.lineStart(at), at).isBlank() && !isIndentation(at);
    }

    /** The line above, if it is a plain value by itself where a key belongs: the parser takes both lines for one value. */
    private Optional<Integer> textBefore(int at) {
        int line = source.lineStart(at);
        int above = line == 0 ? 0 : source.lineStart(source.endOfPreviousLine(line));
        String before = source.text().substring(above, line).stripTrailing();
        String text = before.strip();
        int indent = before.length() - before.stripLeading().length();
        boolean sameIndent = source.text().startsWith(before.substring(0, indent), line)
                && line + indent < source.text().length()
                && !Character.isWhitespace(source.text().charAt(line + indent));
        boolean plain = !text.isEmpty()
                && !text.endsWith(":")
                && !text.contains(": ")
                && "-#?{['\"|>&*!%".indexOf(text.charAt(0)) < 0;
        return line > 0 && sameIndent && plain ? Optional.of(above + indent) : Optional.empty();
    }

    private EditRefusedException templateAt(int at) {
        return source.refuse(
                at, "the file is a Go template, not YAML, from here on; name the values that it is rendered with");
    }

    private Optional<EditRefusedException> tab(int at) {
        boolean tab = at < source.text().length() && source.text().charAt(at) == '\t';
        return tab && isIndentation(at)
                ? Optional.of(source.refuse(at, "a tab is used as indentation, which YAML does not allow; use spaces"))
                : Optional.empty();
    }

    /** Whether only blanks, and the dashes of list items, are before it on its line. */
    private boolean isIndentation(int at) {
        for (int i = source.lineStart(at); i < at; i++) {
            if (" \t-?".indexOf(source.text().charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The text as the parser takes it: YAML allows a tab between a colon and its value, snakeyaml-engine does not. Every
     * tab behind other text on its line becomes a space; nothing moves.
     */
    static Optional<String> withoutSeparatingTabs(String text) {
        StringBuilder spaced = new StringBuilder(text);
        boolean indentation = true;
        boolean changed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SourceText.isBreak(c)) {
                indentation = true;
            } else if (c != '\t') {
                indentation &= " -?".indexOf(c) >= 0;
            } else if (!indentation) {
                spaced.setCharAt(i, ' ');
                changed = true;
            }
        }
        return changed ? Optional.of(spaced.toString()) : Optional.empty();
    }
}
