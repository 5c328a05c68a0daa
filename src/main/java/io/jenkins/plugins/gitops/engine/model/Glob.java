package io.jenkins.plugins.gitops.engine.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pattern for whole names: {@code *} stands for any characters but the separator, {@code **} for any characters.
 *
 * <p>Matching takes time in proportion to pattern times text, whatever either holds: both may come from outside.
 */
public final class Glob {

    /** Braces multiply; a pattern that stands for more than this many matches nothing. */
    private static final int MOST_ALTERNATIVES = 100;

    private final String text;
    private final List<List<Token>> alternatives;

    private Glob(String text, List<List<Token>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /** For host names, for example {@code *.dkr.ecr.*.amazonaws.com}: {@code *} stands for one part between dots. */
    public static Glob ofHosts(String text) {
        return new Glob(text, List.of(stars(text, ".")));
    }

    /** For names with a path, for example {@code ghcr.io/acme/**}: {@code *} stands for one part between slashes. */
    public static Glob ofPaths(String text) {
        return new Glob(text, List.of(stars(text, "/")));
    }

    /**
     * For files of a repository: as {@link #ofPaths}, {@code **}{@code /} also stands for no folder at all, and a slash at the
     * end means everything below. A pattern with more than six {@code **}{@code /} matches nothing.
     */
    public static Glob ofFiles(String text) {
        String whole = text.endsWith("/") ? text + "**" : text;
        List<String> forms = List.of("");
        boolean first = true;
        for (String part : whole.split("(?:^|(?<=/))\\*\\*/", -1)) {
            forms = first
                    ? List.of(part)
                    : forms.stream()
                            .flatMap(form -> Stream.of(form + part, form + "**/" + part))
                            .toList();
            first = false;
            if (forms.size() > MOST_ALTERNATIVES) {
                return new Glob(text, List.of());
            }
        }
        return new Glob(text, forms.stream().map(form -> stars(form, "/")).toList());
    }

    /**
     * As AppProjects have them: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a]}, {@code {one,other}} and {@code \}; no
     * separators. A pattern that cannot be read matches nothing.
     *
     * @see <a href="https://github.com/gobwas/glob#syntax">the syntax that Argo CD uses</a>
     */
    public static Glob ofArgo(String text) {
        return new Glob(
                text,
                expanded(text).stream()
                        .flatMap(alternative -> argo(alternative).stream())
                        .toList());
    }

    public boolean matches(String name) {
        return alternatives.stream().anyMatch(tokens -> matches(tokens, name));
    }

    /** Every state that the characters so far can lead to, at once: no backtracking. */
    private static boolean matches(List<Token> tokens, String name) {
        int end = tokens.size();
        boolean[] reached = new boolean[end + 1];
        reached[0] = true;
        skipRuns(tokens, reached);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean[] next = new boolean[end + 1];
            for (int at = 0; at < end; at++) {
                if (reached[at] && tokens.get(at).takes(c)) {
                    next[tokens.get(at).repeats() ? at : at + 1] = true;
                }
            }
            skipRuns(tokens, next);
            reached = next;
        }
        return reached[end];
    }

    private static void skipRuns(List<Token> tokens, boolean[] reached) {
        for (int at = 0; at < tokens.size(); at++) {
            reached[at + 1] |= reached[at] && tokens.get(at).repeats();
        }
    }

    private static List<Token> stars(String text, String separator) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            boolean any = text.startsWith("**", i);
            tokens.add(
                    any || text.charAt(i) == '*'
                            ? new Token(true, true, any ? "" : separator)
                            : new Token(false, false, text.substring(i, i + 1)));
            i += any ? 1 : 0;
        }
        return tokens;
    }

    /** The pattern without braces; nothing if it stands for too many or its braces are not balanced. */
    private static List<String> expanded(String text) {
        List<String> expanded = new ArrayList<>();
        Deque<String> todo = new ArrayDeque<>(List.of(text));
        while (!todo.isEmpty()) {
            String next = todo.pop();
            int open = find(next, '{', 0);
            int close = find(next, '}', 0);
            if (open < 0 && close < 0) {
                expanded.add(next);
            } else if (open < 0 || close < open) {
                return List.of();
            } else {
                // The innermost pair: the last brace that opens before the first one that closes.
                for (int later = open; later >= 0 && later < close; later = find(next, '{', later + 1)) {
                    open = later;
                }
                for (int from = open + 1, to; from <= close; from = to + 1) {
                    int comma = find(next, ',', from);
                    to = comma < 0 || comma > close ? close : comma;
                    todo.push(next.substring(0, open) + next.substring(from, to) + next.substring(close + 1));
                }
            }
            if (expanded.size() + todo.size() > MOST_ALTERNATIVES) {
                return List.of();
            }
        }
        return expanded;
    }

    /**
     * What one character has to be, or every one of a run.
     *
     * @param bounds pairs of first and last, or one character; none for no character
     */
    private record Token(boolean repeats, boolean negated, String bounds) {

        boolean takes(char c) {
            boolean inside = bounds.length() == 1 && bounds.charAt(0) == c;
            for (int i = 0; i + 1 < bounds.length(); i += 2) {
                inside |= bounds.charAt(i) <= c && c <= bounds.charAt(i + 1);
            }
            return inside != negated;
        }
    }

    /** Where the character stands unescaped and outside of brackets, or -1. */
    private static int find(String text, char sought, int from) {
        boolean bracket = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == sought && !bracket) {
                return i;
            } else if (c == '[' || c == ']') {
                bracket = c == '[';
            }
        }
        return -1;
    }

    /** Empty if a bracket is not closed, or empty. */
    private static Optional<List<Token>> argo(String text) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?') {
                tokens.add(new Token(c == '*', true, ""));
            } else if (c == '[') {
                int close = text.indexOf(']', i + 1);
                String inside = close < 0 ? "" : text.substring(i + 1, close);
                boolean negated = inside.startsWith("!") || inside.startsWith("^");
                String bounds = bounds(negated ? inside.substring(1) : inside);
                if (bounds.isEmpty()) {
                    return Optional.empty();
                }
                tokens.add(new Token(false, negated, bounds));
                i = close;
            } else {
                i += c == '\\' && i + 1 < text.length() ? 1 : 0;
                tokens.add(new Token(false, false, text.substring(i, i + 1)));
            }
        }
        return Optional.of(tokens);
    }

    private static String bounds(String members) {
        StringBuilder bounds = new StringBuilder();
        for (int i = 0; i < members.length(); i++) {
            boolean spans = i + 2 < members.length() && members.charAt(i + 1) == '-';
            bounds.append(members.charAt(i)).append(members.charAt(spans ? i + 2 : i));
            i += spans ? 2 : 0;
        }
        return bounds.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && text.equals(glob.text) && alternatives.equals(glob.alternatives);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
