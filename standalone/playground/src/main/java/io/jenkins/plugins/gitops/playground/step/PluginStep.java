package io.jenkins.plugins.gitops.playground.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Failures;
import io.jenkins.plugins.gitops.playground.jenkinsfile.PipelineExecution;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepCall;
import io.jenkins.plugins.gitops.playground.jenkinsfile.StepLibrary;
import io.jenkins.plugins.gitops.standalone.BodyStandIn;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** One of the plugin's steps: made, started, awaited and, when the run is aborted, stopped as Jenkins does. */
final class PluginStep implements StepLibrary.Function {

    /** How long a stopped step may take to say that it ended. */
    private static final long STOP_SECONDS = 20;

    private final StepDescriptor descriptor;
    private final StepBinding<? extends Step> binding;
    private final Run<?, ?> run;

    PluginStep(StepDescriptor descriptor, Run<?, ?> run) {
        this.descriptor = descriptor;
        this.binding = new StepBinding<>(descriptor.clazz);
        this.run = run;
    }

    @Override
    public Object run(@NonNull StepCall call, @NonNull PipelineExecution execution) throws Exception {
        requireBlock(call.block().isPresent());
        Step step = binding.bind(call);
        PlaygroundStepContext context = new PlaygroundStepContext(run, execution);
        BlockingQueue<Optional<BodyStandIn>> turns = new LinkedBlockingQueue<>();
        call.block().ifPresent(block -> context.withBody(body -> turns.add(Optional.of(body))));
        context.ended().whenComplete((result, failure) -> turns.add(Optional.empty()));
        StepExecution started = step.start(context);
        if (started.start()) {
            return context.ended().get();
        }
        try {
            for (Optional<BodyStandIn> turn = turns.take(); turn.isPresent(); turn = turns.take()) {
                body(turn.get(), call.requireBlock(), execution);
            }
            return context.ended().get();
        } catch (InterruptedException aborted) {
            stop(started, context);
            throw aborted;
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception exception ? exception : failure;
        }
    }

    /** Pipelines know no block that may be left out, and refuse both before they make the step. */
    private void requireBlock(boolean isThere) {
        if (isThere != descriptor.takesImplicitBlockArgument()) {
            throw new IllegalStateException(
                    descriptor.getFunctionName() + (isThere ? " takes no block" : " must be called with a block"));
        }
    }

    /** In the thread of the run: an abort interrupts what the block does, and the step hears of it as of the block's end. */
    private static void body(BodyStandIn body, Closure<?> block, PipelineExecution execution) {
        Object result;
        try {
            result = execution.call(block);
        } catch (Throwable failure) {
            Throwable cause = Failures.cause(failure);
            body.fails(
                    cause instanceof InterruptedException && !(cause instanceof FlowInterruptedException)
                            ? new FlowInterruptedException(Result.ABORTED, true, new Aborted())
                            : cause);
            return;
        }
        body.succeeds(result);
    }

    private static void stop(StepExecution started, PlaygroundStepContext context) throws Exception {
        started.stop(new FlowInterruptedException(Result.ABORTED, true, new Aborted()));
        try {
            context.ended().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException expected) {
            return;
        } catch (TimeoutException e) {
            throw new IllegalStateException("a step did not stop within " + STOP_SECONDS + " s", e);
        }
    }

    private static final class Aborted extends CauseOfInterruption {

        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Aborted in the playground";
        }
    }
}
