package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a step does about a release that is not live or not verified, before it ends. The failure is kept with the step: after
 * a restart it goes on with the way back, by which nothing is committed twice. Listeners may hear of the failure again
 * after a restart, as the same event.
 */
final class FailedRelease implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String id;
    private final OnFailure onFailure;

    @CheckForNull
    private volatile SyncFailure failure;

    private transient volatile RollbackOnFailure rollback;

    /** Opens the config repository; empty where nothing can be taken back. */
    @FunctionalInterface
    interface Opening {
        Optional<OpenedRepository> open() throws Exception;
    }

    /** @param id of the wait, from which rollbacks have theirs */
    FailedRelease(String id, OnFailure onFailure) {
        this.id = id;
        this.onFailure = onFailure;
    }

    boolean isKnown() {
        return failure != null;
    }

    /** Keeps it with the step, before anything is done about it. */
    void keep(GitOpsStepExecution step, SyncFailure bad) throws Exception {
        failure = bad;
        step.remember();
    }

    /**
     * Tells of the failure and takes the release back, if the step does that.
     *
     * @param end ends the step, for the reason that the sentence gives; called once, at once or later
     */
    void settle(GitOpsStepExecution step, Opening repository, Consumer<String> end) throws Exception {
        SyncFailure bad = Objects.requireNonNull(failure);
        // Again after a restart: only the step's end, which comes later, shows that it was told.
        bad.events(step.provenance().run()).forEach(Notifications::publish);
        Optional<OpenedRepository> opened =
                onFailure == OnFailure.FAIL || bad.legs().isEmpty() ? Optional.empty() : repository.open();
        if (opened.isEmpty()) {
            end.accept(bad.sentence());
            return;
        }
        RollbackOnFailure begun = new RollbackOnFailure(step, opened.get(), id, bad, end);
        rollback = begun;
        begun.begin();
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    /** Whether the release is being taken back. */
    boolean isRollingBack() {
        return rollback != null;
    }

    /** Waits no more. Does not block. */
    void cancel() {
        RollbackOnFailure back = rollback;
        if (back != null) {
            back.cancel();
        }
    }
}
