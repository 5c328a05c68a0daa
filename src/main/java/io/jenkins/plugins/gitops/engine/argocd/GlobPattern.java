package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns as AppProjects have them: {@code *}, {@code ?}, {@code [a-z]} and {@code {one,other}}; no separators. */
final class GlobPattern {

    private GlobPattern() {}

    /** A pattern that cannot be read matches nothing. */
    static boolean matches(@NonNull String pattern, @NonNull String text) {
        try {
            return Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text).matches();
        } catch (PatternSyntaxException unreadable) {
            return false;
        }
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        int alternatives = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char next = pattern.charAt(i);
            switch (next) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[', ']' -> regex.append(next);
                case '{' -> {
                    alternatives++;
                    regex.append("(?:");
                }
                case '}' -> {
                    alternatives--;
                    regex.append(')');
                }
                case ',' -> regex.append(alternatives > 0 ? "|" : ",");
                case '!' -> regex.append(i > 0 && pattern.charAt(i - 1) == '[' ? "^" : "!");
                case '-' -> regex.append('-');
                default -> regex.append(Pattern.quote(String.valueOf(next)));
            }
        }
        return regex.toString();
    }
}
