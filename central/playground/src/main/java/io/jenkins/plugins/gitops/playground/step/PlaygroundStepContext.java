package io.jenkins.plugins.gitops.playground.step;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.EnvVars;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a step of the plugin may ask of its run. Nothing is saved: a playground is not restarted. */
final class PlaygroundStepContext extends StepContext {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> available;
    private final transient PipelineExecution execution;
    private final transient CompletableFuture<Object> ended = new CompletableFuture<>();

    PlaygroundStepContext(Run<?, ?> run, PipelineExecution execution) {
        this.execution = execution;
        TaskListener listener = execution::console;
        this.available = List.of(run, run.getParent(), listener, new EnvVars(execution.environment()), node());
    }

    private static FlowNode node() {
        return new FlowNode(null, "1", List.of()) {
            @Override
            protected String getTypeDisplayName() {
                return "step";
            }
        };
    }

    /** Completes with what the step returns, or with its failure. */
    CompletableFuture<Object> ended() {
        return ended;
    }

    @Override
    public <T> T get(Class<T> key) {
        return available.stream()
                .filter(key::isInstance)
                .map(key::cast)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void onSuccess(@Nullable Object result) {
        ended.complete(result);
    }

    @Override
    public void onFailure(@NonNull Throwable failure) {
        ended.completeExceptionally(failure);
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
        execution.worsen(result == Result.NOT_BUILT ? RunResult.ABORTED : RunResult.valueOf(result.toString()));
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
