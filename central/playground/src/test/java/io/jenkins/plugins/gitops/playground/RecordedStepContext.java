package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.EnvVars;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a step may ask of its run, for a step outside of a Pipeline; keeps its log and how it ended. */
final class RecordedStepContext extends StepContext {

    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final transient ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final transient CompletableFuture<Object> ended = new CompletableFuture<>();
    private final transient List<Object> available;

    RecordedStepContext(@NonNull Run<?, ?> run) {
        PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = () -> stream;
        FlowNode node = new FlowNode(null, "1", List.of()) {
            @Override
            protected String getTypeDisplayName() {
                return "step";
            }
        };
        available = List.of(run, run.getParent(), listener, new EnvVars(), node);
    }

    /** Completes with what the step returns, or with its failure. */
    @NonNull
    CompletableFuture<Object> ended() {
        return ended;
    }

    @NonNull
    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    void awaitLine(@NonNull String part) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(log()).contains(part));
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
    public void setResult(Result result) {}

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
