package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.PlanOutcome;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import io.jenkins.plugins.gitops.engine.terraform.TerraformPlan;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reads a plan, prints it, has it approved at the gate of an environment where one is named, runs its block to apply it, and
 * returns what it does. What was approved is bound to the digests of the plan's files: if they are others when the gate lets it
 * pass, it does not. What became of the plan goes to the ledger when the block has ended, and not before.
 */
class TerraformPlanExecution extends GatedStepExecution {

    private static final long serialVersionUID = 3L;
    private static final Logger LOGGER = Logger.getLogger(TerraformPlanExecution.class.getName());

    private final TerraformStep step;
    private final String file;

    /** What people are asked about; null before the plan was read. */
    @CheckForNull
    private volatile ReviewedPlan reviewed;

    /** Null before it may be applied, or where the step has no block. */
    @CheckForNull
    private volatile AppliedPlan applied;

    TerraformPlanExecution(StepContext context, TerraformStep step, String file, OnRejected onRejected) {
        super(context, onRejected);
        this.step = step;
        this.file = file;
    }

    @Override
    protected void proceed() throws Exception {
        AppliedPlan begun = applied;
        if (begun != null && begun.isBegun()) {
            if (begun.end() != null) {
                conclude(begun);
            }
            return;
        }
        Optional<Gate> kept = kept();
        ReviewedPlan before = reviewed;
        if (kept.isPresent() && before != null) {
            resumeAt(kept.get(), questions(before));
            return;
        }
        PlanFiles.Read read = files().read();
        progress().say("Plan " + file + ": " + read.plan().summary() + ".");
        for (String line : read.plan().lines()) {
            progress().say("  " + line);
        }
        Optional<Finished> found = files().findings();
        ReviewedPlan plan = ReviewedPlan.of(read, found);
        for (String line : plan.findingLines()) {
            progress().say(line);
        }
        reviewed = plan;
        if (step.getEnvironment() == null) {
            if (read.plan().isEmpty()) {
                succeed(plan.result());
            } else {
                apply(plan.result());
            }
            return;
        }
        OpenedRepository opened = step.open(run(), environment());
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), progress()), opened.branch());
        Target target = declaration.target(step.application(), step.environment());
        Declarations.requireJob(target.application(), provenance());
        worksOn(step.choice(), step.application());
        if (read.plan().isEmpty() || step.looksForDrift()) {
            look(opened, declaration, read.plan(), plan);
        } else {
            review(opened, declaration, target, read, plan, found);
        }
    }

    /** Nobody is to apply it: it says whether what is there has drifted. */
    private void look(OpenedRepository opened, Declaration declaration, TerraformPlan plan, ReviewedPlan reviewed)
            throws Exception {
        Outcome seen = step.looksForDrift() && plan.isDrift() ? Outcome.DRIFTED : Outcome.UNCHANGED;
        PlanOutcome outcome = outcome(reviewed);
        Ledger ledger = services().ledgers().of(opened.repository(), opened.branch(), declaration, progress());
        if (outcome.isNews(seen, ledger)) {
            record(opened, outcome, seen);
        }
        LinkedHashMap<String, Object> result = reviewed.result();
        if (step.looksForDrift()) {
            result.put("drift", plan.isDrift());
        }
        succeed(result);
    }

    /** Where there is no gate, only a freeze or a lock keeps the plan from passing. */
    private void review(
            OpenedRepository opened,
            Declaration declaration,
            Target target,
            PlanFiles.Read read,
            ReviewedPlan plan,
            Optional<Finished> found)
            throws Exception {
        Optional<GateDefinition> gate = target.environment().gate();
        if (gate.isEmpty()) {
            services()
                    .rolloutQuestions(
                            opened,
                            step.application(),
                            List.of(target.environment().name()))
                    .requireOpen(declaration, progress());
            apply(plan.result());
            return;
        }
        plan.limit(found, gate.get().findings());
        String source = provenance().sourceCommit();
        services().ledgers().of(opened.repository(), opened.branch(), declaration, progress()).deployments().stream()
                .filter(deployment -> deployment.commit().equals(source)
                        && deployment.environment().equals(target.environment().name())
                        && deployment.application().equals(target.application().name()))
                .findFirst()
                .ifPresent(plan::rollsBack);
        remember();
        waitAt(
                new GateSubject.Question(gateId(), "Apply to " + target + ": " + plan.summary() + "?", provenance()),
                gate.get().forPlan(read.plan().destroyedTypes()),
                questions(plan));
    }

    private GateQuestions questions(ReviewedPlan plan) throws Exception {
        return services()
                .planQuestions(
                        step.open(run(), environment()),
                        step.application(),
                        step.environment(),
                        plan.clause(),
                        plan.lines(),
                        plan.findings());
    }

    /** A freeze or a lock may have begun meanwhile. */
    @Override
    protected void grantedBefore(LiveGate granted) {
        granted.reopen("Jenkins restarted before the plan was passed on; its requirements are checked again");
    }

    @Override
    public void granted(LiveGate granted) throws Exception {
        ReviewedPlan plan = reviewed;
        if (plan == null || !files().are(plan.jsonDigest(), plan.binaryDigest())) {
            String reason = "the files of the plan have changed since it was approved";
            throw refuse(
                    granted,
                    reason,
                    new RefusedException("The plan in " + file + " may not be applied: " + reason
                            + "; plan again, and have that approved."));
        }
        granted.answered();
        LinkedHashMap<String, Object> result = plan.result();
        result.put("gate", StepResults.gate(granted.gate(), gateUrl()));
        apply(result);
    }

    /** Runs the block; without one, whether the plan is applied is not known. */
    private void apply(LinkedHashMap<String, Object> result) throws Exception {
        if (!getContext().hasBody()) {
            succeed(result);
            return;
        }
        applied = new AppliedPlan(
                step.getEnvironment() == null ? null : outcome(Objects.requireNonNull(reviewed)), result);
        remember();
        if (!hasEnded()) {
            getContext().newBodyInvoker().withCallback(new Body(this)).start();
        }
    }

    /** Kept by Jenkins with the running body. */
    private static final class Body extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        private final TerraformPlanExecution step;

        Body(TerraformPlanExecution step) {
            this.step = step;
        }

        /** Jenkins saves this together with the body that it has begun: no restart begins it twice, or never. */
        @Override
        public void onStart(StepContext context) {
            Objects.requireNonNull(step.applied).begin();
        }

        @Override
        public void onSuccess(StepContext context, @CheckForNull Object result) {
            step.ended(null);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            step.ended(failure);
        }
    }

    private void ended(@CheckForNull Throwable failure) {
        AppliedPlan plan = Objects.requireNonNull(applied);
        plan.end(failure);
        try {
            submit(() -> {
                remember();
                conclude(plan);
            });
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down; the step resumes after the restart", stopping);
        }
    }

    /** The block has ended: the ledger says how, then the step ends. */
    private void conclude(AppliedPlan plan) throws Exception {
        Throwable failure = Objects.requireNonNull(plan.end()).failure();
        try {
            if (plan.outcome != null) {
                record(
                        step.open(run(), environment()),
                        plan.outcome,
                        failure == null ? Outcome.APPLIED : Outcome.FAILED);
            }
        } catch (GitOpsException unrecorded) {
            String sentence = "The ledger does not record the result of the plan in " + file + ", which "
                    + (failure == null ? "is applied" : "has failed") + ": " + unrecorded.getMessage();
            if (failure == null) {
                throw new RefusedException(sentence);
            }
            progress().say(sentence);
        }
        if (failure == null) {
            plan.result.put("applied", true);
            succeed(plan.result);
        } else {
            fail(failure);
        }
    }

    private PlanOutcome outcome(ReviewedPlan plan) throws Exception {
        return new PlanOutcome(
                gateId(),
                services().clock().instant(),
                step.application(),
                step.environment(),
                plan.digest(),
                plan.counts(),
                provenance());
    }

    private void record(OpenedRepository opened, PlanOutcome outcome, Outcome became) throws Exception {
        outcome.write(opened.repository(), opened.branch(), opened.author(), became, kept(), progress());
        progress()
                .say("Recorded in the ledger of " + step.application() + "/" + step.environment() + ": " + became.word()
                        + ", plan " + outcome.digest() + ".");
    }

    /** A block that is stopped together with its step may have applied a part of the plan. */
    @Override
    protected void released() {
        super.released();
        AppliedPlan plan = applied;
        if (plan != null && plan.isBegun() && plan.end() == null) {
            plan.end(new InterruptedException("stopped"));
            services().workers().execute(() -> {
                try {
                    if (plan.outcome != null) {
                        record(step.open(run(), environment()), plan.outcome, Outcome.FAILED);
                    }
                } catch (Exception e) {
                    LOGGER.log(Level.WARNING, "The ledger does not record that the apply of a plan was stopped", e);
                }
            });
        }
    }

    @Override
    protected Serializable refused(Gate ended) throws Exception {
        ReviewedPlan plan = reviewed;
        LinkedHashMap<String, Object> result = plan == null ? new LinkedHashMap<>() : plan.result();
        result.put("gate", StepResults.gate(ended, gateUrl()));
        return result;
    }

    private PlanFiles files() throws Exception {
        FilePath directory = getContext().get(FilePath.class);
        if (directory == null) {
            throw new RefusedException("The workspace of the plan in " + file + " is gone; plan again.");
        }
        List<String> reports = step.getFindings();
        return new PlanFiles(directory, file, step.getPlan(), reports == null ? List.of() : reports);
    }

    @Override
    public String getStatus() {
        return isAtGate() ? super.getStatus() : Messages.TerraformPlanExecution_status(file);
    }
}
