package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a promotion into an environment needs, as {@code gitops.yaml} declares it.
 *
 * @param approvals every group's quorum must be reached; empty when no person is asked
 * @param checklist items a person must tick, in order
 * @param separationOfDuties whether those who made the change may approve it
 * @param soak how long the release must have been healthy in the environment it comes from; zero for not at all
 * @param freeze when promotions may pass
 * @param expires how long after its opening an undecided gate expires, or null for never
 * @param remind how often an undecided gate reminds, or null for never
 * @param newerRelease what happens to an undecided gate when a newer release wants the same target
 * @param checks endpoints that are asked, in order
 */
public record GateDefinition(
        @NonNull List<Approvals> approvals,
        @NonNull List<String> checklist,
        @NonNull SeparationOfDuties separationOfDuties,
        @NonNull Duration soak,
        @NonNull FreezeCalendar freeze,
        @Nullable Duration expires,
        @Nullable Duration remind,
        @NonNull NewerRelease newerRelease,
        @NonNull List<HttpCheck> checks) {

    public GateDefinition {
        approvals = List.copyOf(approvals);
        checklist = List.copyOf(checklist);
        checks = List.copyOf(checks);
    }

    /** Approvals and a checklist, and otherwise what a gate has that says nothing more. */
    public GateDefinition(@NonNull List<Approvals> approvals, @NonNull List<String> checklist) {
        this(
                approvals,
                checklist,
                SeparationOfDuties.NONE,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                null,
                NewerRelease.SUPERSEDES,
                List.of());
    }

    @NonNull
    public Optional<Duration> expiry() {
        return Optional.ofNullable(expires);
    }

    @NonNull
    public Optional<Duration> reminder() {
        return Optional.ofNullable(remind);
    }

    /**
     * One group's quorum.
     *
     * @param required how many different people, at least 1
     * @param from users or groups that may approve; empty for anyone with the permission
     */
    public record Approvals(int required, @NonNull List<String> from) {
        public Approvals {
            from = List.copyOf(from);
        }
    }

    /** Who may not approve although the list would let them. */
    public enum SeparationOfDuties {
        /** Nobody is excluded. */
        NONE,
        /** Neither the one who started the run nor an author of the change may approve. */
        STARTER_AND_AUTHORS
    }

    /** What a newer release does to a gate that is still open. */
    public enum NewerRelease {
        /** It closes the older gate: the older release will not be promoted. */
        SUPERSEDES,
        /** It waits until the older gate is decided. */
        QUEUES
    }

    /**
     * An HTTP endpoint that answers whether a promotion may pass.
     *
     * @param name for people; unique within the gate
     * @param url http or https
     */
    public record HttpCheck(@NonNull String name, @NonNull String url) {}
}
