package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.ForgeException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Brings a commit onto its branch by a pull request, exactly once. Each call looks how things stand, does what comes next
 * and throws {@link PendingDelivery} until the release is on its branch: there is no state but the branch, which carries
 * the bump's id in its name, and the pull request. So a call whose answer was lost, and one after a restart, goes on where
 * the last one came to.
 *
 * <p>Before anything is opened or merged the edit is applied to the newest commit of the branch: a lock, a gate or another
 * release that came meanwhile holds it up as it would hold up a commit. Only the plugin's own commit is merged, and where
 * reviews of it counted as approvals, only while they do.
 */
record Delivery(Proposal proposal) {

    /** @throws RefusedException if its server cannot merge, or be handed the merge, in the declared way */
    Delivery {
        DeliveryDefinition how = proposal.terms().how();
        if (how.merge() != Merge.PEOPLE && !proposal.requests().methods().contains(method(how))) {
            throw new RefusedException("The server of "
                    + proposal.repository().server().orElseThrow().remote().url() + " cannot be asked to "
                    + how.merge().name().toLowerCase(Locale.ROOT)
                    + ": set 'merge' of 'deliver' in gitops.yaml to merge or squash.");
        }
        if (how.autoMerge() && !proposal.requests().canHandOver()) {
            throw new RefusedException("The server of "
                    + proposal.repository().server().orElseThrow().remote().url()
                    + " has no auto-merge: remove 'autoMerge' of 'deliver' in gitops.yaml. Jenkins merges as soon as"
                    + " checks and reviews allow it.");
        }
    }

    private static Method method(DeliveryDefinition how) {
        return switch (how.merge()) {
            case MERGE, PEOPLE -> Method.MERGE;
            case SQUASH -> Method.SQUASH;
            case REBASE -> Method.REBASE;
        };
    }

    /**
     * @return the commit that has the release on its branch
     * @throws PendingDelivery while it has not; ask again
     * @throws RefusedException if the pull request was closed, or the edit is refused by now
     * @throws StoppedException if the target is locked, or its gate has to look again; the pull request stays
     */
    CommitOutcome deliver() {
        Optional<CommitOutcome> landed = committed();
        try {
            if (landed.isPresent()) {
                proposal.find()
                        .map(this::settled)
                        .filter(found -> found.state() == PullRequest.State.MERGED)
                        .ifPresent(found -> merged(found, landed.get()));
                return landed.get();
            }
            return advance();
        } catch (ForgeException e) {
            throw proposal.later(e);
        }
    }

    private CommitOutcome advance() {
        Optional<PullRequest> found = proposal.find();
        Snapshot tip = proposal.repository().tip(proposal.base(), proposal.progress());
        if (found.isPresent() && !found.get().isOpen()) {
            return found.get().state() == PullRequest.State.CLOSED && hasRelease(tip)
                    ? new CommitOutcome.Unchanged(tip.commit())
                    : ended(found.get());
        }
        if (isThere(tip, found)) {
            return found.isPresent() ? overtaken(found.get(), tip) : new CommitOutcome.Unchanged(tip.commit());
        }
        Proposal.Current current = proposal.current(found);
        PullRequest open = current.open();
        DeliveryStep next = DeliveryStep.of(open, terms().how(), current.commit());
        return switch (next.kind()) {
            case MERGED, CLOSED -> ended(open);
            case WAIT -> throw proposal.pending(open, next.why());
            case HOLD -> {
                proposal.letGo(open);
                throw proposal.pending(open, next.why());
            }
            case RENEW -> {
                proposal.letGo(open);
                throw proposal.renewed(open, next.why());
            }
            case HAND_OVER -> throw handedOver(reviewed(open, current.commit()), current.commit(), next.why());
            case MERGE -> merged(reviewed(open, current.commit()), current.commit());
        };
    }

    /** The branch has the release: somebody merged it just now, and its server does not say so yet, or pushed it. */
    private CommitOutcome overtaken(PullRequest open, Snapshot tip) {
        PullRequest now = settled(open);
        return now.state() == PullRequest.State.MERGED ? ended(now) : new CommitOutcome.Unchanged(tip.commit());
    }

    /**
     * How the pull request of a release ended that is on the branch. A server that merges it may show the branch first: that
     * is waited for, and what stays open after some looks is closed.
     */
    private PullRequest settled(PullRequest found) {
        if (!found.isOpen()) {
            return found;
        }
        if (proposal.mayEnd(found)) {
            throw proposal.pending(found, "its server does not show yet that it has ended");
        }
        proposal.helpful(() -> proposal.close(found, proposal.base() + " already has this release."));
        proposal.ended(found);
        return proposal.requests().get(found.number());
    }

    /** Reviews that counted at the gate are looked at again: somebody may have taken one back since. */
    private PullRequest reviewed(PullRequest open, String commit) {
        List<GateEvent.Review> lapsed = terms().counted().stream()
                .filter(counted -> open.reviews().stream()
                        .noneMatch(review -> review.account().equals(counted.account()) && review.approves(commit)))
                .toList();
        if (!lapsed.isEmpty()) {
            proposal.letGo(open);
            throw new StoppedException(
                    "The review of "
                            + lapsed.stream().map(GateEvent.Review::login).collect(Collectors.joining(", "))
                            + " on " + open.url() + " does not approve its newest commit; the gate checks again.",
                    lapsed);
        }
        return open;
    }

    /** Whether the branch has the release without it. What refuses the edit closes the pull request. */
    private boolean isThere(Snapshot tip, Optional<PullRequest> found) {
        try {
            return request().edit().apply(tip).isEmpty();
        } catch (RefusedException refused) {
            found.filter(open -> proposal.close(open, refused.getMessage()) == PullRequest.State.MERGED)
                    .ifPresent(merged -> {
                        throw proposal.pending(merged, "it was merged meanwhile");
                    });
            throw refused;
        } catch (StoppedException stopped) {
            found.ifPresent(open -> {
                proposal.letGo(open);
                proposal.helpful(() -> proposal.status(open, Outcome.PENDING, stopped.getMessage()));
            });
            throw stopped;
        }
    }

    private CommitOutcome merged(PullRequest open, String commit) {
        if (open.handover().isQueued()) {
            throw awaited(open, "its server merges it");
        }
        ask(proposal.requests()::merge, open, commit, "it cannot be merged: ");
        PullRequest now = proposal.requests().get(open.number());
        if (now.isOpen()) {
            throw awaited(now.at(open.headCommit()), "its server merges it");
        }
        return ended(now);
    }

    /** @param missing why it is not merged at once */
    private PendingDelivery handedOver(PullRequest open, String commit, String missing) {
        if (terms().how().autoMerge() && !open.handover().isAccepted()) {
            ask(proposal.requests()::handOver, open, commit, missing + "; its server does not take it: ");
        }
        return awaited(open, "its server merges it by itself, and waits: " + missing);
    }

    /** What its server may merge at any moment is looked at again soon. */
    private PendingDelivery awaited(PullRequest open, String why) {
        // A queue tests a commit of its own; only while the release may pass is it told so.
        proposal.helpful(() -> open.handover()
                .tested()
                .ifPresent(tested -> proposal.status(open.at(tested), Outcome.PASSED, "All requirements are met")));
        return proposal.pending(open, why).soon();
    }

    /** A merge, or what leads to one. */
    private interface Merging {
        void ask(PullRequest open, Method method, String subject, String body);
    }

    /** @param refused how the sentence begins that says why its server does not do it now */
    private void ask(Merging merging, PullRequest open, String commit, String refused) {
        String message = message(commit);
        String subject = message.lines().findFirst().orElse(request().subject());
        // With a merge commit the release's own commit, and what it says, becomes part of the history.
        boolean isWhole = terms().how().merge() == Merge.MERGE;
        try {
            merging.ask(
                    open,
                    method(terms().how()),
                    isWhole ? "Merge: " + subject : subject,
                    isWhole ? "" : message.substring(subject.length()).strip());
        } catch (ForgeException e) {
            if (e.mayPass()) {
                throw e;
            }
            throw proposal.pending(open, refused + e.clause());
        }
    }

    /** That of the commit, and what was known only later, such as who approved it. */
    private String message(String commit) {
        String made = proposal
                .repository()
                .history(
                        proposal.head(),
                        new HistoryQuery(found -> found.commit().equals(commit), 1, 2),
                        proposal.progress())
                .stream()
                .map(CommitInfo::message)
                .findFirst()
                .orElse(request().subject())
                .stripTrailing();
        List<String> lines = made.lines().toList();
        return made
                + request().trailers().stream()
                        .map(later -> later.key() + ": " + later.value())
                        .filter(line -> !lines.contains(line))
                        .map(line -> "\n" + line)
                        .collect(Collectors.joining());
    }

    /** Merged, or closed. */
    private CommitOutcome ended(PullRequest ended) {
        if (ended.state() == PullRequest.State.CLOSED) {
            throw proposal.closed(ended);
        }
        Snapshot tip = proposal.repository().tip(proposal.base(), proposal.progress());
        CommitOutcome landed = committed()
                .or(() -> ended.mergeCommit().flatMap(this::onBranch))
                .or(() -> hasRelease(tip) ? Optional.of(tip.commit()).map(this::made) : Optional.empty())
                .orElseThrow(() -> proposal.pending(
                        ended,
                        "it is merged, and " + proposal.base() + " does not show it; was the branch rewritten?"));
        merged(ended, landed);
        return landed;
    }

    private void merged(PullRequest merged, CommitOutcome landed) {
        proposal.progress()
                .say("Pull request " + merged.url() + " was merged"
                        + merged.endedBy().map(login -> " by " + login).orElse("") + " as "
                        + CommitInfo.abbreviate(landed.commit()) + ".");
        note(merged, landed.commit());
        proposal.ended(merged);
    }

    /** Who merged and who reviewed it, for the deployment history; without that the release is the same. */
    private void note(PullRequest merged, String commit) {
        Trailers trailers = new Trailers(request().trailers());
        try {
            new DeploymentNotes(proposal.repository(), request().author())
                    .pullRequest(
                            trailers.value(Trailers.APPLICATION).orElse(""),
                            trailers.values(Trailers.ENVIRONMENT),
                            commit,
                            merged.url(),
                            merged.endedBy(),
                            merged.reviews().stream()
                                    .filter(PullRequest.Review::approves)
                                    .map(PullRequest.Review::login)
                                    .toList(),
                            lost(commit, trailers),
                            proposal.progress());
        } catch (GitOpsException e) {
            proposal.progress().say("The pull request was not noted in the deployment history: " + e.getMessage());
        }
    }

    /** What the message of the commit on the branch does not say, because a person or the server wrote it. */
    private Trailers lost(String commit, Trailers said) {
        return proposal
                .repository()
                .history(
                        proposal.base(),
                        new HistoryQuery(found -> found.commit().equals(commit), 1, ReleaseCommit.DEPTH),
                        proposal.progress())
                .stream()
                .filter(found -> new Trailers(found.trailers())
                        .value(Trailers.APPLICATION)
                        .isEmpty())
                .findFirst()
                .map(found -> DeploymentNotes.lost(found, proposal.base(), said))
                .orElse(Trailers.NONE);
    }

    private boolean hasRelease(Snapshot tip) {
        try {
            return request().edit().apply(tip).isEmpty();
        } catch (GitOpsException moved) {
            return false;
        }
    }

    private Optional<CommitOutcome> onBranch(String commit) {
        try {
            return Optional.of(made(proposal.repository()
                    .at(proposal.base(), commit, proposal.progress())
                    .commit()));
        } catch (RepositoryException notThere) {
            return Optional.empty();
        }
    }

    private CommitOutcome made(String commit) {
        return new CommitOutcome.Committed(commit, changed(commit));
    }

    /** The files of the release, by what it changes where the branch stood before; none where nobody can tell. */
    private List<String> changed(String commit) {
        ConfigRepository repository = proposal.repository();
        try {
            return repository.files(proposal.base(), commit, List.of(), 1, proposal.progress()).entries().stream()
                    .findFirst()
                    .flatMap(FileHistory.Entry::firstParent)
                    .map(before -> repository.at(proposal.base(), before, proposal.progress()))
                    .map(before -> List.copyOf(request().edit().apply(before).keySet()))
                    .orElse(List.of());
        } catch (GitOpsException e) {
            return List.of();
        }
    }

    private Optional<CommitOutcome> committed() {
        return ReleaseCommit.find(
                        proposal.repository(), proposal.base(), request().bumpId(), proposal.progress())
                .map(commit -> made(commit.commit()));
    }

    private CommitRequest request() {
        return proposal.request();
    }

    private Proposal.Terms terms() {
        return proposal.terms();
    }
}
