package org.jenkinsci.plugins.workflow.support.steps.input;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Leaves in the run and on the node what the real one leaves there, in the same order. */
public class InputStepExecution extends StepExecution implements ModelObject {

    private static final long serialVersionUID = 1L;

    private final InputStep input;
    private volatile boolean settled;

    InputStepExecution(InputStep input, StepContext context) {
        super(context);
        this.input = input;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = getRun();
        InputAction action = run.getAction(InputAction.class);
        if (action == null) {
            action = new InputAction();
            action.onAttached(run);
            run.addAction(action);
        }
        action.add(this);
        node().addAction(new PauseAction("Input"));
        return false;
    }

    public String getId() {
        return input.getId();
    }

    public InputStep getInput() {
        return input;
    }

    public Run<?, ?> getRun() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    public boolean isSettled() {
        return settled;
    }

    @Override
    public String getDisplayName() {
        return input.getMessage();
    }

    public HttpResponse proceed(@CheckForNull Map<String, Object> params) throws IOException, InterruptedException {
        User user = User.current();
        if (user != null) {
            getRun().addAction(new ApproverAction(user.getId()));
            getContext().get(TaskListener.class).getLogger().println("Approved by " + user.getId());
        }
        node().addAction(new InputSubmittedAction(user == null ? null : user.getId(), params));
        settle();
        getContext()
                .onSuccess(
                        params != null && params.size() == 1
                                ? params.values().iterator().next()
                                : params);
        return HttpResponses.ok();
    }

    public HttpResponse doProceedEmpty() throws IOException, InterruptedException {
        preSubmissionCheck();
        return proceed(null);
    }

    public HttpResponse doAbort() throws IOException, InterruptedException {
        if (settled) {
            throw new Failure("This input has been already given");
        }
        if (!getRun().getParent().hasPermission(Item.CANCEL) && !canSubmit()) {
            throw new Failure("You need to be '" + input.getSubmitter() + "' to cancel this.");
        }
        settle();
        getContext().onFailure(new FlowInterruptedException(Result.ABORTED, true, new Rejection(User.current())));
        return HttpResponses.ok();
    }

    public void preSubmissionCheck() throws IOException, InterruptedException {
        if (settled) {
            throw new Failure("This input has been already given");
        }
        if (!canSubmit()) {
            throw new Failure("You need to be " + input.getSubmitter() + " to submit this.");
        }
    }

    private boolean canSubmit() throws IOException, InterruptedException {
        if (input.getSubmitter() == null) {
            return getRun().getParent().hasPermission(Item.BUILD);
        }
        Authentication who = Jenkins.getAuthentication2();
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                || Arrays.stream(input.getSubmitter().split(",", -1))
                        .map(String::trim)
                        .anyMatch(name -> name.equalsIgnoreCase(who.getName())
                                || who.getAuthorities().stream()
                                        .map(GrantedAuthority::getAuthority)
                                        .anyMatch(name::equalsIgnoreCase));
    }

    private void settle() throws IOException, InterruptedException {
        settled = true;
        try {
            getRun().getAction(InputAction.class).remove(this);
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
        getRun().save();
        PauseAction.endCurrentPause(node());
    }

    private FlowNode node() throws IOException, InterruptedException {
        return getContext().get(FlowNode.class);
    }
}
