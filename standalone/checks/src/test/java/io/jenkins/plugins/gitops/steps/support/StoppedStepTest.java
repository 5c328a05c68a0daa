package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A step that is stopped while it looks at its pull request. */
class StoppedStepTest {

    private final List<String> closings = new ArrayList<>();
    private final Workers workers = new Workers();

    @Test
    void theStopAndTheLookUnderWayCloseOneAfterTheOther() throws Exception {
        new StandIn().install().withExtension(new GitOpsServices() {
            @Override
            public ExecutorService workers() {
                return workers;
            }
        });
        WaitingStep step = new WaitingStep(new RecordedStepContext(Pipelines.run("promote")));
        step.start();
        workers.runAll();

        step.submit(() -> {
            step.stop(new InterruptedException("aborted"));
            throw pending("by the look");
        });
        workers.runAll();

        assertThat(Thread.interrupted()).as("the look is interrupted").isTrue();
        assertThat(closings).containsExactly("by the stop", "end of by the stop", "by the look", "end of by the look");
    }

    private PendingDelivery pending(String name) {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        return new PendingDelivery("Waiting.", "https://git.example.org/config.git", tomorrow, reason -> {
            closings.add(name);
            workers.runAll();
            closings.add("end of " + name);
        });
    }

    private final class WaitingStep extends GitOpsStepExecution {

        private static final long serialVersionUID = 1L;

        WaitingStep(RecordedStepContext context) {
            super(context);
        }

        @Override
        protected void proceed() {
            throw pending("by the stop");
        }
    }

    /** Runs what it was given when it is told to: what a task finds here, another thread would do beside it. */
    private static final class Workers extends AbstractExecutorService {

        private final Queue<Runnable> given = new ArrayDeque<>();

        void runAll() {
            for (Runnable task = given.poll(); task != null; task = given.poll()) {
                task.run();
            }
        }

        @Override
        public void execute(Runnable task) {
            given.add(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) {
            return true;
        }
    }
}
