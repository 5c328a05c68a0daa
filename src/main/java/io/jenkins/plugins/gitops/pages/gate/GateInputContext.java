package io.jenkins.plugins.gitops.pages.gate;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import io.jenkins.plugins.gitops.pages.Messages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;
import org.jenkinsci.plugins.workflow.support.steps.input.Rejection;

/**
 * What an {@code input} runs in when it stands for a gate. Its end is not the end of the step: a click on Approve or
 * Reject becomes that person's decision at the gate, which takes it or refuses it.
 *
 * <p>An input writes down that it was approved before it says so here, and ends the pause of its node. The gate keeps
 * its own record, in which a refused click does not stand, and its step may wait on; so the input gets a node that is
 * nobody's, and no log, and its mark on the run is taken back.
 */
final class GateInputContext extends StepContext {

    private static final long serialVersionUID = 1L;

    private final transient OfferedGate gate;
    private final transient FlowNode node;

    GateInputContext(OfferedGate gate) {
        this.gate = gate;
        node = new LikeNode(gate.node());
    }

    @Override
    public <T> T get(Class<T> key) {
        List<Object> known = List.of(gate.run(), node, TaskListener.NULL);
        return known.stream().filter(key::isInstance).map(key::cast).findFirst().orElse(null);
    }

    /** @param value what was given as the only parameter, or null */
    @Override
    public void onSuccess(@Nullable Object value) {
        takeBack(gate.run());
        gate.approve(value instanceof String comment ? comment : "");
    }

    /** An input fails when somebody clicks Reject; of anything else that may end it, the gate hears nothing. */
    @Override
    public void onFailure(Throwable cause) {
        if (cause instanceof FlowInterruptedException click
                && click.getCauses().stream().anyMatch(Rejection.class::isInstance)) {
            gate.reject(Messages.GateInput_noReason());
        }
    }

    private static void takeBack(Run<?, ?> run) {
        User user = User.current();
        if (user == null) {
            return;
        }
        // Of several marks of one person, each is like the other.
        run.getActions(ApproverAction.class).stream()
                .filter(mark -> mark.getUserId().equals(user.getId()))
                .findFirst()
                .ifPresent(run::removeAction);
        try {
            run.save();
        } catch (IOException e) {
            throw new UncheckedIOException("the run could not be saved", e);
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public ListenableFuture<Void> saveState() {
        return Futures.immediateFuture(null);
    }

    @Override
    public void setResult(Result result) {
        // The run's result is the step's to say.
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        throw new IllegalStateException("an input has no body");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GateInputContext context && context.gate == gate;
    }

    @Override
    public int hashCode() {
        return Objects.hash(gate);
    }

    /** Equal to the step's node, so that views find the input by it; what is done to it stays here. */
    private static final class LikeNode extends FlowNode {

        private final transient FlowNode like;

        LikeNode(FlowNode like) {
            super(like.getExecution(), like.getId(), List.of());
            this.like = like;
        }

        @Override
        protected String getTypeDisplayName() {
            return like.getDisplayName();
        }

        @Override
        public void save() {
            // The actions of the step's node stay as they are.
        }
    }
}
