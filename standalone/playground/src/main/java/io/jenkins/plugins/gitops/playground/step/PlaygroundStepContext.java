package io.jenkins.plugins.gitops.playground.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.standalone.StepContextStandIn;
import java.util.List;

/** What a step of the plugin may ask of its run. Nothing is saved: a playground is not restarted. */
final class PlaygroundStepContext extends StepContextStandIn {

    private static final long serialVersionUID = 1L;

    private final transient PipelineExecution execution;

    PlaygroundStepContext(Run<?, ?> run, PipelineExecution execution) {
        super(List.of(
                run,
                run.getParent(),
                listener(execution),
                new EnvVars(execution.environment()),
                node(),
                new FilePath(execution.scope().directory().toFile())));
        this.execution = execution;
    }

    private static TaskListener listener(PipelineExecution execution) {
        return execution::console;
    }

    @Override
    public void setResult(Result result) {
        execution.worsen(result == Result.NOT_BUILT ? RunResult.ABORTED : RunResult.valueOf(result.toString()));
    }
}
