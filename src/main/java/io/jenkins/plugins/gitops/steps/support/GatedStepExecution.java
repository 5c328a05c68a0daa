package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.HyperlinkNote;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.StoppedException;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import io.jenkins.plugins.gitops.pages.gate.OfferedGate;
import io.jenkins.plugins.gitops.steps.Messages;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that may wait at a gate. The gate's events are kept with the run under an id that is made once and stays with
 * the step, so after a restart the step finds its gate as it left it: open, then it waits on; granted but not yet
 * promoted, then it continues with that; ended, then it ends too.
 */
public abstract class GatedStepExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 2L;
    private static final Logger LOGGER = Logger.getLogger(GatedStepExecution.class.getName());

    private volatile String gateId = UUID.randomUUID().toString();
    private final OnRejected onRejected;

    private transient volatile LiveGate gate;
    private transient volatile OfferedGate offered;
    /** Of those who look at reviews the last one does: a gate that was opened again has a new one. */
    private transient volatile Object reviewing;

    /** Why the gate was closed though it was granted. */
    private transient volatile GitOpsException refusal;

    /** @param onRejected what becomes of the run when the gate does not let it pass */
    protected GatedStepExecution(@NonNull StepContext context, @NonNull OnRejected onRejected) {
        super(context);
        this.onRejected = onRejected;
    }

    /** The step's result where its gate did not let it pass and the run continues all the same. */
    @NonNull
    protected abstract Serializable refused(@NonNull Gate ended) throws Exception;

    /** Id of the gate, and of the commit that it guards. */
    @NonNull
    public final String gateId() {
        return gateId;
    }

    /** The step may come to a further gate: this one is over. */
    protected final void nextGate() {
        gateId = UUID.randomUUID().toString();
        gate = null;
        offered = null;
        refusal = null;
    }

    /** All requirements are met: continues. Called once for each start of the controller, off the CPS thread. */
    public abstract void granted(@NonNull LiveGate granted) throws Exception;

    /** The gate as the run has kept it; empty when it was never opened. */
    @NonNull
    public final Optional<Gate> kept() throws IOException, InterruptedException {
        return GateAction.gate(run(), gateId);
    }

    /** Opens the gate and waits at it. */
    public final void waitAt(
            @NonNull GateSubject subject, @NonNull GateDefinition definition, @NonNull GateQuestions questions)
            throws Exception {
        waits();
        announce();
        entered(services().gates().open(subject, definition, questions, new Owner(subject)));
    }

    /** Waits at the gate again after a restart. */
    public final void resumeAt(@NonNull Gate kept, @NonNull GateQuestions questions) throws Exception {
        waits();
        for (GateEvent event : GateAction.of(run()).untold(gateId)) {
            tell(event, kept.subject(), GateAction.of(run()));
        }
        if (hasEndedBadly(kept)) {
            return;
        }
        LiveGate live = services().gates().resume(kept, questions, new Owner(kept.subject()));
        entered(live);
        if (kept.status().isGranted() && !hasEnded()) {
            submit(() -> checkGranted(live));
        }
    }

    private void checkGranted(LiveGate live) throws Exception {
        try {
            grantedBefore(live);
        } catch (PendingDelivery pending) {
            later(pending, () -> checkGranted(live));
        }
    }

    /**
     * The gate was granted before a restart, and the step had not ended.
     *
     * @throws PendingDelivery while the server of its pull request does not answer: it is called again
     */
    protected void grantedBefore(@NonNull LiveGate granted) throws Exception {
        pass(granted);
    }

    /** Commits what the gate let pass; empty where that has to wait again, and what was approved stays so. */
    @NonNull
    protected final Optional<BumpResult> commit(@NonNull LiveGate granted, @NonNull Callable<BumpResult> write)
            throws Exception {
        BumpResult result;
        try {
            result = write.call();
        } catch (StoppedException stopped) {
            // Another controller's turn, or locked since the gate let it pass.
            waitAgain(granted, stopped.getMessage(), stopped.lapsed());
            return Optional.empty();
        } catch (PendingDelivery pending) {
            later(pending, () -> granted(granted));
            return Optional.empty();
        } catch (GitOpsException refused) {
            // A commit that Jenkins' own stop interrupts was refused by nobody.
            throw isStopping() ? refused : refuse(granted, refused.getMessage(), refused);
        }
        granted.promoted(result.commit());
        return Optional.of(result);
    }

    /**
     * Closes a gate that was granted, as what it guards cannot be done.
     *
     * @param reason for the gate's history
     * @return what the step fails with, whichever thread ends it
     */
    @NonNull
    protected final GitOpsException refuse(
            @NonNull LiveGate granted, @NonNull String reason, @NonNull GitOpsException why) {
        refusal = why;
        granted.close(reason);
        return why;
    }

    /** What the gate guards could not be done yet: it is granted again as soon as every requirement holds. */
    protected final void waitAgain(@NonNull LiveGate granted, @NonNull String reason) throws Exception {
        waitAgain(granted, reason, List.of());
    }

    private void waitAgain(LiveGate granted, String reason, List<GateEvent.Review> lapsed) throws Exception {
        waits();
        if (granted.gate().subject() instanceof GateSubject.Promotion promotion) {
            services().gates().lookAgain(promotion.application());
        } else {
            services().gates().lookAgain();
        }
        granted.reopen(reason, lapsed);
        entered(granted);
    }

    private void entered(LiveGate live) throws IOException, InterruptedException {
        gate = live;
        offer(live);
        if (hasEnded()) {
            released();
        } else if (live.gate().isReviewed()) {
            Object turn = new Object();
            reviewing = turn;
            submit(() -> {
                if (turn == reviewing) {
                    review(live);
                }
            });
        }
    }

    /**
     * Has reviews of a pull request count at a gate.
     *
     * @throws PendingDelivery while the gate is open: look again
     */
    protected void review(@NonNull LiveGate open) throws Exception {}

    /** Keeps the gate's events with the run, and acts on them. */
    private final class Owner implements GateOwner {

        private final GateSubject subject;
        private final GateRecords gates;
        private final GateOwner store;
        private final Run<?, ?> run;
        private final Progress progress;

        Owner(GateSubject subject) throws IOException, InterruptedException {
            this.subject = subject;
            run = run();
            gates = GateAction.of(run);
            store = gates.store(gateId);
            progress = progress();
        }

        @Override
        public void append(@NonNull GateEvent event) {
            store.append(event);
        }

        @Override
        public void happened(@NonNull GateEvent event) {
            GatedStepExecution.this.happened(event, subject, gates, progress);
        }

        @Override
        public boolean waits() {
            return run.isBuilding() && stopped().isEmpty();
        }

        @Override
        @NonNull
        public Optional<String> stopped() {
            return isStopped() ? Optional.of(whyStopped()) : Optional.empty();
        }
    }

    private void offer(LiveGate opened) throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        if (node == null) {
            return;
        }
        OfferedGate offer = new OfferedGate(run(), node, opened, gateUrl());
        offered = offer;
        offer.show();
    }

    /** What a crash keeps from being told is told when the step resumes, under the same id. */
    private void tell(GateEvent event, GateSubject subject, GateRecords gates) {
        PromotionEvent.of(event, subject)
                .ifPresent(news -> Notifications.publish(news, () -> gates.told(gateId, event)));
    }

    private void happened(GateEvent event, GateSubject subject, GateRecords gates, Progress progress) {
        tell(event, subject, gates);
        if (!(event instanceof GateEvent.Promoted)) {
            progress.say(GateMessages.line(event));
        }
        if (event instanceof GateEvent.Granted) {
            submit(() -> pass(services().gates().find(gateId).orElseThrow()));
        } else if (event instanceof GateEvent.Rejected
                || event instanceof GateEvent.Expired
                || event instanceof GateEvent.Superseded
                || event instanceof GateEvent.Closed) {
            submit(() -> hasEndedBadly(kept().orElseThrow()));
        }
    }

    /** Continues with what the gate guards. */
    protected final void pass(@NonNull LiveGate granted) throws Exception {
        withdraw();
        goesOn();
        granted(granted);
    }

    private boolean hasEndedBadly(Gate ended) throws Exception {
        if (ended.status() == GateStatus.OPEN || ended.status().isGranted()) {
            return false;
        }
        withdraw();
        goesOn();
        String sentence = GateMessages.explain(ended);
        if (ended.status() == GateStatus.CLOSED) {
            fail(refusal == null ? new RefusedException(sentence) : refusal);
            return true;
        }
        abandon(sentence);
        notGranted(ended);
        switch (onRejected) {
            case ABORT -> fail(new FlowInterruptedException(Result.ABORTED, true, new Refusal(sentence)));
            case FAIL -> fail(new FlowInterruptedException(Result.FAILURE, true, new Refusal(sentence)));
            case UNSTABLE -> {
                progress().say(sentence);
                getContext().setResult(Result.UNSTABLE);
                succeed(refused(ended));
            }
            case CONTINUE -> {
                progress().say(sentence);
                succeed(refused(ended));
            }
        }
        return true;
    }

    /** People said no, or nothing in time: called before that ends the step. */
    protected void notGranted(@NonNull Gate ended) throws Exception {}

    /** Why the run does not go past its gate: an interruption, so that {@code retry} does not ask the same people again. */
    public static final class Refusal extends CauseOfInterruption {

        private static final long serialVersionUID = 1L;

        private final String sentence;

        Refusal(@NonNull String sentence) {
            this.sentence = sentence;
        }

        @Override
        public String getShortDescription() {
            return sentence;
        }
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
        LiveGate left = gate;
        if (left != null) {
            services().workers().execute(() -> {
                try {
                    left.close(whyStopped());
                    withdraw();
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "The gate of a stopped step could not be closed", e);
                }
            });
        }
    }

    /** Whether the step has opened its gate and the gate is not decided. */
    protected final boolean isAtGate() {
        LiveGate waited = gate;
        return waited != null && waited.gate().status() == GateStatus.OPEN;
    }

    @Override
    @NonNull
    public String getStatus() {
        LiveGate waited = gate;
        if (waited != null && waited.gate().status() == GateStatus.OPEN) {
            return waited.explain();
        }
        return delivering().orElseGet(() -> waited == null ? Messages.GatedStepExecution_working() : waited.explain());
    }
}
