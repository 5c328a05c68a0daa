package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A run of an example, as the plugin's steps see it. */
public final class PlaygroundRun extends Run<PlaygroundJob, PlaygroundRun> {

    private final String branch;
    private final RunLog log;
    private final CompletableFuture<RunResult> ended = new CompletableFuture<>();
    private volatile EnvVars environment = new EnvVars();
    private volatile Thread thread;

    PlaygroundRun(@NonNull PlaygroundJob job, @NonNull String branch, @NonNull String user, @NonNull RunLog log)
            throws IOException {
        super(job);
        this.number = job.nextNumber();
        this.branch = branch;
        this.log = log;
        addAction(new CauseAction(new Cause.UserIdCause(user)));
    }

    @NonNull
    public String branch() {
        return branch;
    }

    @NonNull
    public RunLog log() {
        return log;
    }

    /** Completes when the run is over. */
    @NonNull
    public CompletableFuture<RunResult> ended() {
        return ended.copy();
    }

    /** How the run ended, if it has. */
    @NonNull
    public Optional<RunResult> outcome() {
        return Optional.ofNullable(ended.getNow(null));
    }

    /** Interrupts whatever the run is doing; the run then ends as aborted. */
    public void abort() {
        Optional.ofNullable(thread).ifPresent(Thread::interrupt);
    }

    void start(@NonNull Map<String, String> variables, @NonNull Runnable body) {
        environment = new EnvVars(variables);
        thread = new Thread(body, getFullDisplayName());
        thread.setDaemon(true);
        thread.start();
    }

    void end(@NonNull RunResult result) {
        ended.complete(result);
    }

    @Override
    public Result getResult() {
        return outcome()
                .map(result -> switch (result) {
                    case SUCCESS -> Result.SUCCESS;
                    case UNSTABLE -> Result.UNSTABLE;
                    case FAILURE -> Result.FAILURE;
                    case ABORTED -> Result.ABORTED;
                })
                .orElse(null);
    }

    @Override
    @CheckForNull
    public PlaygroundRun getPreviousBuild() {
        return getParent().before(this);
    }

    @Override
    public boolean isBuilding() {
        return !ended.isDone();
    }

    @Override
    @NonNull
    public EnvVars getEnvironment(@NonNull TaskListener listener) {
        return new EnvVars(environment);
    }
}
