package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** The body of a step: whoever stands in for the Pipeline runs it, and says how it ended. */
public final class BodyStandIn extends BodyInvoker {

    private final StepContext context;
    private final Consumer<BodyStandIn> begins;
    private final List<BodyExecutionCallback> callbacks = new ArrayList<>();
    private final CompletableFuture<Object> end = new CompletableFuture<>();

    BodyStandIn(StepContext context, Consumer<BodyStandIn> begins) {
        this.context = context;
        this.begins = begins;
    }

    @Override
    public BodyInvoker withCallback(BodyExecutionCallback callback) {
        callbacks.add(callback);
        return this;
    }

    @Override
    public BodyExecution start() {
        callbacks.forEach(callback -> callback.onStart(context));
        begins.accept(this);
        return new Execution(end);
    }

    /** Those who hear of its end: a controller keeps them. */
    @NonNull
    public List<BodyExecutionCallback> callbacks() {
        return List.copyOf(callbacks);
    }

    public void succeeds(@CheckForNull Object result) {
        end.complete(result);
        callbacks.forEach(callback -> callback.onSuccess(context, result));
    }

    public void fails(@NonNull Throwable failure) {
        end.completeExceptionally(failure);
        callbacks.forEach(callback -> callback.onFailure(context, failure));
    }

    private static final class Execution extends BodyExecution {

        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<Object> end;

        Execution(CompletableFuture<Object> end) {
            this.end = end;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            throw new UnsupportedOperationException("no step cancels its body");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isDone() {
            return end.isDone();
        }

        @Override
        public Object get() throws InterruptedException, ExecutionException {
            return end.get();
        }

        @Override
        public Object get(long timeout, @NonNull TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException {
            return end.get(timeout, unit);
        }
    }
}
