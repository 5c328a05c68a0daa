package io.jenkins.plugins.gitops.steps.support.sync;

import com.google.common.util.concurrent.MoreExecutors;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWait;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The waits of one step, one for each environment. Says what changes, and that it still waits every few minutes; ends
 * when all have arrived or one cannot any more.
 *
 * <p>All waits of a controller hear of changes on one thread. So whatever takes its time, as the build log may, is done
 * on the shared pool, in order.
 */
final class AwaitSyncWatch {

    private static final Logger LOGGER = Logger.getLogger(AwaitSyncWatch.class.getName());

    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    private final AwaitSyncPlan plan;
    private final Policy policy;
    private final Optional<OpenedRepository> repository;
    private final Progress progress;
    private final Optional<Runnable> paused;
    private final BiConsumer<AwaitSyncWatch, SyncStatus> ended;
    private final GitOpsServices services;
    private final Executor inOrder;

    private final Map<String, SyncStatus> statuses = new LinkedHashMap<>();
    private final List<SyncWait> waits = new ArrayList<>();
    private Future<?> heartbeat;
    private boolean over;

    /**
     * @param paused called, instead of waiting on, when a Rollout stays paused until somebody resumes it; on the shared pool
     * @param ended called once, on the shared pool, when everything is said
     */
    AwaitSyncWatch(
            GitOpsServices services,
            AwaitSyncPlan plan,
            Policy policy,
            Optional<OpenedRepository> repository,
            Progress progress,
            Optional<Runnable> paused,
            BiConsumer<AwaitSyncWatch, SyncStatus> ended) {
        this.services = services;
        this.inOrder = MoreExecutors.newSequentialExecutor(services.workers());
        this.plan = plan;
        this.policy = policy;
        this.repository = repository;
        this.progress = progress;
        this.paused = paused;
        this.ended = ended;
    }

    synchronized void begin() {
        for (Leg leg : plan.legs()) {
            waits.add(services.syncWaits().await(request(leg), status -> heard(leg.title(), status)));
        }
        heartbeat = services.scheduler()
                .scheduleWithFixedDelay(this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends without an answer. Does not block. */
    synchronized void cancel() {
        over = true;
        waits.forEach(SyncWait::cancel);
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }

    /** Where each environment stands, by title. */
    synchronized Map<String, Verdict.Kind> kinds() {
        return statuses.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().kind()));
    }

    synchronized String summary() {
        return whole().summary();
    }

    private synchronized void beat() {
        if (!over) {
            Duration left = Duration.between(services.clock().instant(), plan.deadline());
            say("Still waiting (" + Durations.text(left) + " left): " + whole().summary());
        }
    }

    /**
     * Writes to the deployment history how each environment ended. What cannot be written changes nothing for the step.
     * Blocks.
     */
    void record(Instant at) {
        if (repository.isEmpty()) {
            return;
        }
        OpenedRepository opened = repository.get();
        DeploymentNotes notes = new DeploymentNotes(opened.repository(), opened.author());
        Map<String, Verdict.Kind> ends = kinds();
        for (Leg leg : plan.legs()) {
            Optional<Outcome> outcome = outcome(ends.getOrDefault(leg.title(), Verdict.Kind.PENDING));
            String application = leg.application();
            String environment = leg.environment();
            String commit = leg.commit();
            if (outcome.isPresent() && application != null && environment != null && commit != null) {
                try {
                    notes.outcome(application, environment, commit, outcome.get(), at, Progress.SILENT);
                } catch (GitOpsException e) {
                    progress.say("The deployment history was not updated: " + e.getMessage());
                }
            }
        }
    }

    private static Optional<Outcome> outcome(Verdict.Kind kind) {
        return switch (kind) {
            case HEALTHY -> Optional.of(Outcome.HEALTHY);
            case FAILED -> Optional.of(Outcome.FAILED);
            case TIMED_OUT -> Optional.of(Outcome.TIMED_OUT);
            case SUPERSEDED -> Optional.of(Outcome.SUPERSEDED);
            case PENDING -> Optional.empty();
        };
    }

    private SyncStatus whole() {
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (Leg leg : plan.legs()) {
            SyncStatus status = statuses.get(leg.title());
            if (status != null) {
                status.verdicts()
                        .forEach((name, verdict) ->
                                verdicts.put(leg.title().equals(name) ? name : leg.title() + " " + name, verdict));
            } else {
                verdicts.put(leg.title(), Verdict.CONNECTING);
            }
        }
        return SyncStatus.of(verdicts);
    }

    private SyncRequest request(Leg leg) {
        Map<String, ImageReference> images = leg.images().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> ImageReference.parse(entry.getValue())));
        String branch = leg.branch();
        Optional<BiPredicate<String, String>> ancestry = branch == null
                ? Optional.empty()
                : repository.map(opened -> (ancestor, descendant) ->
                        opened.repository().isAncestor(branch, ancestor, descendant, Progress.SILENT));
        return new SyncRequest(
                plan.id(),
                leg.watched(),
                new Expectation(
                        Optional.ofNullable(leg.commit()),
                        images,
                        Optional.ofNullable(leg.url()),
                        Optional.ofNullable(branch)),
                policy,
                ancestry,
                plan.deadline());
    }

    private synchronized void heard(String title, SyncStatus status) {
        if (over) {
            return;
        }
        statuses.put(title, status);
        SyncStatus all = whole();
        if (status.isPending() || all.isPending()) {
            say(title + ": " + status.summary());
            if (paused.isPresent() && isPaused(all)) {
                cancel();
                later(paused.get());
            }
        } else {
            cancel();
            later(() -> ended.accept(this, all));
        }
    }

    private static boolean isPaused(SyncStatus status) {
        return status.verdicts().values().stream()
                .anyMatch(verdict -> verdict instanceof Verdict.Pending pending
                        && pending.needs().contains(Verdict.Need.RESUME));
    }

    private void say(String line) {
        later(() -> progress.say(line));
    }

    private void later(Runnable piece) {
        try {
            inOrder.execute(piece);
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down; the wait resumes after the restart", stopping);
        }
    }
}
