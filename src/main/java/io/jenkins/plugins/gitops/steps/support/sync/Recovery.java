package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rollbacks under way: commits them, then waits until each has come to an end. It lives in memory and holds no thread; a
 * step that comes back after a restart begins it again with the same requests, which commits nothing twice.
 */
public final class Recovery {

    /** How long an earlier release may take to be healthy again where the step sets nothing else. */
    public static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);

    private final GitOpsStepExecution step;
    private final OpenedRepository opened;
    private final Instant deadline;
    private final Ended ended;
    private final List<TargetRecovery> targets = new ArrayList<>();
    private final List<Recovered> recovered = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private int waiting;
    private boolean cancelled;

    /**
     * A target that runs its earlier release again.
     *
     * @param time empty where no Argo CD Application tells
     */
    public record Recovered(
            @NonNull Rollback.Plan plan,
            @NonNull BumpResult result,
            @NonNull Optional<RecoveryTime> time) {}

    /** Hears the end, once, off the CPS thread. */
    @FunctionalInterface
    public interface Ended {

        /** @param sentences why each of the other targets does not run its earlier release; empty when all do */
        void ended(@NonNull List<Recovered> recovered, @NonNull List<String> sentences) throws Exception;
    }

    /** @param deadline until when the earlier releases may become healthy */
    public Recovery(
            @NonNull GitOpsStepExecution step,
            @NonNull OpenedRepository opened,
            @NonNull Instant deadline,
            @NonNull Ended ended) {
        this.step = step;
        this.opened = opened;
        this.deadline = deadline;
        this.ended = ended;
    }

    /** Commits what is not committed yet and begins to wait; one that is refused keeps no other from it. Blocks. */
    public void begin(@NonNull List<Rollback.Plan> plans) throws Exception {
        Rollback rollback = new Rollback(
                opened.repository(),
                step.services().manifests(),
                step.services().ledgers());
        for (Rollback.Plan plan : plans) {
            try {
                BumpResult result = rollback.commit(plan, step.progress());
                if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
                    Notifications.publish(PromotionEvent.rolledBack(
                            plan, result, step.services().clock().instant()));
                }
                targets.add(new TargetRecovery(step, opened, plan, result, deadline, this));
            } catch (GitOpsException refused) {
                sentences.add(refused.getMessage());
            }
        }
        synchronized (this) {
            waiting = targets.size();
            if (cancelled) {
                return;
            }
        }
        if (targets.isEmpty()) {
            ended.ended(recovered, sentences);
            return;
        }
        step.waits();
        for (TargetRecovery target : targets) {
            target.begin();
        }
    }

    /** Stops waiting. Does not block. */
    public synchronized void cancel() {
        cancelled = true;
        targets.forEach(TargetRecovery::cancel);
    }

    /** A target runs its earlier release again. */
    void settled(@NonNull Recovered one) throws Exception {
        synchronized (this) {
            recovered.add(one);
        }
        countDown();
    }

    /** @param sentence why a target does not run its earlier release */
    void settled(@NonNull String sentence) throws Exception {
        synchronized (this) {
            sentences.add(sentence);
        }
        countDown();
    }

    private void countDown() throws Exception {
        synchronized (this) {
            waiting--;
            if (waiting > 0) {
                return;
            }
        }
        step.goesOn();
        ended.ended(recovered, sentences);
    }
}
