package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The commit of a bump, promotion or rollback.
 *
 * @param id of the request; the same id never commits twice
 * @param application null where files were named without a declaration
 * @param trailers besides those that name the target and its release
 * @param triedSince when this may have been tried first, if it is tried again after a restart
 * @param delivery how a pull request brings it; empty where it is committed to the branch
 * @param stop why nothing may be changed now: thrown where the edit would change something
 * @param edit applied to the branch's tip, possibly several times: what it changed last is what was committed
 */
record ReleaseCommit(
        String branch,
        String id,
        String subject,
        @Nullable String application,
        List<String> environments,
        Map<String, Version> release,
        Trailers trailers,
        Identity author,
        Optional<Instant> triedSince,
        Optional<Proposal.Terms> delivery,
        Optional<? extends GitOpsException> stop,
        Function<Snapshot, ReleaseEdit.Outcome> edit) {

    /** Commits that claim an id: it is no secret. */
    private static final int MOST_CLAIMS = 100;

    /** How many commits back it is looked for. */
    static final int DEPTH = 500;

    private static final ReleaseEdit.Outcome NOTHING = new ReleaseEdit.Outcome(Map.of(), Map.of(), Map.of(), List.of());

    /** The commit of a bump by its id, in the messages of a branch; a claim by somebody whose word does not count is none. */
    static Optional<CommitInfo> find(ConfigRepository repository, String branch, String bumpId, Progress progress) {
        HistoryQuery claims = new HistoryQuery(
                commit -> new Trailers(commit.trailers())
                        .values(CommitRequest.BUMP_ID_TRAILER)
                        .contains(bumpId),
                MOST_CLAIMS,
                DEPTH);
        return repository.history(branch, claims, progress).stream()
                .filter(commit -> commit.signature().isTrusted())
                .findFirst();
    }

    /**
     * Makes the commit and logs what it did.
     *
     * @throws PendingDelivery while it waits in a pull request; ask again
     */
    BumpResult make(ConfigRepository repository, Progress progress) {
        AtomicReference<ReleaseEdit.Outcome> last = new AtomicReference<>(NOTHING);
        CommitRequest request = request(last);
        if (delivery.isPresent()) {
            CommitOutcome delivered = new Delivery(proposal(request, last, repository, progress)).deliver();
            return new BumpResult(
                    delivered,
                    branch,
                    application,
                    environments,
                    release,
                    last.get().images());
        }
        CommitOutcome made = repository.commit(request, progress);
        BumpResult result = new BumpResult(
                made, branch, application, environments, release, last.get().images());
        progress.say(result.line());
        return result;
    }

    /**
     * Opens the pull request for reviews and keeps it up to date; merges nothing. Of what comes by pull requests alone.
     *
     * @throws PendingDelivery while its server does not answer
     */
    PullRequest propose(ConfigRepository repository, Progress progress) {
        AtomicReference<ReleaseEdit.Outcome> last = new AtomicReference<>(NOTHING);
        return proposal(request(last), last, repository, progress).review();
    }

    private Proposal proposal(
            CommitRequest request,
            AtomicReference<ReleaseEdit.Outcome> last,
            ConfigRepository repository,
            Progress progress) {
        return Proposal.of(
                request,
                delivery.orElseThrow(),
                ReleaseBranches.place(application, environments),
                () -> last.get().images(),
                repository,
                progress);
    }

    private CommitRequest request(AtomicReference<ReleaseEdit.Outcome> last) {
        Trailers whole = Trailers.NONE
                .with(Trailers.APPLICATION, Optional.ofNullable(application))
                .withAll(Trailers.ENVIRONMENT, environments)
                .withRelease(release)
                .withAll(trailers);
        return new CommitRequest(
                branch,
                id,
                subject,
                "",
                whole.list(),
                author,
                triedSince,
                Optional.empty(),
                tip -> {
                    last.set(edit.apply(tip));
                    if (stop.isPresent() && !last.get().isEmpty()) {
                        throw stop.get();
                    }
                    return last.get().contents();
                },
                path -> last.get().modes().getOrDefault(path, CommitRequest.KEPT));
    }
}
