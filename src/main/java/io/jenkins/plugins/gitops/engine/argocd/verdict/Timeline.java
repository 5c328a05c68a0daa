package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Accepted;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An Application as one wait has seen it: its newest state, whether it was compared since the wait began, and since when
 * what is wrong has been wrong. Kept in local time, because grace times are the waiter's and the cluster's clock may be
 * off.
 *
 * <p>Whether a comparison began after the wait did is known from our own request alone: Argo CD removes the annotation
 * of an accepted request with the result of the comparison that began after it. {@code reconciledAt} has whole seconds of
 * another clock, and a comparison that was under way when the wait began moves it too.
 *
 * @param application as last seen; empty while it does not exist
 * @param first as first seen
 * @param accepted the newest refresh that was accepted since the wait began
 * @param compared the most thorough refresh that was accepted since the wait began and whose comparison is done
 * @param comparisons how often {@code reconciledAt} has moved since the first look
 * @param syncs how many syncs were seen to begin since the first look
 * @param atEnd {@code reconciledAt} when a sync was seen to end while the Application was Synced: that comparison may have
 *     come before the end, even where whole seconds do not show it
 * @param stuck new pods that cannot start, since this sync
 * @param since when what is so now was first seen
 */
public record Timeline(
        Optional<Observation> application,
        Optional<Observation> first,
        Optional<Accepted> accepted,
        Optional<Refresh> compared,
        int comparisons,
        int syncs,
        Optional<Instant> atEnd,
        StuckPods stuck,
        Since since) {

    /**
     * @param compared that the source hydrator has looked at the dry commit that it looked at last
     * @param missing that it is missing
     * @param steady this sync and comparison of it
     * @param unhealthy that it is Degraded or Missing, after this sync and without a break
     * @param troubled an error condition or a failed hydration, without a break
     */
    public record Since(
            Optional<Instant> compared,
            Optional<Instant> missing,
            Optional<Instant> steady,
            Optional<Instant> unhealthy,
            Optional<Trouble> troubled) {

        static final Since NEVER =
                new Since(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * An error that lasts.
     *
     * @param since when it was first seen
     * @param comparisons how many there had been by then: only a further one shows that it is still so
     */
    public record Trouble(Instant since, int comparisons) {}

    /**
     * Comparisons of one Application follow each other, so of this many at least one began after the wait, however late
     * the first was heard of. For connections that may not request a refresh.
     */
    private static final int COMPARISONS = 3;

    /** Before the first look. */
    public static final Timeline START = new Timeline(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty(),
            StuckPods.NONE,
            Since.NEVER);

    /**
     * The timeline after a look at {@code now}.
     *
     * @param request the newest refresh that was accepted since the wait began, if one was
     */
    public Timeline next(Optional<Observation> look, Optional<Accepted> request, Instant now) {
        if (look.isEmpty()) {
            Since missing = new Since(
                    Optional.empty(),
                    since(true, since.missing(), now),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            return new Timeline(
                    look, first, request, compared, comparisons, syncs, Optional.empty(), StuckPods.NONE, missing);
        }
        Observation current = look.get();
        boolean same = application.filter(before -> isSameSync(before, current)).isPresent();
        boolean looked = application
                .filter(before -> compared(before).equals(compared(current)))
                .isPresent();
        boolean moved = application
                .filter(before -> !before.reconciledAt().equals(current.reconciledAt()))
                .isPresent();
        int compares = comparisons + (moved ? 1 : 0);
        Optional<Trouble> trouble = Optional.of(
                        since.troubled().filter(earlier -> same).orElse(new Trouble(now, compares)))
                .filter(any -> isTroubled(current));
        return new Timeline(
                look,
                first.or(() -> look),
                request,
                moreThorough(compared, request.filter(asked -> asked.isDone(current))),
                compares,
                syncs + (begins(current) ? 1 : 0),
                atEnd(current),
                (same ? stuck : StuckPods.NONE).next(current, now),
                new Since(
                        since(true, since.compared().filter(earlier -> looked), now),
                        Optional.empty(),
                        since(true, since.steady().filter(earlier -> same), now),
                        since(isUnhealthy(current), since.unhealthy().filter(earlier -> same), now),
                        trouble));
    }

    /** The timeline when the connection was lost: no grace time runs while the Application cannot be seen. */
    public Timeline interrupted() {
        return new Timeline(
                application, first, accepted, compared, comparisons, syncs, atEnd, StuckPods.NONE, Since.NEVER);
    }

    /** Whether Argo CD has compared the Application with its sources by a comparison that began after this wait. */
    public boolean isFresh() {
        return compared.isPresent() || comparisons >= COMPARISONS;
    }

    /** Whether health is that of what the last sync applied. */
    public boolean isHealthCurrent() {
        Observation current = application.orElseThrow();
        return current.isHealthCurrent() && (atEnd.isEmpty() || !atEnd.equals(current.reconciledAt()));
    }

    private boolean begins(Observation current) {
        Optional<Instant> start = startedAt(current);
        return start.isPresent()
                && application
                        .filter(before -> !startedAt(before).equals(start))
                        .isPresent();
    }

    private static Optional<Instant> startedAt(Observation application) {
        return application.operation().flatMap(Operation::startedAt);
    }

    private Optional<Instant> atEnd(Observation current) {
        boolean ends = application.filter(Observation::isSyncing).isPresent() && !current.isSyncing();
        if (ends
                && current.sync() == SyncState.SYNCED
                && current.operation().filter(last -> last.isFailed()).isEmpty()) {
            return current.reconciledAt();
        }
        return current.isSyncing() ? Optional.empty() : atEnd;
    }

    /** Whether it has also rendered the manifests again. */
    public boolean isRendered() {
        return compared.filter(how -> how == Refresh.HARD).isPresent();
    }

    /**
     * How a revision relates to the commit, as far as Argo CD tells without the config repository: by the order of its
     * syncs, and because what a comparison finds that began after the wait, where another revision was before, came after
     * the commit on the branch.
     */
    public CommitRelation relation(String commit, String revision) {
        if (revision.equals(commit)) {
            return CommitRelation.SAME;
        }
        List<String> before = first.stream()
                .flatMap(look -> Stream.concat(look.history().stream(), Stream.of(look.revisions())))
                .flatMap(List::stream)
                .toList();
        boolean wasThere = before.contains(commit);
        if (before.contains(revision)) {
            boolean after = before.indexOf(revision) > before.lastIndexOf(commit);
            return !wasThere ? CommitRelation.UNKNOWN : after ? CommitRelation.NEWER : CommitRelation.OLDER;
        }
        boolean synced =
                application.stream().flatMap(look -> look.history().stream()).anyMatch(entry -> entry.contains(commit));
        return wasThere || synced || isFresh() ? CommitRelation.NEWER : CommitRelation.UNKNOWN;
    }

    private static Optional<Refresh> moreThorough(Optional<Refresh> before, Optional<Accepted> done) {
        return before.filter(how -> how == Refresh.HARD)
                .or(() -> done.map(Accepted::refresh))
                .or(() -> before);
    }

    private static String compared(Observation application) {
        return application.hydration().map(Observation.Hydration::compared).orElse("");
    }

    private static Optional<Instant> since(boolean holds, Optional<Instant> before, Instant now) {
        return holds ? Optional.of(before.orElse(now)) : Optional.empty();
    }

    private static boolean isUnhealthy(Observation application) {
        HealthState state = application.health().state();
        return state == HealthState.DEGRADED || state == HealthState.MISSING;
    }

    private static boolean isTroubled(Observation application) {
        return application.conditions().stream().anyMatch(Condition::isTrouble)
                || application
                        .hydration()
                        .filter(Observation.Hydration::isFailed)
                        .isPresent();
    }

    /** A new sync gets a grace time of its own: what was wrong before it is what it may be there to mend. */
    private static boolean isSameSync(Observation before, Observation current) {
        return before.revisions().equals(current.revisions())
                && identity(before).equals(identity(current));
    }

    private static List<Object> identity(Observation application) {
        return application
                .operation()
                .map(last -> List.<Object>of(last.phase(), last.startedAt(), last.finishedAt()))
                .orElse(List.of());
    }
}
