package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.ConfigurationException;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/**
 * Waits without a thread. What it waits for is found once, at the start, and persisted with the absolute deadline; the
 * waits themselves live in memory and are begun again after a restart, by which no time is lost or won.
 */
class AwaitSyncExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(AwaitSyncExecution.class.getName());

    private final String id = UUID.randomUUID().toString();
    private final Instant began = Engines.get().clock().instant();
    private final AwaitSyncWish wish;
    private final AwaitSyncTerms terms;
    private final RepositoryChoice choice;
    private volatile AwaitSyncPlan plan;

    private transient volatile AwaitSyncWatch watch;

    AwaitSyncExecution(
            @NonNull StepContext context,
            @NonNull AwaitSyncWish wish,
            @NonNull AwaitSyncTerms terms,
            @NonNull RepositoryChoice choice) {
        super(context);
        this.wish = wish;
        this.terms = terms;
        this.choice = choice;
    }

    @Override
    protected void proceed() throws Exception {
        Optional<OpenedRepository> repository = repository();
        boolean resumed = plan != null;
        if (!resumed) {
            plan = planning(repository).plan(id, began.plus(terms.timeout()));
            getContext().saveState();
            AwaitSyncWords.beginning(plan, Engines.get().clock().instant()).forEach(progress()::say);
            getContext().get(FlowNode.class).addAction(new PauseAction("Argo CD"));
        }
        AwaitSyncWatch begun = new AwaitSyncWatch(
                plan, terms.policy(), repository, progress(), status -> submit(() -> end(repository, status)));
        watch = begun;
        begun.begin();
        if (hasEnded()) {
            begun.cancel();
        }
    }

    private AwaitSyncPlanning planning(Optional<OpenedRepository> repository) throws Exception {
        return new AwaitSyncPlanning(
                run().getParent(),
                wish,
                repository,
                Optional.ofNullable(
                        RunProvenance.of(run(), getContext().get(EnvVars.class)).run()),
                progress());
    }

    /** Where Argo CD Applications are named by hand, a config repository helps to compare commits but is not needed. */
    private Optional<OpenedRepository> repository() throws Exception {
        try {
            return Optional.of(choice.open(run()));
        } catch (ConfigurationException none) {
            if (wish.namesArgoApplications() && choice.repository() == null) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private void end(Optional<OpenedRepository> repository, SyncStatus status) throws Exception {
        endPause();
        Progress progress = progress();
        Instant now = Engines.get().clock().instant();
        repository.ifPresent(opened -> new AwaitSyncNotes(opened, progress).note(plan, watch.kinds(), now));
        for (String line : status.details()) {
            progress.say("  " + line);
        }
        Duration took = Duration.between(began, now);
        Verdict.Kind kind = status.kind();
        boolean timedOut = kind == Verdict.Kind.TIMED_OUT;
        if (kind == Verdict.Kind.HEALTHY || timedOut && terms.onTimeout() != TimeoutConduct.FAIL) {
            progress.say(AwaitSyncWords.end(status));
            if (timedOut && terms.onTimeout() == TimeoutConduct.UNSTABLE) {
                getContext().setResult(Result.UNSTABLE);
            }
            succeed(AwaitSyncWords.map(plan, status, took));
        } else {
            fail(new SyncNotReachedException(AwaitSyncWords.end(status)));
        }
    }

    @Override
    protected void released() {
        AwaitSyncWatch begun = watch;
        if (begun != null) {
            begun.cancel();
        }
        Engines.get().workers().execute(this::endPause);
    }

    @Override
    @NonNull
    public String getStatus() {
        AwaitSyncWatch begun = watch;
        return begun == null ? Messages.AwaitSyncExecution_status(wish.title()) : begun.summary();
    }

    private void endPause() {
        try {
            PauseAction.endCurrentPause(getContext().get(FlowNode.class));
        } catch (IOException | InterruptedException cause) {
            // Only the stage view's clock suffers.
            LOGGER.log(Level.FINE, "Cannot end the pause of " + wish.title(), cause);
        }
    }
}
