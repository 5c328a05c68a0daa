package org.jenkinsci.plugins.workflow.support.steps.input;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import jenkins.model.RunAction2;

public class InputAction implements RunAction2 {

    private final transient List<InputStepExecution> executions = new ArrayList<>();
    private transient Run<?, ?> run;

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public synchronized String getIconFileName() {
        return executions.isEmpty() ? null : "help.png";
    }

    @Override
    public synchronized String getDisplayName() {
        return executions.isEmpty() ? null : "Paused for Input";
    }

    @Override
    public String getUrlName() {
        return "input";
    }

    public synchronized void add(@NonNull InputStepExecution step)
            throws IOException, InterruptedException, TimeoutException {
        executions.add(step);
        run.save();
    }

    public synchronized void remove(InputStepExecution exec)
            throws IOException, InterruptedException, TimeoutException {
        executions.remove(exec);
        run.save();
    }

    public synchronized InputStepExecution getExecution(String id) throws InterruptedException, TimeoutException {
        return executions.stream()
                .filter(execution -> execution.getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    public synchronized List<InputStepExecution> getExecutions() throws InterruptedException, TimeoutException {
        return new ArrayList<>(executions);
    }

    public InputStepExecution getDynamic(String token) throws InterruptedException, TimeoutException {
        return getExecution(token);
    }

    public boolean isWaitingForInput() throws InterruptedException, TimeoutException {
        return !getExecutions().isEmpty();
    }
}
