package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks Argo CD for refreshes and syncs on behalf of all waits for an Application together: their number does not change
 * how often it is asked. A request can be lost, so it is repeated, ever more seldom, as long as some wait wants it.
 * Confined to the event loop.
 */
final class Nudges {

    /** Waits that begin this close together are served by one request more, not by one each. */
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final ArgoCd argoCd;
    private final Lane lane;
    private final Threads threads;
    private final InstantSource clock;
    private final Map<ApplicationName, Asked> refreshes = new HashMap<>();
    private final Map<ApplicationName, Asked> syncs = new HashMap<>();
    private final Map<ApplicationName, Asked> reasonsAsked = new HashMap<>();
    private final Map<ApplicationName, Optional<String>> reasons = new HashMap<>();
    private final Map<ApplicationName, String> refusals = new HashMap<>();

    /** @param times how often in a row for the same demand */
    private record Asked(Instant at, int times) {

        Instant again() {
            long seconds = Math.min(LONGEST.toSeconds(), FIRST.toSeconds() << Math.min(times - 1, 10));
            return at.plusSeconds(seconds);
        }
    }

    Nudges(ArgoCd argoCd, Lane lane, Threads threads, InstantSource clock) {
        this.argoCd = argoCd;
        this.lane = lane;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * A wait that began at {@code since} wants the Application compared again.
     *
     * @return when to come again if it still does
     */
    @NonNull
    Instant refresh(@NonNull ObservedApplication application, @NonNull Refresh refresh, @NonNull Instant since) {
        return ask(refreshes, application.name(), since, () -> argoCd.refresh(application, refresh));
    }

    /** Likewise for a sync. */
    @NonNull
    Instant sync(@NonNull ApplicationName application, @NonNull SyncOrder order, @NonNull Instant since) {
        return ask(syncs, application, since, () -> argoCd.sync(application, order));
    }

    /** Asks what holds the sync back, for {@link #reason}. */
    @NonNull
    Instant askReason(@NonNull ApplicationName application, @NonNull Instant since) {
        return ask(reasonsAsked, application, since, () -> {
            Optional<String> reason = argoCd.heldBack(application);
            threads.onLoop(() -> reasons.put(application, reason));
        });
    }

    /** What holds the sync back, as last heard; empty where nothing is known to. */
    @NonNull
    Optional<String> reason(@NonNull ApplicationName application) {
        return reasons.getOrDefault(application, Optional.empty());
    }

    /** What Argo CD said against the last request for this Application, if it did. */
    @NonNull
    Optional<String> refusal(@NonNull ApplicationName application) {
        return Optional.ofNullable(refusals.get(application));
    }

    private Instant ask(
            Map<ApplicationName, Asked> asked, ApplicationName application, Instant since, Runnable request) {
        Instant now = clock.instant();
        Asked last = asked.get(application);
        Instant due = last == null ? now : last.at().isBefore(since) ? last.at().plus(SHORTEST) : last.again();
        if (due.isAfter(now)) {
            return due;
        }
        boolean again = last != null && !last.at().isBefore(since);
        Asked next = new Asked(now, again ? last.times() + 1 : 1);
        asked.put(application, next);
        lane.execute(() -> send(application, request));
        return next.again();
    }

    private void send(ApplicationName application, Runnable request) {
        try {
            request.run();
            threads.onLoop(() -> refusals.remove(application));
        } catch (ArgoCdException refused) {
            threads.onLoop(() -> refusals.put(application, String.valueOf(refused.getMessage())));
        }
    }
}
