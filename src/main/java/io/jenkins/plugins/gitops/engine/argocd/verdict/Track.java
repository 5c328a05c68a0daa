package io.jenkins.plugins.gitops.engine.argocd.verdict;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An Application as one wait has seen it: its newest state, and since when what is wrong has been wrong. Kept in local
 * time, because grace times are the waiter's and the cluster's clock may be off.
 *
 * @param application as last seen; empty while it does not exist
 * @param seen whether it was ever there
 * @param baseline {@code reconciledAt} when it was first seen: a later one is an answer to this wait
 * @param atEnd {@code reconciledAt} when the last sync was first seen ended: that comparison may have come before the
 *     end, even where whole seconds do not show it
 * @param missingSince when it was first found missing, if it is missing
 * @param steadySince when this sync and comparison of it were first seen
 * @param unhealthySince when this sync of it was first seen Degraded or Missing, without a break
 * @param troubledSince when an error condition or a failed hydration was first seen, without a break
 */
public record Track(
        @NonNull Optional<ObservedApplication> application,
        @NonNull Presence seen,
        @NonNull Optional<Instant> baseline,
        @NonNull Optional<Instant> atEnd,
        @NonNull Optional<Instant> missingSince,
        @NonNull Optional<Instant> steadySince,
        @NonNull Optional<Instant> unhealthySince,
        @NonNull Optional<Instant> troubledSince) {

    /** Whether the Application was ever there. */
    public enum Presence {
        NEVER,
        ONCE
    }

    /** Before the first look. */
    public static final Track START = new Track(
            Optional.empty(),
            Presence.NEVER,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The track after a look at {@code now}. */
    @NonNull
    public Track next(@NonNull Optional<ObservedApplication> look, @NonNull Instant now) {
        if (look.isEmpty()) {
            return new Track(
                    look,
                    seen,
                    baseline,
                    Optional.empty(),
                    Optional.of(missingSince.orElse(now)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        ObservedApplication current = look.get();
        boolean same = application.filter(before -> isSameSync(before, current)).isPresent();
        return new Track(
                look,
                Presence.ONCE,
                seen == Presence.NEVER ? current.reconciledAt() : baseline,
                sameEnd(current) ? atEnd : current.reconciledAt().filter(at -> hasEnded(current)),
                Optional.empty(),
                Optional.of(steadySince.filter(earlier -> same).orElse(now)),
                since(isUnhealthy(current), same ? unhealthySince : Optional.empty(), now),
                since(isTroubled(current), same ? troubledSince : Optional.empty(), now));
    }

    /** The track when the connection was lost: no grace time goes on while nobody can see. */
    @NonNull
    public Track interrupted() {
        return new Track(
                application,
                seen,
                baseline,
                atEnd,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether Argo CD has compared the Application with its sources since this wait began. */
    public boolean isFresh() {
        Optional<Instant> latest = application.flatMap(ObservedApplication::reconciledAt);
        return latest.isPresent() && (baseline.isEmpty() || latest.get().isAfter(baseline.get()));
    }

    /** Whether health was looked at after the last sync ended; before that it is the old version's. */
    public boolean isHealthCurrent() {
        ObservedApplication current = application.orElseThrow();
        Optional<Instant> finished = current.operation().flatMap(ObservedApplication.Operation::finishedAt);
        boolean sameSecond = finished.isPresent() && current.reconciledAt().equals(finished);
        return current.isHealthCurrent()
                && !(sameSecond && current.reconciledAt().equals(atEnd));
    }

    private boolean sameEnd(ObservedApplication current) {
        return application
                .filter(before -> hasEnded(before) && identity(before).equals(identity(current)))
                .isPresent();
    }

    private static boolean hasEnded(ObservedApplication current) {
        return current.operation().filter(last -> last.phase().isFinished()).isPresent();
    }

    private static Optional<Instant> since(boolean holds, Optional<Instant> before, Instant now) {
        return holds ? Optional.of(before.orElse(now)) : Optional.empty();
    }

    private static boolean isUnhealthy(ObservedApplication application) {
        HealthState state = application.health().state();
        return state == HealthState.DEGRADED || state == HealthState.MISSING;
    }

    private static boolean isTroubled(ObservedApplication application) {
        return application.conditions().stream().anyMatch(Condition::isError)
                || application
                        .hydration()
                        .filter(hydration -> hydration.phase().equals("Failed"))
                        .isPresent();
    }

    /** A new sync gets a grace time of its own: what was wrong before it is what it may be there to mend. */
    private static boolean isSameSync(ObservedApplication before, ObservedApplication current) {
        return before.revisions().equals(current.revisions())
                && identity(before).equals(identity(current));
    }

    private static List<Object> identity(ObservedApplication application) {
        return application
                .operation()
                .map(last -> List.<Object>of(last.phase(), last.startedAt(), last.finishedAt()))
                .orElse(List.of());
    }
}
