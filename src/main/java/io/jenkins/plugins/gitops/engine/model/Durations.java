package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.time.Duration;

/** Durations as people write them, in declarations and in steps. */
public final class Durations {

    private Durations() {}

    /**
     * {@code 90s}, {@code 30m}, {@code 2h}, {@code 3d}.
     *
     * @throws GitOpsException if it is none, with an example
     */
    @NonNull
    public static Duration parse(@NonNull String text) {
        try {
            return GateSyntax.duration(text);
        } catch (GateSyntax.Problem problem) {
            throw new InvalidDurationException(problem.getMessage() + ".");
        }
    }

    /** The user writes it differently. */
    public static final class InvalidDurationException extends GitOpsException {

        private static final long serialVersionUID = 1L;

        InvalidDurationException(String sentence) {
            super(sentence);
        }
    }
}
