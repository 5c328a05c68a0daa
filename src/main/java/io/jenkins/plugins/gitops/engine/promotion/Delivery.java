package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.Forge;
import io.jenkins.plugins.gitops.engine.forge.ForgeException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequests;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings a commit onto its branch by a pull request, exactly once. Each call looks how things stand, does what comes next
 * and throws {@link PendingDelivery} until the release is on its branch: there is no state but the branch, which carries
 * the bump's id in its name, and the pull request. So a call whose answer was lost, and one after a restart, goes on where
 * the last one came to.
 *
 * <p>Before anything is opened or merged the edit is applied to the newest commit of the branch: a lock, a gate or another
 * release that came meanwhile holds it up as it would hold up a commit. Only the plugin's own commit is merged.
 *
 * @param request the commit as it would be made on the branch
 * @param how as it is declared
 * @param place {@code application/environment}: of its pull requests only the newest stays open
 * @param changes what the edit changed when it was applied last
 */
record Delivery(
        CommitRequest request,
        DeliveryDefinition how,
        String place,
        Supplier<List<ImageChange>> changes,
        ConfigRepository repository,
        PullRequests requests,
        Progress progress) {

    static final String BRANCHES = "gitops/";
    private static final String STATUS = "gitops/gate";
    private static final String COMMENT = "<!-- gitops-promotion -->";
    private static final int MOST_CHANGES = 200;
    private static final int MOST_CLAIMS = 100;
    private static final int DEPTH = 500;

    /** One for all, so that what servers said of limits is remembered. */
    private static final Cache<HttpClients, Forge> FORGES =
            Caffeine.newBuilder().maximumSize(10).build();

    /** @throws RefusedException if the repository's server is unknown, or cannot merge in the declared way */
    static Delivery of(
            CommitRequest request,
            DeliveryDefinition how,
            String place,
            Supplier<List<ImageChange>> changes,
            ConfigRepository repository,
            Progress progress) {
        ConfigRepository.Server server = repository
                .server()
                .orElseThrow(() -> new RefusedException("The config repository has no server of pull requests."));
        Forge forge = FORGES.get(server.http(), http -> new Forge(server.http(), InstantSource.system()));
        PullRequests requests = forge.of(
                server.remote(),
                Optional.ofNullable(how.provider()).map(Forge.Provider::of).orElse(null));
        if (how.merge() != Merge.PEOPLE && !requests.methods().contains(method(how))) {
            throw new RefusedException("The server of " + server.remote().url() + " cannot be asked to "
                    + how.merge().name().toLowerCase(Locale.ROOT)
                    + ": set 'merge' of 'deliver' in gitops.yaml to merge or squash.");
        }
        return new Delivery(request, how, place, changes, repository, requests, progress);
    }

    private static Method method(DeliveryDefinition how) {
        return switch (how.merge()) {
            case MERGE, PEOPLE -> Method.MERGE;
            case SQUASH -> Method.SQUASH;
            case REBASE -> Method.REBASE;
        };
    }

    private String base() {
        return request.branch();
    }

    private String head() {
        return BRANCHES + place + "/" + request.bumpId();
    }

    /**
     * @return the commit that has the release on its branch
     * @throws PendingDelivery while it has not; ask again
     * @throws RefusedException if the pull request was closed, or the edit is refused by now
     * @throws StoppedException if the target is locked, or its gate has to look again; the pull request stays
     */
    CommitOutcome deliver() {
        Optional<CommitOutcome> landed = committed();
        if (landed.isPresent()) {
            return landed.get();
        }
        try {
            return advance();
        } catch (ForgeException e) {
            if (!e.mayPass()) {
                throw e;
            }
            throw new PendingDelivery(e.getMessage(), e.until().orElse(null), this::abandonFound);
        }
    }

    private CommitOutcome advance() {
        Optional<PullRequest> found = requests.find(head(), base());
        if (found.isPresent() && !found.get().isOpen()) {
            return ended(found.get());
        }
        Snapshot tip = repository.tip(base(), progress);
        if (isThere(tip, found)) {
            found.ifPresent(open -> close(open, base() + " already has this release."));
            return new CommitOutcome.Unchanged(tip.commit());
        }
        CommitOutcome made = repository.propose(request, head(), false, progress);
        if (found.isPresent() && made instanceof CommitOutcome.Committed) {
            helpful(() -> status(found.get().at(made.commit())));
            throw pending(found.get(), "its branch was set to the release's own commit");
        }
        PullRequest open = found.orElseGet(() -> open(made.commit()));
        DeliveryStep next = DeliveryStep.of(open, how.merge(), made.commit());
        return switch (next.kind()) {
            case MERGED, CLOSED -> ended(open);
            case WAIT -> throw pending(open, next.why());
            case RENEW -> throw renewed(open, next.why());
            case MERGE -> merged(open, made.commit());
        };
    }

    /** Whether the branch has the release without it. What refuses the edit closes the pull request. */
    private boolean isThere(Snapshot tip, Optional<PullRequest> found) {
        try {
            return request.edit().apply(tip).isEmpty();
        } catch (RefusedException refused) {
            found.ifPresent(open -> close(open, refused.getMessage()));
            throw refused;
        }
    }

    private PullRequest open(String commit) {
        PullRequest opened = requests.create(new PullRequests.Proposal(head(), base(), request.subject(), body()));
        progress.say("Opened pull request " + opened.url() + ".");
        // What follows helps its readers; without it the pull request is the same.
        helpful(() -> {
            if (!how.labels().isEmpty() && requests.hasLabels()) {
                requests.label(opened, how.labels());
            }
        });
        helpful(() -> {
            if (!how.reviewers().isEmpty()) {
                requests.requestReviewers(opened, how.reviewers());
            }
        });
        helpful(() -> status(opened));
        helpful(() -> requests.openOf(BRANCHES + place + "/", base()).stream()
                .filter(older -> older.number() < opened.number())
                .forEach(older -> close(older, "Superseded by " + opened.url() + ".")));
        return opened;
    }

    private void helpful(Runnable call) {
        try {
            call.run();
        } catch (ForgeException e) {
            progress.say(e.getMessage());
        }
    }

    /** The gate, where there is one, has let it pass, or nothing would be proposed. */
    private void status(PullRequest open) {
        Optional<String> run = trailer(Trailers.RUN);
        if (run.isPresent()) {
            requests.status(open, STATUS, Outcome.PASSED, "All requirements are met", run.get());
        }
    }

    private PendingDelivery renewed(PullRequest open, String why) {
        CommitOutcome renewed = repository.propose(request, head(), true, progress);
        if (renewed instanceof CommitOutcome.Committed) {
            progress.say("Applied the release again to the newest commit of " + base() + " for " + open.url() + ".");
            helpful(() -> status(open.at(renewed.commit())));
            return pending(open, "its branch was brought up to date");
        }
        return pending(open, why);
    }

    private CommitOutcome merged(PullRequest open, String commit) {
        String message =
                repository
                        .history(head(), new HistoryQuery(made -> made.commit().equals(commit), 1, 2), progress)
                        .stream()
                        .map(CommitInfo::message)
                        .findFirst()
                        .orElse(request.subject());
        String subject = message.lines().findFirst().orElse(request.subject());
        try {
            // With a merge commit the release's own commit, and what it says, becomes part of the history.
            requests.merge(
                    open,
                    method(how),
                    how.merge() == Merge.MERGE ? "Merge: " + subject : subject,
                    how.merge() == Merge.MERGE
                            ? ""
                            : message.substring(subject.length()).strip());
        } catch (ForgeException e) {
            if (e.mayPass()) {
                throw e;
            }
            throw pending(open, "it cannot be merged: " + e.clause());
        }
        PullRequest now = requests.get(open.number());
        if (now.isOpen()) {
            throw pending(open, "its server merges it");
        }
        return ended(now);
    }

    /** Merged, or closed. */
    private CommitOutcome ended(PullRequest request) {
        if (request.state() == PullRequest.State.CLOSED) {
            String by = request.endedBy().map(login -> " by " + login).orElse("");
            Optional<PullRequest> newer = requests.openOf(BRANCHES + place + "/", base()).stream()
                    .filter(other -> other.number() > request.number())
                    .findFirst();
            throw new RefusedException("Pull request " + request.url() + " was closed" + by + ", so the release is "
                    + (newer.isPresent()
                            ? "superseded by " + newer.get().url() + "."
                            : "rejected: bump or promote again."));
        }
        Snapshot tip = repository.tip(base(), progress);
        CommitOutcome landed = committed()
                .or(() -> request.mergeCommit().flatMap(this::onBranch))
                .or(() -> hasRelease(tip) ? Optional.of(tip.commit()).map(this::made) : Optional.empty())
                .orElseThrow(() -> pending(
                        request, "it is merged, and " + base() + " does not show it; was the branch rewritten?"));
        progress.say("Pull request " + request.url() + " was merged"
                + request.endedBy().map(login -> " by " + login).orElse("") + " as "
                + CommitInfo.abbreviate(landed.commit()) + ".");
        return landed;
    }

    private boolean hasRelease(Snapshot tip) {
        try {
            return request.edit().apply(tip).isEmpty();
        } catch (GitOpsException moved) {
            return false;
        }
    }

    private Optional<CommitOutcome> onBranch(String commit) {
        try {
            return Optional.of(made(repository.at(base(), commit, progress).commit()));
        } catch (RepositoryException notThere) {
            return Optional.empty();
        }
    }

    private CommitOutcome made(String commit) {
        return new CommitOutcome.Committed(commit, List.of());
    }

    /** By the bump's id, in the messages of the branch; a claim by somebody whose word does not count is none. */
    private Optional<CommitOutcome> committed() {
        return repository
                .history(
                        base(),
                        new HistoryQuery(
                                commit -> new Trailers(commit.trailers())
                                        .values(CommitRequest.BUMP_ID_TRAILER)
                                        .contains(request.bumpId()),
                                MOST_CLAIMS,
                                DEPTH),
                        progress)
                .stream()
                .filter(commit -> commit.signature().isTrusted())
                .findFirst()
                .map(commit -> made(commit.commit()));
    }

    private PendingDelivery pending(PullRequest open, String why) {
        return new PendingDelivery(
                "Waiting for pull request " + open.url() + ": " + why + ".", null, this::abandonFound);
    }

    private void abandonFound(String reason) {
        requests.find(head(), base()).filter(PullRequest::isOpen).ifPresent(open -> close(open, reason));
    }

    private void close(PullRequest open, String reason) {
        requests.comment(open, COMMENT, COMMENT + "\n" + plain(reason));
        requests.close(open);
    }

    private Optional<String> trailer(String key) {
        return new Trailers(request.trailers()).value(key);
    }

    /** The release for its reviewers. */
    private String body() {
        Trailers trailers = new Trailers(request.trailers());
        StringBuilder body = new StringBuilder(code(request.subject())).append("\n\n");
        changes.get().stream()
                .filter(ImageChange::isChange)
                .limit(MOST_CHANGES)
                .forEach(change ->
                        body.append("- ").append(code(change.toString())).append('\n'));
        line(body, "Environment", trailers.values(Trailers.ENVIRONMENT));
        line(body, "Reason", trailers.values(Trailers.REASON));
        line(body, "Hotfix", trailers.values(Trailers.HOTFIX));
        line(body, "Started by", trailers.values(Trailers.STARTED_BY));
        line(body, "Approved by", trailers.values(Trailers.APPROVED_BY));
        trailers.value(Trailers.RUN)
                .filter(run -> run.matches("https?://[!-~&&[^<>]]+"))
                .ifPresent(run -> body.append("\n**Run:** <").append(run).append(">\n"));
        body.append("\nThe branch belongs to Jenkins: commits that others push to it are replaced. Closing this pull")
                .append(" request rejects the release.\n");
        return body.toString();
    }

    private static void line(StringBuilder body, String title, List<String> values) {
        if (!values.isEmpty()) {
            body.append("\n**")
                    .append(title)
                    .append(":** ")
                    .append(plain(String.join(", ", values)))
                    .append('\n');
        }
    }

    /** Names and versions, which may be copied. */
    private static String code(String text) {
        return "`" + text.replaceAll("[\\p{Cntrl}`]+", " ") + "`";
    }

    /** What people wrote is text: no markup, and nobody is mentioned. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n]]+", " ")
                .replaceAll("([\\\\`*_\\[\\]<>|#!])", "\\\\$1")
                .replace("@", "@\u200b");
    }
}
