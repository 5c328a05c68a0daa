package io.jenkins.plugins.gitops.steps.support;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.model.Run;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** What is left of a controller that is killed. */
public final class KilledController {

    private KilledController() {}

    /** A context whose controller is killed while it saves the step's state: the state is kept, the step goes no further. */
    public static final class Dying extends RecordedStepContext {

        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<byte[]> kept = new CompletableFuture<>();
        private final transient int saves;
        private transient StepExecution execution;
        private transient int saved;

        /** @param saves at which saving it is killed, counted from 1 */
        public Dying(Run<?, ?> run, int saves) {
            super(run);
            this.saves = saves;
        }

        public void runs(StepExecution running) {
            execution = running;
        }

        /** The state, once the controller has died. */
        public CompletableFuture<byte[]> kept() {
            return kept;
        }

        @Override
        public synchronized ListenableFuture<Void> saveState() {
            saved++;
            if (saved < saves) {
                return Futures.immediateFuture(null);
            }
            try {
                kept.complete(StepState.write(execution));
            } catch (IOException e) {
                kept.completeExceptionally(e);
            }
            return Futures.immediateFailedFuture(new IOException("killed"));
        }
    }
}
