package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.HyperlinkNote;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateDesk;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateStory;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.OpenGate;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRefusedException;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.pages.gate.OfferedGate;
import io.jenkins.plugins.gitops.steps.Messages;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that may wait at a gate. The gate's events are kept with the run under an id that is made once and stays with
 * the step, so after a restart the step finds its gate as it left it: open, then it waits on; granted but not yet
 * promoted, then it goes on with that; ended, then it ends too.
 */
public abstract class GatedStepExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(GatedStepExecution.class.getName());

    private final String gateId = UUID.randomUUID().toString();

    private transient volatile OpenGate gate;
    private transient volatile OfferedGate offered;

    public GatedStepExecution(@NonNull StepContext context) {
        super(context);
    }

    /** Id of the gate, and of the commit that it guards. */
    @NonNull
    public final String gateId() {
        return gateId;
    }

    /** Every requirement held: goes on. Called once for each start of the controller, off the CPS thread. */
    public abstract void granted(@NonNull OpenGate granted) throws Exception;

    /** The gate's events so far; empty when it was never opened. */
    @NonNull
    public final List<GateEvent> past() throws IOException, InterruptedException {
        return GateAction.events(run(), gateId);
    }

    /** Opens the gate and waits at it, or takes it up again after a restart. */
    public final void waitAt(
            @NonNull List<GateEvent> past, @NonNull GateDesk.Opening opening, @NonNull List<GateCheck> checks)
            throws Exception {
        waits();
        if (!past.isEmpty() && hasEndedBadly(Gate.of(past))) {
            return;
        }
        GateAction action = GateAction.of(run());
        if (past.isEmpty()) {
            announce();
        }
        Progress progress = progress();
        OpenGate opened = GitOpsServices.get()
                .gates()
                .open(
                        past,
                        opening,
                        checks,
                        action.store(gateId),
                        event -> happened(event, opening.subject(), progress));
        gate = opened;
        offer(opened);
        if (hasEnded()) {
            released();
        } else if (opened.keeper().gate().status().isGranted() && !past.isEmpty()) {
            submit(() -> pass(opened));
        }
    }

    /** The gate may have been decided before it was offered, on another thread that had nothing to withdraw yet. */
    private void offer(OpenGate opened) throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        if (node == null) {
            return;
        }
        OfferedGate offer = new OfferedGate(run(), node, opened, gateUrl());
        offered = offer;
        if (offer.isOpen()) {
            offer.show();
        }
        if (!offer.isOpen()) {
            offer.withdraw();
        }
    }

    private void happened(GateEvent event, GateSubject subject, Progress progress) {
        PromotionEvent.of(event, subject).ifPresent(Notifications::publish);
        if (!(event instanceof GateEvent.Promoted)) {
            progress.say(GateStory.line(event));
        }
        if (event instanceof GateEvent.Granted) {
            submit(() -> pass(GitOpsServices.get().gates().find(gateId).orElseThrow()));
        } else if (event instanceof GateEvent.Rejected
                || event instanceof GateEvent.Expired
                || event instanceof GateEvent.Superseded
                || event instanceof GateEvent.Closed) {
            submit(() -> hasEndedBadly(Gate.of(past())));
        }
    }

    private void pass(OpenGate granted) throws Exception {
        withdraw();
        goesOn();
        granted(granted);
    }

    private boolean hasEndedBadly(Gate ended) throws IOException, InterruptedException {
        if (ended.status() == GateStatus.OPEN || ended.status().isGranted()) {
            return false;
        }
        withdraw();
        fail(new PromotionRefusedException(GateStory.explain(ended)));
        return true;
    }

    private void announce() throws IOException, InterruptedException {
        String address = Jenkins.get().getRootUrl() == null ? null : gateUrl();
        if (address != null) {
            progress().say(HyperlinkNote.encodeTo(address, Messages.GatedStepExecution_link()) + " " + address);
        }
    }

    /** Where people decide. */
    @NonNull
    public final String gateUrl() throws IOException, InterruptedException {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "" : root) + run().getUrl() + GateAction.URL_NAME + "/";
    }

    private void withdraw() {
        OfferedGate offer = offered;
        if (offer != null) {
            offer.withdraw();
        }
    }

    @Override
    protected void released() {
        OpenGate left = gate;
        if (left != null) {
            GitOpsServices.get().workers().execute(() -> {
                try {
                    left.close("the run was aborted");
                    withdraw();
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "the gate of an aborted run could not be closed", e);
                }
            });
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        OpenGate waited = gate;
        return waited == null
                ? Messages.GatedStepExecution_working()
                : waited.keeper().explain();
    }
}
