package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step's state as a controller keeps it, so that a test can go on with it on another one: without the context. */
public final class StepState {

    private StepState() {}

    @NonNull
    public static byte[] write(@NonNull Serializable execution) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new WithoutContext(bytes)) {
            out.writeObject(execution);
        }
        return bytes.toByteArray();
    }

    /** The step again, in another context. */
    @NonNull
    public static StepExecution read(@NonNull byte[] state, @NonNull StepContext context)
            throws IOException, ClassNotFoundException {
        return (StepExecution) readAny(state, context);
    }

    /** Likewise whatever else was written, such as a step with those who hear of the end of its body. */
    @NonNull
    public static Object readAny(@NonNull byte[] state, @NonNull StepContext context)
            throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new WithContext(state, context)) {
            return in.readObject();
        }
    }

    /** Stands for the context, which a controller keeps in its own way. */
    private record Place() implements Serializable {}

    private static final class WithoutContext extends ObjectOutputStream {

        WithoutContext(OutputStream out) throws IOException {
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

        WithContext(byte[] state, StepContext context) throws IOException {
            super(new ByteArrayInputStream(state));
            this.context = context;
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Place ? context : object;
        }
    }
}
