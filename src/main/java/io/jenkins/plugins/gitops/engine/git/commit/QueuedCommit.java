package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import java.util.concurrent.CompletableFuture;

/**
 * A commit request on its way.
 *
 * @param channel with the login of who asks; only requests of one login go out together
 * @param outcome completed once, also with a {@link io.jenkins.plugins.gitops.engine.GitOpsException}
 */
record QueuedCommit(
        @NonNull CommitRequest request,
        @NonNull Progress progress,
        @NonNull Channel channel,
        @NonNull CompletableFuture<CommitOutcome> outcome) {

    void fail(@NonNull RuntimeException why) {
        outcome.completeExceptionally(why);
    }

    /** Settled, or given up by who asked. */
    boolean isDone() {
        return outcome.isDone();
    }
}
