package io.jenkins.plugins.gitops.engine.yaml;

import java.util.Comparator;
import java.util.List;

/** The characters from start (inclusive) to end (exclusive) give way to the replacement. */
record Splice(int start, int end, String replacement) {

    /** Applies splices that do not overlap, in any order. */
    static String apply(String text, List<Splice> splices) {
        StringBuilder result = new StringBuilder(text.length() + 128);
        int copied = 0;
        List<Splice> inOrder =
                splices.stream().sorted(Comparator.comparingInt(Splice::start)).toList();
        for (Splice splice : inOrder) {
            result.append(text, copied, splice.start()).append(splice.replacement());
            copied = splice.end();
        }
        return result.append(text, copied, text.length()).toString();
    }
}
