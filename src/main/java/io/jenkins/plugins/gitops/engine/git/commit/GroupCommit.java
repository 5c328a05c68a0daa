package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.ReceivePack;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Brings requests for one branch onto it. Every push moves the branch from where the edits were applied, so that
 * whoever else writes is never overwritten. After a push whose answer was lost the branch is looked at before anything
 * is done again: the commit is its tip, or its bump id stands in what came since, or it is not there and the same
 * compare-and-swap may be tried again, of which at most one can succeed. Used by one thread at a time.
 */
final class GroupCommit {

    private static final String WRITING = "Writing to";

    private final RemoteCache cache;
    private final String branch;
    private final RepositorySettings settings;
    private final BumpIndex bumps = new BumpIndex();
    /** Pushed, but whether the server took it is not known. */
    private Optional<PreparedPush> unsure = Optional.empty();
    /** Where the branch stood at the last attempt. */
    private ObjectId seen = ObjectId.zeroId();

    GroupCommit(RemoteCache cache, String branch, RepositorySettings settings) {
        this.cache = cache;
        this.branch = branch;
        this.settings = settings;
    }

    /** Settles every request. */
    void commit(List<QueuedCommit> group) {
        List<QueuedCommit> open = new ArrayList<>(group);
        try {
            cache.use();
            try {
                settle(open);
            } finally {
                cache.release();
            }
        } catch (RepositoryException e) {
            open.forEach(queued -> queued.fail(e));
        } catch (IOException e) {
            open.forEach(queued -> queued.fail(cache.messages().failed(WRITING, branch, e)));
        }
    }

    private void settle(List<QueuedCommit> open) throws InterruptedIOException {
        RetryBudget budget = new RetryBudget(settings.limits(), settings.random(), () -> wasReached(open));
        unsure = Optional.empty();
        boolean healed = false;
        while (true) {
            open.removeIf(QueuedCommit::isDone);
            if (open.isEmpty()) {
                return;
            }
            ObjectStore store = cache.store();
            ObjectId before = seen;
            try {
                attempt(open);
                open.removeIf(QueuedCommit::isDone);
                if (!open.isEmpty() && !budget.allowsAfterRace(!seen.equals(before))) {
                    throw cache.messages().overtaken(branch, budget.spent());
                }
                if (!open.isEmpty()) {
                    budget.pauseAfterRace();
                }
            } catch (RepositoryException | InterruptedIOException e) {
                throw e;
            } catch (WireException e) {
                if (e.kind() == WireException.Kind.REFUSED) {
                    refused(open, e);
                    return;
                }
                if (!budget.allowsAfter(e)) {
                    giveUp(open, budget, e);
                    return;
                }
                sayRetry(open, budget, e);
                budget.pause(e.retryAfter());
            } catch (IOException | RuntimeException e) {
                // The cache failed, not the server. It can be made again, once; more often it is the disk.
                boolean replaced = cache.isReplaced(store);
                if (healed && !replaced || !budget.allowsAnotherCache() || !replace(store)) {
                    giveUp(open, budget, e instanceof IOException io ? io : new IOException(String.valueOf(e), e));
                    return;
                }
                healed |= !replaced;
                bumps.forget();
            }
        }
    }

    /** One connection: look, apply, push. */
    private void attempt(List<QueuedCommit> open) throws IOException {
        QueuedCommit first = open.get(0);
        Progress progress = first.progress();
        Channel channel = first.channel();
        try (ReceivePack connection = ReceivePack.open(channel, cache.local(progress), branch)) {
            ObjectId tip = connection.tip().orElse(ObjectId.zeroId());
            seen = tip;
            boolean absent = tip.equals(ObjectId.zeroId());
            if (absent && !branch.startsWith(Constants.R_NOTES) && !branch.startsWith(ConfigRepository.OWN_REFS)) {
                throw cache.noBranch(branch);
            }
            if (unsure.isPresent() && unsure.get().to().equals(tip)) {
                landed(unsure.get());
                return;
            }
            if (unsure.isPresent() && unsure.get().from().equals(tip)) {
                push(connection, unsure.get(), progress);
                return;
            }
            if (!absent) {
                if (!cache.advanceTo(channel, branch, tip, progress).equals(tip)) {
                    return;
                }
                findOnBranch(open, tip);
            }
            unsure = Optional.empty();
            open.removeIf(QueuedCommit::isDone);
            if (!open.isEmpty()) {
                Instant now = settings.clock().instant();
                PreparedPush push =
                        PreparedPush.of(open, cache.store(), cache.source(channel, branch, progress), tip, now);
                if (push.to().equals(tip)) {
                    push.settle();
                } else {
                    push(connection, push, progress);
                }
            }
        }
    }

    private void push(ReceivePack connection, PreparedPush push, Progress progress) throws IOException {
        boolean again = unsure.isPresent();
        unsure = Optional.of(push);
        if (connection.push(push.from(), push.to(), push.objects(), line -> progress.say("remote: " + line))) {
            landed(push);
        } else if (!again) {
            unsure = Optional.empty();
        }
    }

    private void landed(PreparedPush push) {
        unsure = Optional.empty();
        try {
            cache.pushed(branch, push.to(), push.objects());
            bumps.pushed(push.bumps(), push.to());
        } catch (IOException | RuntimeException e) {
            // The commits are on the branch; only the cache does not know, and will fetch them.
            bumps.forget();
        }
        push.settle();
    }

    /** Settles what stands on the branch already. */
    private void findOnBranch(List<QueuedCommit> open, ObjectId tip) throws IOException {
        QueuedCommit first = open.get(0);
        Optional<Instant> since = open.stream()
                .flatMap(queued -> queued.request().triedSince().stream())
                .min(Comparator.naturalOrder());
        if (unsure.isPresent()
                && !History.contains(cache.store(), tip, unsure.get().from())) {
            // The branch was rewritten meanwhile; what was pushed may be part of the new history.
            Instant pushed = settings.clock().instant().minus(settings.limits().time());
            since = Optional.of(since.filter(pushed::isAfter).orElse(pushed));
        }
        if (since.isPresent()) {
            for (int depth = 64; !reaches(tip, since.get()); depth *= 8) {
                cache.deepen(first.channel(), branch, depth, first.progress());
                bumps.forget();
            }
        }
        bumps.extend(cache.store(), tip);
        for (QueuedCommit queued : open) {
            bumps.find(cache.store(), queued.request().bumpId(), queued.check())
                    .ifPresent(id -> queued.outcome().complete(new CommitOutcome.AlreadyCommitted(id.name())));
        }
    }

    private boolean reaches(ObjectId tip, Instant since) throws IOException {
        ObjectStore store = cache.store();
        boolean reaches = BumpIndex.reaches(store, tip, since);
        cache.requireCurrent(store);
        return reaches;
    }

    /** A hook that refuses one commit refuses the whole push: each request is tried alone. */
    private void refused(List<QueuedCommit> open, WireException answer) {
        if (open.size() == 1) {
            open.get(0).fail(cache.messages().refused(branch, answer));
            return;
        }
        List.copyOf(open).forEach(queued -> commit(List.of(queued)));
    }

    /** To those who still wait: the log of a run that was aborted says nothing more. */
    private static void sayRetry(List<QueuedCommit> open, RetryBudget budget, WireException e) {
        String pause = e.retryAfter().map(d -> " in " + d.toSeconds() + " s").orElse("");
        budget.say(
                "Retrying the push" + pause + ": " + e.getMessage(),
                line -> open.stream()
                        .filter(queued -> !queued.isDone())
                        .forEach(queued -> queued.progress().say(line)));
    }

    private boolean wasReached(List<QueuedCommit> group) {
        return cache.knows(branch) || group.stream().anyMatch(p -> p.channel().isReached());
    }

    private void giveUp(List<QueuedCommit> open, RetryBudget budget, IOException e) {
        Set<QueuedCommit> maybe = unsure.map(push -> push.outcomes().keySet()).orElseGet(HashSet::new);
        String spent = budget.spent();
        for (QueuedCommit queued : open) {
            queued.fail(
                    maybe.contains(queued)
                            ? cache.messages().unsure(branch, queued.request().bumpId(), e)
                            : cache.messages().gaveUp(WRITING, branch, spent, e));
        }
    }

    private boolean replace(ObjectStore damaged) {
        try {
            cache.replace(damaged);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
