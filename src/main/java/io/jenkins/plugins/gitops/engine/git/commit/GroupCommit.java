package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.PushAnswer;
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
    private final Sentences sentences;
    private final Planner planner;
    private final BumpIndex bumps = new BumpIndex();

    GroupCommit(
            @NonNull RemoteCache cache,
            @NonNull String branch,
            @NonNull RepositorySettings settings,
            @NonNull Sentences sentences) {
        this.cache = cache;
        this.branch = branch;
        this.settings = settings;
        this.sentences = sentences;
        this.planner = new Planner(settings.clock());
    }

    /** Settles every request. */
    void commit(@NonNull List<Pending> group) {
        List<Pending> open = new ArrayList<>(group);
        RetryBudget budget = new RetryBudget(settings.limits(), settings.random(), () -> wasReached(group));
        Optional<Plan> unsure = Optional.empty();
        boolean healed = false;
        while (true) {
            open.removeIf(Pending::isDone);
            if (open.isEmpty()) {
                return;
            }
            ObjectStore store = cache.store();
            Attempt attempt = new Attempt(open, unsure);
            try {
                attempt.run();
                unsure = attempt.unsure;
                if (attempt.refused.isPresent()) {
                    refused(open, attempt.refused.get());
                    return;
                }
                open.removeIf(Pending::isDone);
                if (!open.isEmpty() && !(budget.allows(Optional.empty()) && pauses(open, budget::pauseAfterRace))) {
                    String spent = budget.spent();
                    open.forEach(p -> p.fail(sentences.overtaken(branch, spent)));
                    return;
                }
            } catch (InterruptedIOException e) {
                open.forEach(p -> p.fail(sentences.failed(WRITING, branch, e)));
                return;
            } catch (WireException e) {
                unsure = attempt.unsure;
                if (!retry(budget, e, open)) {
                    giveUp(open, unsure, budget, e);
                    return;
                }
            } catch (NoSuchBranchException e) {
                open.forEach(p -> p.fail(sentences.failed(WRITING, branch, e)));
                return;
            } catch (IOException | RuntimeException e) {
                // The cache failed, not the server. It can be made again, once; more often it is the disk.
                unsure = attempt.unsure;
                IOException cause = e instanceof IOException io ? io : new IOException(String.valueOf(e), e);
                if (healed || !replace(store)) {
                    giveUp(open, unsure, budget, cause);
                    return;
                }
                healed = !(e instanceof StaleStoreException);
                bumps.forget();
            }
        }
    }

    /** One connection: look, apply, push. */
    private final class Attempt {

        private final List<Pending> open;
        private Optional<Plan> unsure;
        private Optional<PushAnswer.Refused> refused = Optional.empty();

        Attempt(List<Pending> open, Optional<Plan> unsure) {
            this.open = open;
            this.unsure = unsure;
        }

        void run() throws IOException {
            Pending first = open.get(0);
            Progress progress = first.progress();
            Channel channel = first.channel();
            try (ReceivePack connection = ReceivePack.open(channel, cache.local(progress), branch)) {
                ObjectId tip = connection.tip().orElse(ObjectId.zeroId());
                boolean absent = tip.equals(ObjectId.zeroId());
                if (absent && !branch.startsWith(Constants.R_NOTES)) {
                    throw new NoSuchBranchException(branch);
                }
                if (unsure.isPresent() && unsure.get().to().equals(tip)) {
                    landed(unsure.get());
                    return;
                }
                if (unsure.isEmpty() || !unsure.get().from().equals(tip)) {
                    if (!absent) {
                        if (!cache.advanceTo(channel, branch, tip, progress).equals(tip)) {
                            return;
                        }
                        findOnBranch(channel, tip);
                    }
                    unsure = Optional.empty();
                    open.removeIf(Pending::isDone);
                    if (open.isEmpty()) {
                        return;
                    }
                }
                push(connection, tip, unsure.orElse(null));
            }
        }

        private void push(ReceivePack connection, ObjectId tip, Plan before) throws IOException {
            Pending first = open.get(0);
            Plan plan = before != null
                    ? before
                    : planner.plan(open, cache.store(), cache.source(first.channel(), branch, first.progress()), tip);
            if (plan.to().equals(tip)) {
                plan.settle();
                return;
            }
            unsure = Optional.of(plan);
            PushAnswer answer = connection.push(
                    tip, plan.to(), plan.objects(), line -> first.progress().say("remote: " + line));
            if (answer instanceof PushAnswer.Accepted) {
                landed(plan);
            } else if (answer instanceof PushAnswer.Refused no) {
                unsure = Optional.empty();
                refused = Optional.of(no);
            } else if (answer instanceof PushAnswer.Later later) {
                // Whether the ref moved is looked up before the same is tried again.
                throw new WireException(
                        WireException.Kind.LATER, "the server answered \"" + later.reason() + "\" for the branch");
            } else if (before == null) {
                unsure = Optional.empty();
            }
        }

        private void landed(Plan plan) {
            unsure = Optional.empty();
            try {
                cache.pushed(branch, plan.to(), plan.objects());
                bumps.pushed(plan.bumps(), plan.to());
            } catch (IOException | RuntimeException e) {
                // The commits are on the branch; only the cache does not know, and will fetch them.
                bumps.forget();
            }
            plan.settle();
        }

        /** Settles what stands on the branch already. */
        private void findOnBranch(Channel channel, ObjectId tip) throws IOException {
            Optional<Instant> since = open.stream()
                    .flatMap(p -> p.request().triedSince().stream())
                    .min(Comparator.naturalOrder());
            if (unsure.isPresent()
                    && !History.contains(cache.store(), tip, unsure.get().from())) {
                // The branch was rewritten meanwhile; what was pushed may be part of the new history.
                Instant pushed =
                        settings.clock().instant().minus(settings.limits().time());
                since = Optional.of(since.filter(pushed::isAfter).orElse(pushed));
            }
            if (since.isPresent()) {
                for (int depth = 64; !reaches(tip, since.get()); depth *= 8) {
                    cache.deepen(channel, branch, depth, open.get(0).progress());
                    bumps.forget();
                }
            }
            bumps.extend(cache.store(), tip);
            for (Pending pending : open) {
                bumps.find(pending.request().bumpId())
                        .ifPresent(id -> pending.outcome().complete(new CommitOutcome.AlreadyCommitted(id.name())));
            }
        }
    }

    private boolean reaches(ObjectId tip, Instant since) throws IOException {
        ObjectStore store = cache.store();
        boolean reaches = BumpIndex.reaches(store, tip, since);
        cache.requireCurrent(store);
        return reaches;
    }

    /** A hook that refuses one commit refuses the whole push: each request is tried alone. */
    private void refused(List<Pending> open, PushAnswer.Refused answer) {
        if (open.size() == 1) {
            open.get(0).fail(sentences.refused(branch, answer));
            return;
        }
        List.copyOf(open).forEach(pending -> commit(List.of(pending)));
    }

    private boolean retry(RetryBudget budget, WireException e, List<Pending> open) {
        if (!budget.allowsAfter(e)) {
            return false;
        }
        String pause = e.retryAfter().map(d -> " in " + d.toSeconds() + " s").orElse("");
        budget.say(
                "Retrying the push" + pause + ": " + e.getMessage(),
                line -> open.forEach(p -> p.progress().say(line)));
        return pauses(open, () -> budget.pause(e.retryAfter()));
    }

    private boolean wasReached(List<Pending> group) {
        return cache.knows(branch) || group.stream().anyMatch(p -> p.channel().contacts() > 0);
    }

    @FunctionalInterface
    private interface Pause {
        void pause() throws InterruptedIOException;
    }

    /** True, also when it was interrupted: nobody is left then who waits. */
    private boolean pauses(List<Pending> open, Pause pause) {
        try {
            pause.pause();
        } catch (InterruptedIOException e) {
            open.forEach(p -> p.fail(sentences.failed(WRITING, branch, e)));
        }
        return true;
    }

    private void giveUp(List<Pending> open, Optional<Plan> unsure, RetryBudget budget, IOException e) {
        Set<Pending> maybe = unsure.map(plan -> new HashSet<>(plan.requests())).orElseGet(HashSet::new);
        String spent = budget.spent();
        for (Pending pending : open) {
            pending.fail(
                    maybe.contains(pending)
                            ? sentences.unsure(branch, pending.request().bumpId(), e)
                            : sentences.gaveUp(WRITING, branch, spent, e));
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
