package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;
import java.util.List;

/**
 * What an automatic check says now.
 *
 * @param check its id, for example {@code soak}; an override names it
 * @param reason one clause for people, why it is so
 * @param until when the answer changes by itself, or null when nobody can tell
 * @param details the list behind the reason, such as every finding of a scan; empty when there is none
 */
public record CheckResult(
        String check, State state, String reason, @Nullable Instant until, List<String> details) {

    /** Gates that were stored before there were details have none. */
    public CheckResult {
        details = details == null ? List.of() : List.copyOf(details);
    }

    /** Whether the check lets the promotion pass. */
    public enum State {
        PASSED,
        /** Not yet: it is asked again. */
        PENDING,
        /** No, unless something changes; it is asked again all the same. */
        FAILED,
        /** The question has lost its sense, for example because the source was rolled back: the gate closes. */
        OBSOLETE
    }

    public static CheckResult passed(String check, String reason) {
        return new CheckResult(check, State.PASSED, reason, null, List.of());
    }

    public static CheckResult pending(String check, String reason, @Nullable Instant until) {
        return new CheckResult(check, State.PENDING, reason, until, List.of());
    }

    public static CheckResult failed(String check, String reason) {
        return failed(check, reason, List.of());
    }

    public static CheckResult failed(String check, String reason, List<String> details) {
        return new CheckResult(check, State.FAILED, reason, null, details);
    }

    public static CheckResult obsolete(String check, String reason) {
        return new CheckResult(check, State.OBSOLETE, reason, null, List.of());
    }
}
