package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Accepted;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Requests refreshes on behalf of all waits for an Application together: their number does not change how often Argo CD
 * is asked. While a refresh is requested no other is, because it would be lost. A request that fails is repeated, ever
 * more seldom, as long as some wait wants it. Confined to the event loop.
 */
final class RefreshRequests {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ArgoCd argoCd;
    private final BoundedPool pool;
    private final Threads threads;
    private final InstantSource clock;
    private final Consumer<ApplicationName> changed;
    private final Map<ApplicationName, Requested> requests = new HashMap<>();

    /** What is known of the requests for one Application. */
    private static final class Requested {
        Instant sentAt = Instant.MIN;
        boolean unanswered;
        Optional<Accepted> accepted = Optional.empty();
        Instant acceptedAt = Instant.MIN;
        int failures;
        Optional<String> refusal = Optional.empty();

        Instant nextTry() {
            long seconds = FIRST_PAUSE.toSeconds() << Math.min(failures, 10) >> 1;
            return failures == 0 ? Instant.MIN : sentAt.plusSeconds(Math.min(LONGEST_PAUSE.toSeconds(), seconds));
        }
    }

    /** @param changed called on the loop when an answer has come */
    RefreshRequests(
            ArgoCd argoCd, BoundedPool pool, Threads threads, InstantSource clock, Consumer<ApplicationName> changed) {
        this.argoCd = argoCd;
        this.pool = pool;
        this.threads = threads;
        this.clock = clock;
        this.changed = changed;
    }

    /** The newest refresh that was accepted, if it was sent no earlier than this. */
    @NonNull
    Optional<Accepted> accepted(@NonNull ApplicationName application, @NonNull Instant since) {
        Requested known = requests.get(application);
        return known == null || known.acceptedAt.isBefore(since) ? Optional.empty() : known.accepted;
    }

    /**
     * A wait wants the Application compared by a comparison that begins at {@code since} or later.
     *
     * @param application as last seen
     * @return when to come again if it still does
     */
    @NonNull
    Instant request(@NonNull Observation application, @NonNull Refresh refresh, @NonNull Instant since) {
        Instant now = clock.instant();
        Requested known = requests.computeIfAbsent(application.name(), any -> new Requested());
        boolean underWay = known.unanswered
                || application.refresh().isPresent()
                || accepted(application.name(), since)
                        .filter(accepted -> !accepted.isDone(application))
                        .filter(accepted -> now.isBefore(known.acceptedAt.plus(LONGEST_PAUSE)))
                        .isPresent();
        if (underWay) {
            return now.plus(FIRST_PAUSE);
        }
        if (now.isBefore(known.nextTry())) {
            return known.nextTry();
        }
        known.sentAt = now;
        known.unanswered = true;
        pool.execute(() -> send(known, application, refresh));
        return now.plus(FIRST_PAUSE);
    }

    private void send(Requested known, Observation application, Refresh refresh) {
        try {
            Optional<Accepted> accepted = argoCd.refresh(application, refresh);
            threads.onLoop(() -> answered(known, application.name(), accepted, Optional.empty()));
        } catch (ArgoCdException refused) {
            threads.onLoop(() -> answered(
                    known, application.name(), Optional.empty(), Optional.of(String.valueOf(refused.getMessage()))));
        }
    }

    private void answered(
            Requested known, ApplicationName application, Optional<Accepted> accepted, Optional<String> refusal) {
        known.unanswered = false;
        known.refusal = refusal;
        known.failures = accepted.isPresent() ? 0 : known.failures + 1;
        if (accepted.isPresent()) {
            known.accepted = accepted;
            known.acceptedAt = known.sentAt;
        }
        changed.accept(application);
    }

    /** What was answered to the last request for this Application, where it was refused. */
    @NonNull
    Optional<String> refusal(@NonNull ApplicationName application) {
        return Optional.ofNullable(requests.get(application)).flatMap(known -> known.refusal);
    }
}
