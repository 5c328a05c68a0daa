package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.EnvVars;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs and step contexts without a Jenkins. */
public final class Pipelines {

    private Pipelines() {}

    /** The first run of a job. */
    public static Run<?, ?> run(String job) throws IOException {
        return run(Jenkins.get(), job);
    }

    /** The first run of a job that stands in a folder. */
    public static Run<?, ?> run(ItemGroup<?> place, String job) throws IOException {
        ARun run = new ARun(new AJob(place, job));
        run.number = 1;
        return run;
    }

    private static final class AJob extends Job<AJob, ARun> {
        AJob(ItemGroup<?> place, String name) {
            super(place, name);
        }
    }

    private static final class ARun extends Run<AJob, ARun> {
        ARun(AJob job) throws IOException {
            super(job);
        }
    }

    private static final class ANode extends FlowNode {
        ANode() {
            super(null, "1", List.of());
        }

        @Override
        protected String getTypeDisplayName() {
            return "a step";
        }
    }

    /** What a step may ask of its run; keeps its log and how it ended. */
    static class Context extends StepContext {

        private static final long serialVersionUID = 1L;

        private final transient ByteArrayOutputStream log = new ByteArrayOutputStream();
        private final transient CompletableFuture<Object> end = new CompletableFuture<>();
        private final transient List<Object> available;

        Context(Run<?, ?> run) {
            PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
            TaskListener listener = () -> stream;
            available = List.of(run, listener, new EnvVars(), new ANode());
        }

        /** With a log and an end of its own. */
        Context(Context like) {
            this((Run<?, ?>) like.available.get(0));
        }

        CompletableFuture<Object> end() {
            return end;
        }

        String log() {
            return log.toString(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T get(Class<T> key) {
            return Stream.of(available.toArray())
                    .filter(key::isInstance)
                    .map(key::cast)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public void onSuccess(Object result) {
            end.complete(result);
        }

        @Override
        public void onFailure(Throwable cause) {
            end.completeExceptionally(cause);
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
}
