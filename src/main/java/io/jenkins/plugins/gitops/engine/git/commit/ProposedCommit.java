package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.transport.ReceivePack;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * One commit on a branch of its own, for a pull request. What stands on that branch is compared with what the request
 * makes of the commit below it: only when the two are the same is it the request's. A push whose answer was lost is
 * found so, and what somebody else pushed is replaced.
 *
 * @param head the branch of its own
 */
record ProposedCommit(RemoteCache cache, RepositorySettings settings, QueuedCommit queued, String head) {

    /** As {@link io.jenkins.plugins.gitops.engine.git.ConfigRepository#propose} says. */
    CommitOutcome make(boolean renew) {
        try {
            cache.use();
            try {
                return retried(renew);
            } finally {
                cache.release();
            }
        } catch (IOException e) {
            throw cache.messages().failed("Writing to", head, e);
        }
    }

    private CommitOutcome retried(boolean renew) throws IOException {
        RetryBudget budget = new RetryBudget(
                settings.limits(),
                settings.random(),
                () -> queued.channel().isReached() || cache.knows(request().branch()));
        while (true) {
            try {
                Optional<CommitOutcome> made = attempt(renew);
                if (made.isPresent()) {
                    return made.get();
                }
                if (!budget.allows(Optional.empty())) {
                    throw cache.messages().overtaken(head, budget.spent());
                }
                budget.pauseAfterRace();
            } catch (WireException e) {
                if (e.kind() == WireException.Kind.REFUSED) {
                    throw cache.messages().refused(head, e);
                }
                if (!budget.allowsAfter(e)) {
                    throw cache.messages().gaveUp("Writing to", head, budget.spent(), e);
                }
                budget.say("Retrying the push: " + e.getMessage(), queued.progress()::say);
                budget.pause(e.retryAfter());
            }
        }
    }

    private CommitRequest request() {
        return queued.request();
    }

    /** One connection: look, apply, push. Empty when another writer was first. */
    private Optional<CommitOutcome> attempt(boolean renew) throws IOException {
        Progress progress = queued.progress();
        try (ReceivePack connection = ReceivePack.open(queued.channel(), cache.local(progress), head)) {
            ObjectId tip = connection
                    .tip(request().branch())
                    .orElseThrow(() -> cache.noBranch(request().branch()));
            if (!cache.advanceTo(queued.channel(), request().branch(), tip, progress)
                    .equals(tip)) {
                return Optional.empty();
            }
            Optional<ObjectId> there = connection.tip();
            if (there.isPresent()
                    && cache.advanceTo(queued.channel(), head, there.get(), progress)
                            .equals(there.get())
                    && isOwn(there.get(), tip, renew)) {
                return Optional.of(
                        new CommitOutcome.AlreadyCommitted(there.get().name()));
            }
            PreparedPush push = on(tip);
            CommitOutcome outcome = push.outcomes().values().iterator().next();
            if (push.to().equals(tip)) {
                return Optional.of(outcome);
            }
            ObjectId from = there.orElse(ObjectId.zeroId());
            if (!connection.push(from, tip, push.to(), push.objects(), line -> progress.say("remote: " + line))) {
                return Optional.empty();
            }
            cache.pushed(head, push.to(), push.objects());
            return Optional.of(outcome);
        }
    }

    /** Whether the commit is what the request makes of its parent, which the branch that it is for has. */
    private boolean isOwn(ObjectId commit, ObjectId tip, boolean renew) throws IOException {
        // Of a commit at which the history at hand ends, nobody knows the parents.
        Optional<RevCommit> claiming = history(head)
                .search(
                        HistorySearch.ALL,
                        store ->
                                store.shallow().contains(commit) ? Optional.empty() : Optional.of(claim(store, commit)))
                .flatMap(found -> found);
        if (claiming.isEmpty()) {
            return false;
        }
        ObjectId parent = claiming.get().getParent(0).copy();
        boolean isBased =
                renew ? parent.equals(tip) : history(request().branch()).descends(tip, parent);
        return isBased && on(parent).tree().equals(claiming.get().getTree());
    }

    /** The commit, if it has one parent and says that it is the request's. */
    private Optional<RevCommit> claim(ObjectStore store, ObjectId commit) throws IOException {
        try (RevWalk walk = store.walk()) {
            return Optional.of(walk.parseCommit(commit))
                    .filter(parsed -> parsed.getParentCount() == 1
                            && parsed.getFooterLines(CommitRequest.BUMP_ID_TRAILER)
                                    .contains(request().bumpId()));
        }
    }

    private HistorySearch history(String branch) {
        return new HistorySearch(cache, queued.channel(), branch, queued.progress());
    }

    private PreparedPush on(ObjectId base) throws IOException {
        QueuedCommit again = new QueuedCommit(
                request(), queued.progress(), queued.channel(), queued.check(), new CompletableFuture<>());
        PreparedPush push = PreparedPush.of(
                List.of(again),
                cache.store(),
                cache.source(queued.channel(), request().branch(), queued.progress()),
                base,
                settings.clock().instant());
        if (push.outcomes().isEmpty()) {
            try {
                again.outcome().join();
            } catch (CompletionException refused) {
                throw refused.getCause() instanceof RuntimeException why ? why : refused;
            }
        }
        return push;
    }
}
