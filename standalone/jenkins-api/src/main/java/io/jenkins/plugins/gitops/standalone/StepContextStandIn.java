package io.jenkins.plugins.gitops.standalone;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a step may ask of its run, for a step outside of a Pipeline; keeps how it ended and saves nothing. */
public class StepContextStandIn extends StepContext {

    private static final long serialVersionUID = 1L;

    private transient volatile Result result;
    private transient volatile Consumer<BodyStandIn> body;

    private final transient List<Object> available;
    private final transient CompletableFuture<Object> ended = new CompletableFuture<>();

    /** @param available what the step may have, each by its type */
    public StepContextStandIn(@NonNull List<Object> available) {
        this.available = List.copyOf(available);
    }

    /** A node of no Pipeline. */
    @NonNull
    public static FlowNode node() {
        return new FlowNode(null, "1", List.of()) {
            @Override
            protected String getTypeDisplayName() {
                return "step";
            }
        };
    }

    /** Completes with what the step returns, or with its failure. */
    @NonNull
    public final CompletableFuture<Object> ended() {
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
        this.result = result;
    }

    /** What the step made of the run; null where it left it alone. */
    @CheckForNull
    public final String result() {
        return result == null ? null : result.toString();
    }

    /** Gives the step a body, which it may begin. */
    public final void withBody(@NonNull Consumer<BodyStandIn> begins) {
        body = begins;
    }

    @Override
    public boolean hasBody() {
        return body != null;
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        if (!hasBody()) {
            throw new IllegalStateException("this step has no body");
        }
        return new BodyStandIn(this, body);
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
