package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A commit request on its way.
 *
 * @param channel with the login of who asks; only requests of one login go out together
 * @param check whose commits count as made by an earlier try of the same request; empty for everybody's
 * @param outcome completed once, also with a {@link io.jenkins.plugins.gitops.engine.GitOpsException}
 */
record QueuedCommit(
        CommitRequest request,
        Progress progress,
        Channel channel,
        Optional<SignatureCheck> check,
        CompletableFuture<CommitOutcome> outcome) {

    void fail(RuntimeException why) {
        outcome.completeExceptionally(why);
    }

    /** Settled, or given up by who asked. */
    boolean isDone() {
        return outcome.isDone();
    }
}
