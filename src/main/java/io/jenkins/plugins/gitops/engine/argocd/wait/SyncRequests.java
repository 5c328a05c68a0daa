package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Requests syncs, and asks what keeps an Application from coming live, on behalf of all waits for it together. Each is
 * repeated, ever more seldom, as long as some wait wants it. Confined to the event loop.
 */
final class SyncRequests {

    /** Waits that begin this close together are served by one request more, not by one each. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final ArgoCd argoCd;
    private final BoundedPool pool;
    private final Threads threads;
    private final InstantSource clock;
    private final Consumer<ApplicationName> changed;
    private final Map<ApplicationName, Asked> syncs = new HashMap<>();
    private final Map<ApplicationName, String> refusals = new HashMap<>();
    private final Map<ApplicationName, Asked> reasonsAsked = new HashMap<>();
    private final Map<ApplicationName, Optional<String>> reasons = new HashMap<>();
    private final Map<ApplicationName, Instant> opened = new HashMap<>();
    private final Map<ApplicationName, Asked> resourcesAsked = new HashMap<>();
    private final Map<ApplicationName, List<ResourceState>> resources = new HashMap<>();

    /** @param times how often in a row for the same demand */
    private record Asked(Instant at, int times) {

        Instant again() {
            long seconds = Math.min(LONGEST_PAUSE.toSeconds(), FIRST_PAUSE.toSeconds() << Math.min(times - 1, 10));
            return at.plusSeconds(seconds);
        }
    }

    /** @param changed called on the loop when an answer has come */
    SyncRequests(
            ArgoCd argoCd, BoundedPool pool, Threads threads, InstantSource clock, Consumer<ApplicationName> changed) {
        this.argoCd = argoCd;
        this.pool = pool;
        this.threads = threads;
        this.clock = clock;
        this.changed = changed;
    }

    /**
     * A wait that began at {@code since} wants the Application synced.
     *
     * @return when to come again if it still does
     */
    @NonNull
    Instant sync(@NonNull ApplicationName application, @NonNull SyncOrder order, @NonNull Instant since) {
        return ask(syncs, application, since, () -> {
            argoCd.sync(application, order);
            threads.onLoop(() -> refusals.remove(application));
        });
    }

    /** Takes back a sync that was requested with these marks and has not begun. */
    void withdraw(@NonNull ApplicationName application, @NonNull SyncOrder order) {
        if (syncs.containsKey(application)) {
            pool.execute(() -> argoCd.withdraw(application, order));
        }
    }

    /** Asks what holds the sync back, for {@link #reason}. */
    @NonNull
    Instant askReason(@NonNull ApplicationName application, @NonNull Instant since) {
        return ask(reasonsAsked, application, since, () -> {
            Optional<String> reason = argoCd.heldBack(application);
            threads.onLoop(() -> {
                boolean wasHeld =
                        reasons.getOrDefault(application, Optional.empty()).isPresent();
                reasons.put(application, reason);
                if (wasHeld && reason.isEmpty()) {
                    opened.put(application, clock.instant());
                }
                changed.accept(application);
            });
        });
    }

    /** What holds the sync back, as last heard; empty where nothing is known to. */
    @NonNull
    Optional<String> reason(@NonNull ApplicationName application) {
        return reasons.getOrDefault(application, Optional.empty());
    }

    /** When what held the sync back was first heard to do so no more. */
    @NonNull
    Optional<Instant> openedAt(@NonNull ApplicationName application) {
        return Optional.ofNullable(opened.get(application));
    }

    /** Asks which resources are not healthy, for {@link #resources}. */
    @NonNull
    Instant askResources(@NonNull ApplicationName application, @NonNull Instant since) {
        return ask(resourcesAsked, application, since, () -> {
            List<ResourceState> unhealthy = argoCd.unhealthyResources(application);
            threads.onLoop(() -> {
                if (!unhealthy.equals(resources.put(application, unhealthy))) {
                    changed.accept(application);
                }
            });
        });
    }

    /** Resources that are not healthy, as last heard. */
    @NonNull
    List<ResourceState> resources(@NonNull ApplicationName application) {
        return resources.getOrDefault(application, List.of());
    }

    /** What was answered to the last request for this Application, where it was refused. */
    @NonNull
    Optional<String> refusal(@NonNull ApplicationName application) {
        return Optional.ofNullable(refusals.get(application));
    }

    private Instant ask(
            Map<ApplicationName, Asked> asked, ApplicationName application, Instant since, Runnable request) {
        Instant now = clock.instant();
        Asked last = asked.get(application);
        Instant due = last == null ? now : last.at().isBefore(since) ? last.at().plus(SHORTEST_PAUSE) : last.again();
        if (due.isAfter(now)) {
            return due;
        }
        boolean again = last != null && !last.at().isBefore(since);
        Asked next = new Asked(now, again ? last.times() + 1 : 1);
        asked.put(application, next);
        pool.execute(() -> send(application, request));
        return next.again();
    }

    private void send(ApplicationName application, Runnable request) {
        try {
            request.run();
        } catch (ArgoCdException refused) {
            threads.onLoop(() -> refusals.put(application, String.valueOf(refused.getMessage())));
        }
    }
}
