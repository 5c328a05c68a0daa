package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;
import java.util.List;

/**
 * One thing a gate asks for, and where it stands: what the page shows as a line and an override can waive.
 *
 * @param id {@link Gate#APPROVALS}, {@link Gate#CHECKLIST} or the id of a check
 * @param reason one clause for people
 * @param until when it changes by itself, or null when nobody can tell
 * @param details the list behind the reason; empty when there is none
 */
public record Requirement(
        @NonNull String id,
        @NonNull State state,
        @NonNull String reason,
        @Nullable Instant until,
        @NonNull List<String> details) {

    /** Without a list behind the reason. */
    Requirement(@NonNull String id, @NonNull State state, @NonNull String reason, @Nullable Instant until) {
        this(id, state, reason, until, List.of());
    }

    /** Where it stands. */
    public enum State {
        MET,
        PENDING,
        FAILED,
        /** Not met, but somebody with the permission waived it. */
        WAIVED
    }

    /** Whether it lets the promotion pass. */
    boolean holds() {
        return state == State.MET || state == State.WAIVED;
    }
}
