package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Sample;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import io.jenkins.plugins.gitops.steps.support.sync.SyncFailure.SyncNotReachedException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * The body of a step as a check of the deployment that is live. The verification is the controller's and goes on whatever
 * becomes of the step; the step keeps which one it is, whether the body has begun, and how it ended, so that after a
 * restart it goes on from there: the body itself is Jenkins' to go on with.
 */
public final class VerifiedBody implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(VerifiedBody.class.getName());

    private final String id = UUID.randomUUID().toString();
    private final Instant began = GitOpsServices.get().clock().instant();
    private final ConfigRepositoryStep asked;
    private final FailedRelease failed;

    @CheckForNull
    private volatile Leg leg;

    private volatile boolean started;

    @CheckForNull
    private volatile End end;

    private transient volatile VerificationWait wait;
    private transient volatile Outcome outcome;
    private transient boolean concluded;

    /** How the body ended: null for success. */
    private record End(@CheckForNull Throwable failure) implements Serializable {}

    /** How the verification ended. */
    private record Outcome(List<String> lines, Optional<SyncFailure> failure) {}

    /** @param asked names the application and its config repository */
    public VerifiedBody(ConfigRepositoryStep asked, OnFailure onFailure) {
        this.asked = asked;
        this.failed = new FailedRelease(id, onFailure);
    }

    /** Whether the body was begun: from then on Jenkins goes on with it. Set where Jenkins has begun it. */
    public boolean isStarted() {
        return started;
    }

    public void started() {
        started = true;
    }

    /**
     * Begins or joins the verification of what is live. Blocks.
     *
     * @param commit that must be live, or null for what is
     * @throws RefusedException if nothing is known to be live and healthy there, or the commit is not
     */
    public void join(GitOpsStepExecution step, OpenedRepository opened, String environment, @CheckForNull String commit)
            throws Exception {
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), step.progress()), opened.branch());
        Target target = declaration.target(asked.application(), environment);
        Declarations.requireJob(target.application(), step.provenance());
        Leg known = leg;
        if (known == null) {
            known = live(step, opened, declaration, target, commit);
        }
        Pipeline steps = steps(step);
        LiveVerification joined = ReleaseVerifications.get()
                .join(
                        VerificationWait.deployed(known),
                        target.environment().verification(),
                        steps,
                        new ReleaseVerifications.Origin(
                                step.run().getParent().getFullName(),
                                asked.choice(),
                                step.provenance().run(),
                                step.identity(),
                                opened,
                                VerificationWait.deployedAt(
                                        known,
                                        VerificationDefinition.of(
                                                target.environment().verification(), steps),
                                        opened,
                                        step.services().clock().instant())));
        leg = known;
        step.remember();
        follow(step, joined);
    }

    private Pipeline steps(GitOpsStepExecution step) throws IOException, InterruptedException {
        return new Pipeline(step.run().getExternalizableId(), id);
    }

    private static Leg live(
            GitOpsStepExecution step,
            OpenedRepository opened,
            Declaration declaration,
            Target target,
            @CheckForNull String commit)
            throws IOException, InterruptedException {
        String application = target.application().name();
        String environment = target.environment().name();
        Deployment current = step.services()
                .ledgers()
                .of(opened.repository(), opened.branch(), declaration, step.progress())
                .current(application, environment)
                .orElseThrow(() -> new RefusedException("The deployment history has no deployment in " + target
                        + ": deploy with gitopsBumpImage or gitopsPromote and wait with gitopsAwaitSync first."));
        String branch = target.environment().branch().orElse(opened.branch());
        if (commit != null && !isIn(opened, branch, current.commit(), commit)) {
            throw new RefusedException(target + " runs commit " + CommitInfo.abbreviate(current.commit())
                    + ", and not " + CommitInfo.abbreviate(commit)
                    + ": leave 'commit' out, or deploy that release again.");
        }
        if (!current.outcome().wasHealthy()) {
            throw new RefusedException("The deployment history does not know commit "
                    + CommitInfo.abbreviate(current.commit()) + " in " + target
                    + " to be healthy: wait with gitopsAwaitSync first.");
        }
        Leg own = leg(opened, target, branch, commit == null ? current.commit() : commit, current);
        return commit != null
                ? own
                // Somebody may wait for a later commit, which deploys the same.
                : ReleaseVerifications.get()
                        .newest(VerificationWait.deployed(own))
                        .map(Verification.Deployed::commit)
                        .filter(later -> isIn(opened, branch, current.commit(), later))
                        .map(later -> leg(opened, target, branch, later, current))
                        .orElse(own);
    }

    private static boolean isIn(OpenedRepository opened, String branch, String ancestor, String descendant) {
        return ancestor.equals(descendant)
                || opened.repository().isAncestor(branch, ancestor, descendant, Progress.SILENT);
    }

    private static Leg leg(OpenedRepository opened, Target target, String branch, String commit, Deployment current) {
        return new Leg(
                target.toString(),
                target.application().name(),
                target.environment().name(),
                branch,
                commit,
                StepResults.images(current.images()),
                opened.url(),
                new ArrayList<>());
    }

    /** Goes on after a restart while the body runs, or with what comes after it. */
    public void resume(GitOpsStepExecution step) throws Exception {
        if (failed.isKnown()) {
            settle(step);
            return;
        }
        Optional<LiveVerification> known = joined();
        if (known.isPresent()) {
            follow(step, known.get());
        } else {
            Leg lost = Objects.requireNonNull(leg);
            outcome = new Outcome(
                    List.of(),
                    Optional.of(new SyncFailure(
                            "Not verified: the record of the verification of " + lost.title()
                                    + " is gone; verify again.",
                            began,
                            new ArrayList<>(),
                            SyncFailure.Phase.VERIFICATION)));
        }
        if (end != null) {
            decide(step);
        }
    }

    private Optional<LiveVerification> joined() {
        return Optional.ofNullable(leg).map(VerificationWait::deployed).flatMap(ReleaseVerifications.get()::find);
    }

    private void follow(GitOpsStepExecution step, LiveVerification joined) throws Exception {
        VerificationWait begun = new VerificationWait(step, VerificationWait.Awaits.ALL, (lines, bad) -> {
            outcome = new Outcome(lines, bad);
            step.submit(() -> conclude(step));
        });
        wait = begun;
        begun.follow(Map.of(Objects.requireNonNull(leg), joined));
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    /**
     * The body has ended. Does not block.
     *
     * @param failure null for success
     */
    public void ended(GitOpsStepExecution step, @CheckForNull Throwable failure) {
        end = new End(failure);
        try {
            step.submit(() -> {
                step.remember();
                decide(step);
            });
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down; the step resumes after the restart", stopping);
        }
    }

    /** Tells the verification how the body ended; one that was stopped says nothing of the release. */
    private void decide(GitOpsStepExecution step) throws Exception {
        Throwable failure = Objects.requireNonNull(end).failure();
        say(sample(step.run().getExternalizableId(), failure));
        if (isStopped(failure)) {
            step.fail(failure);
            return;
        }
        step.waits();
        conclude(step);
    }

    private void say(Sample sample) {
        joined().ifPresent(live -> live.decide(Pipeline.NAME, sample));
    }

    private static Sample sample(String run, @CheckForNull Throwable failure) {
        if (failure == null) {
            return new Sample(Sample.Kind.GOOD, run);
        }
        String why = Optional.ofNullable(failure.getMessage())
                .filter(message -> !message.isBlank())
                .orElse(
                        failure instanceof FlowInterruptedException
                                ? "the steps were stopped"
                                : failure.getClass().getSimpleName());
        return new Sample(isStopped(failure) ? Sample.Kind.ABORTED : Sample.Kind.FAILED, run + ": " + why);
    }

    /** Whether it was stopped from outside; a {@code timeout} step in the body, or an input that is rejected there, is no such end. */
    private static boolean isStopped(@CheckForNull Throwable failure) {
        return failure instanceof FlowInterruptedException interrupted
                ? interrupted.isActualInterruption()
                : failure instanceof InterruptedException;
    }

    /** Ends the step when both the body and the verification have ended. */
    private void conclude(GitOpsStepExecution step) throws Exception {
        Outcome verified;
        End body;
        synchronized (this) {
            verified = outcome;
            body = end;
            if (concluded || verified == null || body == null || isStopped(body.failure())) {
                return;
            }
            concluded = true;
        }
        step.goesOn();
        if (verified.failure().isPresent()) {
            failed.keep(step, verified.failure().get());
            settle(step);
        } else if (body.failure() != null) {
            step.fail(body.failure());
        } else {
            step.succeed(result(step, verified.lines()));
        }
    }

    private void settle(GitOpsStepExecution step) throws Exception {
        Throwable own = Optional.ofNullable(end).map(End::failure).orElse(null);
        Consumer<String> ends = sentence -> {
            if (own == null) {
                step.fail(new SyncNotReachedException(sentence));
            } else {
                tell(step, sentence);
                step.fail(own);
            }
        };
        failed.settle(step, () -> Optional.of(asked.open(step.run(), step.environment())), ends);
    }

    private static void tell(GitOpsStepExecution step, String sentence) {
        try {
            step.progress().say(sentence);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, "the log of a step cannot be written", e);
        }
    }

    private LinkedHashMap<String, Object> result(GitOpsStepExecution step, List<String> lines) {
        Leg verified = Objects.requireNonNull(leg);
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("commit", verified.commit());
        map.put("images", verified.images());
        map.put("checks", new ArrayList<>(lines));
        map.put(
                "durationMillis",
                Duration.between(began, step.services().clock().instant()).toMillis());
        return map;
    }

    /**
     * The step was stopped. Does not block.
     *
     * @param why a clause
     */
    public void cancel(GitOpsStepExecution step, String why) {
        VerificationWait begun = wait;
        if (begun != null) {
            begun.cancel();
        }
        failed.cancel();
        if (leg != null && end == null) {
            step.services().workers().execute(() -> say(new Sample(Sample.Kind.ABORTED, why)));
        }
    }

    /** Where it stands; empty before it has begun. */
    public Optional<String> summary() {
        return failed.isRollingBack()
                ? Optional.of(Messages.AwaitedSync_rollingBack())
                : Optional.ofNullable(wait).map(VerificationWait::summary);
    }
}
