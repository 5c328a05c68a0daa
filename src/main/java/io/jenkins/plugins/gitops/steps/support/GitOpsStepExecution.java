package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.pages.deployments.DeployingJobs;
import io.jenkins.plugins.gitops.pages.gate.StepPause;
import io.jenkins.plugins.gitops.security.RunIdentity;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step that outlives a restart of the controller. It holds no executor and never blocks the thread that runs the
 * Pipeline:
 *
 * <ol>
 *   <li>{@link #start} and, after a restart, {@link #onResume} hand {@link #proceed} to a shared, bounded pool;
 *   <li>{@link #proceed} works there until it calls {@link #succeed} or {@link #fail}, at once or later from another
 *       thread, for example when a watch has news;
 *   <li>{@link #stop} interrupts the work and ends the step; whatever the work says afterwards is not heard.
 * </ol>
 *
 * Fields of a subclass that are not transient are the state that survives: set what identifies the work in the
 * constructor, so that a repetition continues it rather than doing it twice.
 */
public abstract class GitOpsStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(GitOpsStepExecution.class.getName());

    private static final long SAVE_SECONDS = 60;

    /** A stop and the look that was under way both close: one after another, so that the second finds it closed. */
    @CheckForNull
    private transient CompletableFuture<Void> abandoned;

    private transient volatile Future<?> work;
    private transient volatile AtomicBoolean ended;
    private transient volatile StepPause pause;
    private transient volatile Throwable stopped;
    /** The pull request that the step waits for, and how often it was found as it is. */
    private transient volatile PendingDelivery delivery;

    private transient volatile int looks;
    /** Whether the step had begun before a restart. */
    private transient volatile boolean resumed;

    public GitOpsStepExecution(StepContext context) {
        super(context);
    }

    /**
     * Does the work, or continues it after a restart: called at least once, and again whenever the controller came
     * up while the step had not ended. May block; an interrupt means that the step was stopped.
     *
     * @throws Exception ends the step: a {@link GitOpsException} as one sentence, anything else with its stack trace
     */
    protected abstract void proceed() throws Exception;

    /** Whether somebody, or a step around it, has stopped the step. */
    protected final boolean isStopped() {
        return stopped != null;
    }

    /** Who or what stopped the step, for example a {@code timeout} step around it. */
    protected final String whyStopped() {
        String causes = stopped instanceof FlowInterruptedException interrupted
                ? interrupted.getCauses().stream()
                        .map(CauseOfInterruption::getShortDescription)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(", "))
                : "";
        return causes.isEmpty() ? "the step was stopped" : "the step was stopped: " + causes;
    }

    /** Called once when the step is stopped, on any thread: gives up watches and timers. Must not block. */
    protected void released() {}

    @Override
    public final boolean start() throws Exception {
        begin(() -> {
            remember();
            proceed();
        });
        return false;
    }

    @Override
    public final void onResume() {
        resumed = true;
        begin(this::proceed);
    }

    @Override
    public final void stop(Throwable cause) throws Exception {
        if (end()) {
            stopped = cause;
            Future<?> running = work;
            boolean isWorking = running != null && !running.isDone();
            if (running != null) {
                running.cancel(true);
            }
            released();
            if (pause != null) {
                services().workers().execute(this::goesOn);
            }
            abandon(whyStopped(), isWorking || resumed);
            getContext().onFailure(cause);
        }
    }

    /** Ends the step with its result: a map of strings, numbers, lists and maps, or null. Only the first end counts. */
    public final void succeed(@CheckForNull Serializable result) {
        if (end()) {
            goesOn();
            delivery = null;
            getContext().onSuccess(result);
        }
    }

    /** Ends the step: a {@link GitOpsException} as its one sentence without a stack trace, anything else as it is. */
    public final void fail(Throwable cause) {
        if (end()) {
            goesOn();
            abandon(String.valueOf(cause.getMessage()));
            getContext().onFailure(cause instanceof GitOpsException user ? sentence(user) : cause);
        }
    }

    /** Looks at the pull request of a release again after a pause, and then does the work that waits for it. */
    public final void later(PendingDelivery pending, Work more) {
        PendingDelivery before = delivery;
        boolean isSame = before != null && String.valueOf(before.getMessage()).equals(pending.getMessage());
        looks = isSame ? looks + 1 : 1;
        delivery = pending;
        try {
            if (pause == null) {
                waits();
            }
            if (!isSame) {
                progress().say(String.valueOf(pending.getMessage()));
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, "cannot tell that a step waits", e);
        }
        Duration wait = pending.pause(looks, services().clock().instant());
        services().deliveryPolls().later(pending::isOf, wait, () -> submit(more));
        if (hasEnded()) {
            abandon(whyStopped());
        }
    }

    /** What the step says while it waits for a pull request. */
    protected final Optional<String> delivering() {
        return Optional.ofNullable(delivery).map(PendingDelivery::clause);
    }

    /** Closes the pull request that the step waited for, if there is one that is open. Does not block. */
    protected final void abandon(String reason) {
        abandon(reason, resumed);
    }

    /** @param mayHaveOpened whether the step may have opened one that it did not come to know of */
    private void abandon(String reason, boolean mayHaveOpened) {
        PendingDelivery left = delivery;
        delivery = null;
        if (left != null || mayHaveOpened) {
            Runnable closing = () -> {
                try {
                    if (left != null) {
                        left.abandon(reason);
                    } else {
                        abandonUnknown(reason);
                    }
                } catch (Exception e) {
                    LOGGER.log(Level.WARNING, "The pull request of a step that ended could not be closed", e);
                }
            };
            synchronized (this) {
                abandoned = Optional.ofNullable(abandoned)
                        .orElseGet(() -> CompletableFuture.completedFuture(null))
                        .thenRunAsync(closing, services().workers());
            }
        }
    }

    /** Closes the pull request that the step would have opened, if there is one. Blocking. */
    protected void abandonUnknown(String reason) throws Exception {}

    /** Whether the step was stopped or has its result. */
    public final boolean hasEnded() {
        AtomicBoolean flag = ended;
        return flag != null && flag.get();
    }

    /** Shows the step as paused until it continues or ends; called again after a restart. */
    public final void waits() throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        if (node != null) {
            pause = StepPause.begin(run(), node);
        }
        if (hasEnded()) {
            goesOn();
        }
    }

    /** Nothing that the step waited for is open any more. */
    public final void goesOn() {
        StepPause begun = pause;
        pause = null;
        try {
            if (begun != null) {
                begun.end();
            }
        } catch (IOException e) {
            // Only what views say of the step suffers.
            LOGGER.log(Level.FINE, "cannot end the pause of a step", e);
        }
    }

    /** Runs more of the step's work on the shared pool, for example after a timer; what it throws ends the step. */
    public final void submit(Work more) {
        work = services().workers().submit(() -> perform(more));
    }

    /** A part of the step's work. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** What all steps of this controller share. */
    public final GitOpsServices services() {
        return GitOpsServices.get();
    }

    /** Where the step talks to the person who reads the log. */
    public final Progress progress() throws IOException, InterruptedException {
        TaskListener listener = getContext().get(TaskListener.class);
        return line -> listener.getLogger().println(line);
    }

    public final Run<?, ?> run() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    /** What the run knows about the origin of a change. */
    public final Provenance provenance() throws IOException, InterruptedException {
        return RunProvenance.of(run(), environment());
    }

    /** Of the step; empty where it has none. */
    public final EnvVars environment() throws IOException, InterruptedException {
        EnvVars environment = getContext().get(EnvVars.class);
        return environment == null ? new EnvVars() : environment;
    }

    /** Whom the run acts as. */
    public final RunIdentity identity() throws IOException, InterruptedException {
        FlowExecution flow = getContext().get(FlowExecution.class);
        RunStarters starters = RunStarters.of(run());
        return RunIdentity.of(
                run(),
                flow == null ? ACL.SYSTEM2 : flow.getAuthentication2(),
                starters.unknown().isPresent() ? List.of() : starters.ids());
    }

    /** Has the pages of the run's job show the application, now that the run has opened its repository. */
    public final void worksOn(RepositoryChoice choice, @CheckForNull String application)
            throws IOException, InterruptedException {
        if (application != null) {
            DeployingJobs.get().remember(run(), choice, application);
        }
    }

    private void begin(Work first) {
        ended = new AtomicBoolean();
        submit(first);
    }

    /** Has the state written before anything is done, or a killed controller would do it again under another id. */
    public final void remember() throws Exception {
        getContext().saveState().get(SAVE_SECONDS, TimeUnit.SECONDS);
    }

    private boolean end() {
        AtomicBoolean flag = ended;
        return flag == null || flag.compareAndSet(false, true);
    }

    private void perform(Work part) {
        try {
            if (!hasEnded()) {
                part.run();
            }
        } catch (PendingDelivery pending) {
            if (!isStopping()) {
                later(pending, part);
            }
        } catch (Throwable e) {
            if (isStopping()) {
                LOGGER.log(Level.FINE, "Jenkins is shutting down; the step resumes after the restart", e);
            } else {
                fail(e);
            }
        }
    }

    /** Whether Jenkins stops: what that interrupts has not failed. */
    protected static boolean isStopping() {
        return GitOpsServices.get().workers().isShutdown();
    }

    private static AbortException sentence(GitOpsException cause) {
        LOGGER.log(Level.FINE, "a step ended with a user error", cause);
        return new AbortException(cause.getMessage());
    }
}
