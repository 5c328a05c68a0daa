package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step's state as a controller keeps it, so that a test can go on with it on another one. */
final class KilledController {

    private KilledController() {}

    /** A context whose controller is killed while it saves the step's state: the state is kept, the step goes no further. */
    static final class Dying extends Pipelines.Context {

        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<byte[]> kept = new CompletableFuture<>();
        private final transient int saves;
        private transient StepExecution execution;
        private transient int saved;

        /** @param saves at which saving it is killed, counted from 1 */
        Dying(Pipelines.Context like, int saves) {
            super(like);
            this.saves = saves;
        }

        void runs(StepExecution running) {
            execution = running;
        }

        /** The state, once the controller has died. */
        CompletableFuture<byte[]> kept() {
            return kept;
        }

        @Override
        public synchronized ListenableFuture<Void> saveState() {
            saved++;
            if (saved < saves) {
                return Futures.immediateFuture(null);
            }
            try {
                kept.complete(write(execution));
            } catch (IOException e) {
                kept.completeExceptionally(e);
            }
            return Futures.immediateFailedFuture(new IOException("killed"));
        }
    }

    /** The state of a step. */
    static byte[] write(StepExecution execution) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ContextLess(bytes)) {
            out.writeObject(execution);
        }
        return bytes.toByteArray();
    }

    /** The step again, in another context. */
    static StepExecution read(byte[] state, StepContext context) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new WithContext(new ByteArrayInputStream(state), context)) {
            return (StepExecution) in.readObject();
        }
    }

    /** Stands for the context, which a controller keeps in its own way. */
    private static final class Place implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static final class ContextLess extends ObjectOutputStream {

        ContextLess(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof StepContext ? new Place() : object;
        }
    }

    private static final class WithContext extends ObjectInputStream {

        private final StepContext context;

        WithContext(InputStream in, StepContext context) throws IOException {
            super(in);
            this.context = context;
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Place ? context : object;
        }
    }
}
