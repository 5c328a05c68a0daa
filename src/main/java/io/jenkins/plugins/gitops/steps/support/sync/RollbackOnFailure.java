package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code onFailure: 'rollback'}: puts the previous healthy release of each environment that failed back without a
 * person, waits until it is healthy, and then fails the step with one sentence that says what became of it. Where
 * somebody has deployed something else meanwhile, that is left alone.
 */
final class RollbackOnFailure implements Recovery.Ended {

    private final GitOpsStepExecution step;
    private final OpenedRepository opened;
    private final String id;
    private final SyncFailure failure;
    private final Consumer<String> end;
    private final List<String> clauses = new ArrayList<>();

    private volatile Recovery recovery;

    /**
     * @param id of the wait; each environment's rollback has one made of it, and so is committed once
     * @param end ends the step, for the reason that the sentence gives
     */
    RollbackOnFailure(
            GitOpsStepExecution step, OpenedRepository opened, String id, SyncFailure failure, Consumer<String> end) {
        this.end = end;
        this.step = step;
        this.opened = opened;
        this.id = id;
        this.failure = failure;
    }

    /** Commits the rollbacks and begins to wait for them. Blocks while it commits. */
    void begin() throws Exception {
        step.progress()
                .say("Rolling back "
                        + failure.legs().stream().map(Leg::title).collect(Collectors.joining(", "))
                        + " because onFailure is rollback.");
        Rollback rollback = step.services().rollback(opened);
        List<Rollback.Plan> plans = new ArrayList<>();
        for (Leg leg : failure.legs()) {
            try {
                plans.add(rollback.plan(request(leg), step.progress()));
            } catch (GitOpsException refused) {
                clauses.add(leg.title() + " was not rolled back: " + clause(refused.getMessage()));
            }
        }
        if (plans.isEmpty()) {
            end();
            return;
        }
        Recovery begun = new Recovery(step, opened, failure.at().plus(Recovery.USUAL_TIMEOUT), this);
        recovery = begun;
        begun.begin(plans);
    }

    void cancel() {
        Recovery begun = recovery;
        if (begun != null) {
            begun.cancel();
        }
    }

    private Rollback.Request request(Leg leg) throws Exception {
        return new Rollback.Request(
                failure.phase() == SyncFailure.Phase.VERIFICATION
                        ? ReleaseVerifications.rollbackId(VerificationWait.deployed(leg))
                        : id + "-" + leg.environment(),
                opened.branch(),
                Objects.requireNonNull(leg.application()),
                Objects.requireNonNull(leg.environment()),
                RollbackTo.previousHealthy(),
                Optional.ofNullable(leg.commit()),
                clause(failure.sentence()),
                failure.at(),
                step.provenance(),
                opened.author());
    }

    @Override
    public void ended(List<Recovery.Recovered> recovered, List<String> sentences) {
        recovered.forEach(this::add);
        sentences.forEach(sentence -> clauses.add(clause(sentence)));
        end();
    }

    private void add(Recovery.Recovered one) {
        clauses.add(one.plan().target() + " was rolled back to the release of commit "
                + CommitInfo.abbreviate(one.plan().good()) + " (" + images(one) + ")"
                + one.time().map(time -> " and " + time.clause()).orElse(""));
    }

    private static String images(Recovery.Recovered one) {
        return one.plan().release().values().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void end() {
        end.accept(clause(failure.sentence()) + "; " + String.join("; ", clauses) + ".");
    }

    /** A sentence without its full stop. */
    private static String clause(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
