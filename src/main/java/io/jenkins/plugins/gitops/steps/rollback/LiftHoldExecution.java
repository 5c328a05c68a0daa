package io.jenkins.plugins.gitops.steps.rollback;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Lifts what rollbacks hold. Which holds was found out once: after a restart those are lifted that are not yet. */
class LiftHoldExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final RollbackStep step;
    private final String reason;

    /** The rollbacks whose holds are lifted, by commit; empty before they are known. */
    private volatile ArrayList<String> lifting = new ArrayList<>();

    LiftHoldExecution(@NonNull StepContext context, @NonNull RollbackStep step, @NonNull String reason) {
        super(context);
        this.step = step;
        this.reason = reason;
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        Progress progress = progress();
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), progress), opened.branch());
        Declarations.requireJob(declaration.application(step.application()), provenance());
        Ledger ledger = services().ledgers().of(opened.repository(), opened.branch(), declaration, progress);
        worksOn(step.choice(), step.application());
        List<Hold> holds = new ArrayList<>();
        for (String environment : step.environments()) {
            List<Hold> found = ledger.holds(step.application(), environment).toList();
            if (found.isEmpty() && lifting.isEmpty()) {
                throw new RefusedException(
                        "There is no hold to lift in " + step.application() + "/" + environment + ".");
            }
            holds.addAll(found);
        }
        if (lifting.isEmpty()) {
            lifting = new ArrayList<>(holds.stream().map(Hold::rollback).toList());
            remember();
        }
        DeploymentNotes notes = new DeploymentNotes(opened.repository(), opened.author());
        String startedBy = Optional.ofNullable(provenance().startedBy()).orElse("a run");
        for (Hold hold : holds) {
            if (lifting.contains(hold.rollback())) {
                notes.lift(hold, startedBy, reason, progress);
                progress.say("Lifted: " + hold.target() + " was " + hold);
            }
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("lifted", lifting);
        services().gates().lookAgain(step.application());
        succeed(map);
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.LiftHoldExecution_status(step.application(), String.join(", ", step.environments()));
    }
}
