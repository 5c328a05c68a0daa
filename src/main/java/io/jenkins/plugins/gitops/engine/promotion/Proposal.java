package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.ForgeException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequests;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The pull request of a release: opened once for a branch of its own, which carries the bump's id in its name and holds the
 * release's commit alone, and kept up to date for those who read it. Merges nothing.
 *
 * @param request the commit as it would be made on the branch
 * @param terms how it is delivered
 * @param place {@code application/environment}: of its pull requests only the newest stays open
 * @param changes what the edit changed when it was applied last
 */
record Proposal(
        CommitRequest request,
        Terms terms,
        String place,
        Supplier<List<ImageChange>> changes,
        ConfigRepository repository,
        PullRequests requests,
        Progress progress) {

    static final String STATUS = "gitops/gate";
    private static final String COMMENT = "<!-- gitops-promotion -->";

    /** The status that commits of pull requests were given last, so that it is not sent at each look. */
    private static final Cache<List<String>, String> STATUSES =
            Caffeine.newBuilder().maximumSize(1_000).build();

    /** How often pull requests were seen open whose release is on the branch. */
    private static final Cache<List<String>, Integer> ENDING =
            Caffeine.newBuilder().maximumSize(1_000).build();

    /** Such looks, the last of them some 15 seconds after the first. */
    private static final int LOOKS_AT_ENDING = 6;

    /**
     * How a release is delivered.
     *
     * @param how as it is declared
     * @param gate which decides about it, as it stands; empty where there is none
     * @param counted reviews that the gate counts as approvals
     */
    record Terms(DeliveryDefinition how, Optional<GateView> gate, List<GateEvent.Review> counted) {

        /** Of what no gate decides about, or one has let pass by rules of its own. */
        static Terms of(DeliveryDefinition how) {
            return new Terms(how, Optional.empty(), List.of());
        }

        /** @param gate that let it pass, or that is still open; empty where there is none */
        static Terms of(DeliveryDefinition how, Optional<Gate> gate) {
            return new Terms(
                    how,
                    gate.map(seen -> GateView.of(seen, Map.of(), seen.last().at())),
                    gate.stream()
                            .flatMap(seen -> seen.approvals().stream())
                            .map(GateEvent.Approved::review)
                            .filter(Objects::nonNull)
                            .toList());
        }
    }

    /** @throws RefusedException if the repository's server is unknown */
    static Proposal of(
            CommitRequest request,
            Terms terms,
            String place,
            Supplier<List<ImageChange>> changes,
            ConfigRepository repository,
            Progress progress) {
        return new Proposal(
                request,
                terms,
                place,
                changes,
                repository,
                ReleaseBranches.requests(terms.how(), repository),
                progress);
    }

    String base() {
        return request.branch();
    }

    String head() {
        return ReleaseBranches.head(place, request.bumpId());
    }

    Optional<PullRequest> find() {
        return requests.find(head(), base());
    }

    /** The open ones of the same place. */
    private Stream<PullRequest> others() {
        return requests.openOf(ReleaseBranches.PREFIX + place + "/", base()).stream();
    }

    /**
     * An open pull request.
     *
     * @param commit the release's own, which stands on its branch
     */
    record Current(PullRequest open, String commit) {}

    /**
     * Opens it for reviews and keeps it up to date; merges nothing.
     *
     * @return the open pull request, at the commit that stands on its branch
     * @throws PullRequestClosedException if somebody closed or merged it
     * @throws PendingDelivery while its server does not answer, or does not show the newest commit
     */
    PullRequest review() {
        try {
            Optional<PullRequest> found = find();
            if (found.isPresent() && !found.get().isOpen()) {
                throw closed(found.get());
            }
            Snapshot tip = repository.tip(base(), progress);
            if (request.edit().apply(tip).isEmpty()) {
                throw new PendingDelivery(base() + " already has this release.", address(), null, this::abandonFound);
            }
            Current current = current(found);
            PullRequest open = current.open();
            // The gate is open: nobody may merge it yet.
            letGo(open);
            // Bitbucket Cloud abbreviates.
            if (open.headCommit().isEmpty() || !current.commit().startsWith(open.headCommit())) {
                throw pending(open, "its server does not show the newest commit of its branch yet");
            }
            if (open.mergeability() == PullRequest.Mergeability.OUTDATED) {
                throw renewed(open, open.reason());
            }
            return open;
        } catch (ForgeException e) {
            throw later(e);
        }
    }

    /** The open pull request with the release's own commit, opened where there is none, which says how things stand. */
    Current current(Optional<PullRequest> found) {
        CommitOutcome made = repository.propose(request, head(), false, progress);
        PullRequest open = found.orElseGet(this::open);
        say(open.at(made.commit()));
        if (found.isPresent() && made instanceof CommitOutcome.Committed) {
            letGo(found.get());
            throw pending(found.get(), "its branch was set to the release's own commit");
        }
        return new Current(open, made.commit());
    }

    private PullRequest open() {
        PullRequest opened = requests.create(new PullRequests.NewPullRequest(
                head(), base(), request.subject(), "Jenkins is opening this pull request."));
        progress.say("Opened pull request " + opened.url() + ".");
        return opened;
    }

    /**
     * Has it say how things stand. Its text is written last: what a restart interrupts before that is done again. All of
     * it helps readers, and without it the pull request is the same.
     */
    private void say(PullRequest open) {
        PullRequestText text = new PullRequestText(request, changes.get(), terms.gate());
        if (!PullRequestText.isComplete(open.text())) {
            helpful(() -> {
                if (!terms.how().labels().isEmpty() && requests.hasLabels()) {
                    requests.label(open, terms.how().labels());
                }
            });
            helpful(() -> {
                if (!terms.how().reviewers().isEmpty()) {
                    requests.requestReviewers(open, terms.how().reviewers());
                }
            });
            helpful(() -> others().filter(older -> older.number() < open.number())
                    .forEach(older -> close(older, "Superseded by " + open.url() + ".")));
        }
        helpful(() -> status(open, text.outcome(), text.status()));
        int longest = requests.longestText();
        if (!text.isIn(open.text(), longest)) {
            helpful(() -> requests.describe(open, request.subject(), text.body(longest)));
        }
    }

    void helpful(Runnable call) {
        try {
            call.run();
        } catch (ForgeException e) {
            progress.say(e.getMessage());
        }
    }

    void status(PullRequest open, Outcome outcome, String line) {
        Optional<String> run = trailer(Trailers.RUN);
        List<String> commit = List.of(open.url(), open.headCommit());
        String told = outcome + line;
        if (run.isPresent() && !told.equals(STATUSES.getIfPresent(commit))) {
            requests.status(open, STATUS, outcome, line, run.get());
            STATUSES.put(commit, told);
        }
    }

    /** Applies the release again to the newest commit of the branch that it is for. */
    PendingDelivery renewed(PullRequest open, String why) {
        CommitOutcome renewed = repository.propose(request, head(), true, progress);
        if (renewed instanceof CommitOutcome.Committed) {
            progress.say("Applied the release again to the newest commit of " + base() + " for " + open.url() + ".");
            say(open.at(renewed.commit()));
            return pending(open, "its branch was brought up to date");
        }
        return pending(open, why);
    }

    PullRequestClosedException closed(PullRequest request) {
        ended(request);
        boolean isMerged = request.state() == PullRequest.State.MERGED;
        Optional<PullRequest> newer = isMerged
                ? Optional.empty()
                : others().filter(other -> other.number() > request.number()).findFirst();
        return new PullRequestClosedException(
                request, newer.map(PullRequest::url).orElse(null));
    }

    PendingDelivery pending(PullRequest open, String why) {
        OpenDelivery.waits(address(), place, open.url(), why);
        return new PendingDelivery(
                "Waiting for pull request " + open.url() + ": " + why + ".", address(), null, this::abandonFound);
    }

    private void abandonFound(String reason) {
        find().filter(PullRequest::isOpen).ifPresent(open -> close(open, reason));
    }

    /** @return how it ended: closed, or merged meanwhile */
    PullRequest.State close(PullRequest open, String reason) {
        PullRequest.State ended = close(requests, open, reason);
        ended(open);
        return ended;
    }

    /** Has its server not merge by itself what may not be merged now. */
    void letGo(PullRequest open) {
        if (!ReleaseBranches.letGo(terms.how(), requests, open)) {
            ended(open);
        }
    }

    /** Whether the server of an open pull request, whose release is on the branch, may yet say that it was merged. */
    boolean mayEnd(PullRequest open) {
        return ENDING.asMap().merge(List.of(address(), open.url(), open.headCommit()), 1, Integer::sum)
                < LOOKS_AT_ENDING;
    }

    /** It is merged or closed. */
    void ended(PullRequest ended) {
        OpenDelivery.ended(address(), ended.url());
    }

    private String address() {
        return repository.server().orElseThrow().remote().url();
    }

    static PullRequest.State close(PullRequests requests, PullRequest open, String reason) {
        requests.comment(open, COMMENT, COMMENT + "\n" + PullRequestText.plain(reason));
        return requests.close(open);
    }

    private Optional<String> trailer(String key) {
        return new Trailers(request.trailers()).value(key);
    }

    PendingDelivery later(ForgeException e) {
        if (!e.mayPass()) {
            throw e;
        }
        return new PendingDelivery(e.getMessage(), address(), e.until().orElse(null), this::abandonFound);
    }
}
