package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Accepted;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is asked of Argo CD about single Applications, on behalf of all waits for one together: their number does not
 * change how often it is asked. A request is repeated, ever more seldom, as long as some wait wants it. Confined to the
 * event loop.
 */
final class ApplicationRequests {

    /** Waits that begin this close together are served by one request more, not by one each. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_REFRESH_PAUSE = Duration.ofMinutes(1);
    private static final int REMEMBERED = 50;

    private final ArgoCd argoCd;
    private final EventLoop.Pool pool;
    private final EventLoop loop;
    private final Consumer<ApplicationName> changed;
    private final Map<ApplicationName, Asked> applications = new HashMap<>();

    /** A request that is repeated. */
    private static final class Repetition {
        Instant at = Instant.MIN;
        int times;

        Instant next(Duration longest) {
            long seconds = FIRST_PAUSE.toSeconds() << Math.min(Math.max(times - 1, 0), 10);
            return times == 0 ? Instant.MIN : at.plusSeconds(Math.min(longest.toSeconds(), seconds));
        }
    }

    /** What was asked about one Application, and answered. */
    private static final class Asked {
        final Repetition sync = new Repetition();
        final Repetition reason = new Repetition();
        final Repetition resources = new Repetition();
        final Repetition resume = new Repetition();
        /** Of refreshes that were not accepted. */
        final Repetition refresh = new Repetition();

        /** When the first wait for a commit began. */
        final Map<String, Instant> commits = new LinkedHashMap<>();
        /** When the refreshes that were accepted were sent, newest last. */
        final List<Instant> acceptedAt = new ArrayList<>();

        boolean refreshing;
        /** Since when a refresh has been seen requested and not done. */
        Optional<Instant> requestedSince = Optional.empty();

        Optional<Accepted> accepted = Optional.empty();
        Optional<String> refreshRefusal = Optional.empty();
        Optional<String> refusal = Optional.empty();
        Optional<String> heldBy = Optional.empty();
        Optional<Instant> reasonAt = Optional.empty();
        Optional<Instant> openedAt = Optional.empty();
        List<ResourceState> unhealthy = List.of();
        /** When those were asked for. */
        Optional<Instant> unhealthyAt = Optional.empty();
    }

    /** @param changed called on the loop when an answer has come */
    ApplicationRequests(ArgoCd argoCd, EventLoop.Pool pool, EventLoop loop, Consumer<ApplicationName> changed) {
        this.argoCd = argoCd;
        this.pool = pool;
        this.loop = loop;
        this.changed = changed;
    }

    private Asked asked(ApplicationName application) {
        return applications.computeIfAbsent(application, any -> new Asked());
    }

    // --- refreshes: while one is requested no other is, because it would be lost ---

    /**
     * From when on a comparison has to begin to be of use to a wait for a commit: since the first wait for it began, so
     * that many waits for one commit need no more refreshes than one.
     */
    Instant since(ApplicationName application, String commit, Instant begun) {
        Map<String, Instant> commits = asked(application).commits;
        if (commits.size() >= REMEMBERED && !commits.containsKey(commit)) {
            commits.remove(commits.keySet().iterator().next());
        }
        return commits.computeIfAbsent(commit, any -> begun);
    }

    /** The newest refresh that was accepted, if it was sent no earlier than this. */
    Optional<Accepted> accepted(ApplicationName application, Instant since) {
        return accepts(application, since) == 0 ? Optional.empty() : asked(application).accepted;
    }

    /** How many refreshes that were sent no earlier than this were accepted. */
    int accepts(ApplicationName application, Instant since) {
        return (int) asked(application).acceptedAt.stream()
                .filter(at -> !at.isBefore(since))
                .count();
    }

    /**
     * A wait wants the Application compared by a comparison that begins at {@code since} or later.
     *
     * @param application as last seen
     * @return when to come again if it still does
     */
    Instant refresh(Observation application, Refresh refresh, Instant since) {
        Instant now = loop.now();
        Asked known = asked(application.name());
        known.requestedSince = application.refresh().map(any -> known.requestedSince.orElse(now));
        boolean missed = known.requestedSince
                .filter(at -> !now.isBefore(at.plus(LONGEST_REFRESH_PAUSE)))
                .isPresent();
        boolean underWay = known.refreshing
                || application.refresh().isPresent() && !missed
                || accepted(application.name(), since)
                        .filter(accepted -> !accepted.isDone(application))
                        .filter(accepted -> now.isBefore(newest(known).plus(LONGEST_REFRESH_PAUSE)))
                        .isPresent();
        if (underWay) {
            return now.plus(FIRST_PAUSE);
        }
        Instant next = known.refresh.next(LONGEST_REFRESH_PAUSE);
        if (now.isBefore(next)) {
            return next;
        }
        known.refresh.at = now;
        known.refreshing = true;
        if (missed) {
            known.requestedSince = Optional.empty();
        }
        pool.execute(() -> send(known, application, missed ? Optional.empty() : Optional.of(refresh)));
        return now.plus(FIRST_PAUSE);
    }

    private static Instant newest(Asked known) {
        return known.acceptedAt.get(known.acceptedAt.size() - 1);
    }

    /** @param refresh empty to write the one again that Argo CD has missed */
    private void send(Asked known, Observation application, Optional<Refresh> refresh) {
        try {
            Optional<Accepted> accepted = refresh.flatMap(how -> argoCd.refresh(application, how));
            if (refresh.isEmpty()) {
                argoCd.renewRefresh(application.name());
            }
            loop.run(() -> answered(known, application.name(), accepted, Optional.empty()));
        } catch (ArgoCdException refused) {
            Optional<String> refusal = Optional.of(String.valueOf(refused.getMessage()));
            loop.run(() -> answered(known, application.name(), Optional.empty(), refusal));
        }
    }

    private void answered(
            Asked known, ApplicationName application, Optional<Accepted> accepted, Optional<String> refusal) {
        known.refreshing = false;
        known.refreshRefusal = refusal;
        known.refresh.times = accepted.isPresent() ? 0 : known.refresh.times + 1;
        if (accepted.isPresent()) {
            known.accepted = accepted;
            known.acceptedAt.add(known.refresh.at);
            if (known.acceptedAt.size() > REMEMBERED) {
                known.acceptedAt.remove(0);
            }
        }
        changed.accept(application);
    }

    // --- syncs, and questions ---

    /**
     * A wait that began at {@code since} wants the Application synced.
     *
     * @return when to come again if it still does
     */
    Instant sync(ApplicationName application, String mark, Instant since) {
        Asked known = asked(application);
        return ask(known, known.sync, since, () -> {
            argoCd.sync(application, mark);
            loop.run(() -> known.refusal = Optional.empty());
        });
    }

    /** Takes back a sync that was requested with this mark and has not begun. */
    void withdraw(ApplicationName application, String mark) {
        if (asked(application).sync.times > 0) {
            pool.execute(() -> argoCd.withdraw(application, mark));
        }
    }

    /** Asks what holds the sync back, for {@link #heldBy}. */
    Instant askReason(ApplicationName application, Instant since) {
        Asked known = asked(application);
        return ask(known, known.reason, since, () -> {
            Optional<String> reason = argoCd.heldBack(application);
            loop.run(() -> {
                if (known.heldBy.isPresent() && reason.isEmpty()) {
                    known.openedAt = Optional.of(loop.now());
                }
                known.heldBy = reason;
                known.reasonAt = Optional.of(loop.now());
                changed.accept(application);
            });
        });
    }

    /** What holds the sync back, as last heard; empty where nothing is known to. */
    Optional<String> heldBy(ApplicationName application) {
        return asked(application).heldBy;
    }

    /** Whether an answer since then said that nothing holds the sync back. */
    boolean isFree(ApplicationName application, Instant since) {
        Asked known = asked(application);
        return known.heldBy.isEmpty()
                && known.reasonAt.filter(at -> !at.isBefore(since)).isPresent();
    }

    /** When what held the sync back was first heard to do so no more. */
    Optional<Instant> openedAt(ApplicationName application) {
        return asked(application).openedAt;
    }

    /** Asks which resources are not healthy, for {@link #resources}. */
    Instant askResources(ApplicationName application, Instant since) {
        Asked known = asked(application);
        return ask(known, known.resources, since, () -> {
            Instant at = loop.now();
            List<ResourceState> unhealthy = argoCd.unhealthyResources(application);
            loop.run(() -> {
                boolean same = unhealthy.isEmpty() && known.unhealthy.isEmpty();
                known.unhealthy = unhealthy;
                known.unhealthyAt = Optional.of(at);
                if (!same) {
                    changed.accept(application);
                }
            });
        });
    }

    /** Resumes the Rollouts of an Application that stay paused, as last seen. */
    Instant resume(Observation application, Instant since) {
        List<ResourceState> paused = application.resources().stream()
                .filter(ResourceState::isPausedRollout)
                .toList();
        Asked known = asked(application.name());
        if (paused.isEmpty()) {
            return loop.now().plus(LONGEST_PAUSE);
        }
        return ask(known, known.resume, since, () -> {
            // Another pause since then is another question, and one that ends by itself must not be cut short.
            List<ResourceState> still = argoCd.rollouts(application.name());
            paused.stream()
                    .filter(still::contains)
                    .forEach(rollout -> argoCd.act(application.name(), rollout, RolloutAction.RESUME));
            loop.run(() -> {
                known.refusal = Optional.empty();
                known.unhealthyAt = Optional.empty();
            });
        });
    }

    /** Resources that are not healthy, as last heard; none where that was asked before then. */
    List<ResourceState> resources(ApplicationName application, Instant since) {
        Asked known = asked(application);
        return known.unhealthyAt.filter(at -> !at.isBefore(since)).isPresent() ? known.unhealthy : List.of();
    }

    /** What was answered to the last requests for this Application, where they were refused. */
    List<String> refusals(ApplicationName application) {
        Asked known = asked(application);
        List<String> refusals = new ArrayList<>();
        known.refreshRefusal.ifPresent(refusals::add);
        known.refusal.ifPresent(refusals::add);
        return refusals;
    }

    private Instant ask(Asked known, Repetition repetition, Instant since, Runnable request) {
        Instant now = loop.now();
        boolean again = !repetition.at.isBefore(since);
        Instant due = repetition.times == 0
                ? now
                : again ? repetition.next(LONGEST_PAUSE) : repetition.at.plus(SHORTEST_PAUSE);
        if (due.isAfter(now)) {
            return due;
        }
        repetition.times = again ? repetition.times + 1 : 1;
        repetition.at = now;
        pool.execute(() -> {
            try {
                request.run();
            } catch (ArgoCdException refused) {
                loop.run(() -> known.refusal = Optional.of(String.valueOf(refused.getMessage())));
            }
        });
        return repetition.next(LONGEST_PAUSE);
    }
}
