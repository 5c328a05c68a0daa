package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** A name that nothing declares; the sentence suggests the nearest one. */
public final class UnknownNameException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /** A longer name is no typing error of another one. */
    private static final int LONGEST = 200;

    /**
     * @param kind what was looked for, for example {@code environment}
     * @param place where it was looked for, for example {@code application 'shop' in gitops.yaml}
     * @param known the names that exist
     */
    public UnknownNameException(String name, String kind, String place, Collection<String> known) {
        super("There is no " + kind + " '" + Shortened.name(name) + "' in " + place + ": " + remedy(name, known));
    }

    private static String remedy(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "none is declared.";
        }
        return nearest(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "declared are " + Shortened.list(known) + ".");
    }

    /** The name that is a small number of typing errors away, if there is one. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        int tolerated = Math.max(2, name.length() / 3);
        return known.stream()
                .filter(candidate -> candidate.length() <= LONGEST
                        && name.length() <= LONGEST
                        && Math.abs(candidate.length() - name.length()) <= tolerated)
                .filter(candidate -> distance(name, candidate) <= tolerated)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int substitution = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
