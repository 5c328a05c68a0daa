package io.jenkins.plugins.gitops.steps.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Waits until people have approved, and returns who they were. */
class ApprovalExecution extends GatedStepExecution {

    private static final long serialVersionUID = 2L;

    private final ApprovalStep step;

    /** How long people have; null for ever. */
    @CheckForNull
    private final Duration expires;

    ApprovalExecution(
            @NonNull StepContext context,
            @NonNull ApprovalStep step,
            @NonNull OnRejected onRejected,
            @CheckForNull Duration expires) {
        super(context, onRejected);
        this.step = step;
        this.expires = expires;
    }

    @Override
    protected void proceed() throws Exception {
        Optional<Gate> kept = kept();
        if (kept.isPresent()) {
            resumeAt(kept.get(), GateQuestions.of(List.of()));
        } else {
            waitAt(
                    new GateSubject.Question(gateId(), step.getMessage(), provenance()),
                    definition(),
                    GateQuestions.of(List.of()));
        }
    }

    private GateDefinition definition() {
        List<String> from = step.getFrom();
        List<String> checklist = step.getChecklist();
        return new GateDefinition(
                List.of(new Approvals(step.getRequired(), from == null ? List.of() : from)),
                checklist == null ? List.of() : checklist,
                step.isSeparationOfDuties() ? SeparationOfDuties.STARTER_AND_AUTHORS : SeparationOfDuties.NONE,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                expires,
                null,
                NewerRelease.QUEUES,
                List.of());
    }

    @Override
    public void granted(@NonNull LiveGate granted) throws Exception {
        granted.answered();
        succeed(StepResults.gate(granted.gate(), gateUrl()));
    }

    @Override
    @NonNull
    protected Serializable refused(@NonNull Gate ended) throws Exception {
        return StepResults.gate(ended, gateUrl());
    }
}
