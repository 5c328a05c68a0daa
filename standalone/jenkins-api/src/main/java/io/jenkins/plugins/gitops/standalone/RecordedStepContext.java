package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The context of a step in a run, which keeps the step's log. */
public class RecordedStepContext extends StepContextStandIn {

    private static final long serialVersionUID = 1L;

    private final transient ByteArrayOutputStream log;

    public RecordedStepContext(@NonNull Run<?, ?> run) {
        this(run, new ByteArrayOutputStream());
    }

    private RecordedStepContext(Run<?, ?> run, ByteArrayOutputStream log) {
        super(List.of(run, run.getParent(), listener(log), new EnvVars(), node()));
        this.log = log;
    }

    private static TaskListener listener(ByteArrayOutputStream log) {
        PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
        return () -> stream;
    }

    /** All that the step has said so far. */
    @NonNull
    public final String log() {
        return log.toString(StandardCharsets.UTF_8);
    }
}
