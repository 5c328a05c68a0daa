package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What every kind of server must do for the plugin, each against a server of ours that answers as its documentation says. */
abstract class PullRequestsContract extends MergesContract {

    PullRequestsContract(Function<ForgeServer, Dialect> dialect) {
        super(dialect);
    }

    @Test
    void opensAPullRequestAndFindsItByItsBranch() {
        assertThat(requests.find(HEAD, "main")).isEmpty();

        PullRequest created = requests.create(PROPOSAL);

        assertThat(created.state()).isEqualTo(State.OPEN);
        assertThat(created.head()).isEqualTo(HEAD);
        assertThat(created.base()).isEqualTo("main");
        assertThat("1".repeat(40)).startsWith(created.headCommit());
        assertThat(created.mergeCommit()).isEmpty();
        assertThat(created.url()).startsWith("https://").endsWith("/1");
        assertThat(requests.find(HEAD, "main")).contains(created);
        assertThat(requests.find(HEAD, "other")).isEmpty();
        assertThat(server.pulls.get(0).title).isEqualTo(PROPOSAL.title());
        assertThat(server.pulls.get(0).body).isEqualTo(PROPOSAL.body());
    }

    @Test
    void opensNoSecondOneForTheSameBranch() {
        PullRequest first = requests.create(PROPOSAL);

        assertThat(requests.create(PROPOSAL).number()).isEqualTo(first.number());
        assertThat(server.pulls).hasSize(1);
    }

    @Test
    void findsTheOneWhoseAnswerWasLost() {
        server.loseAnswerOf("POST", this instanceof GitLabTest ? "merge_requests" : "pull");

        assertThatThrownBy(() -> requests.create(PROPOSAL)).isInstanceOf(ForgeException.class);

        assertThat(requests.create(PROPOSAL).number()).isEqualTo(1);
        assertThat(server.pulls).hasSize(1);
    }

    @Test
    void findsTheOpenOneAmongManyPages() {
        for (int i = 0; i < 120; i++) {
            Pull old = server.add(HEAD, "main", "old", "");
            old.state = "closed";
        }
        Pull open = server.add(HEAD, "main", "the one", "");
        server.add("gitops/shop/prod/other", "main", "another branch", "");

        assertThat(requests.find(HEAD, "main").orElseThrow().number()).isEqualTo(open.number);
    }

    @Test
    void findsNoneOfAFork() {
        server.add(HEAD, "main", "a fork's", "").fork = true;

        assertThat(requests.find(HEAD, "main")).isEmpty();
        assertThat(requests.openOf("gitops/shop/prod/", "main")).isEmpty();
    }

    @Test
    void listsThoseThatAreOpenBySeveralBranches() {
        server.add("gitops/shop/prod/1", "main", "closed", "").state = "closed";
        server.add("gitops/shop/prod/2", "main", "open", "");
        server.add("gitops/shop/prod/3", "other", "another base", "");
        server.add("gitops/shop/dev/4", "main", "another environment", "");
        server.add("gitops/shop/prod/5", "main", "open", "");

        assertThat(requests.openOf("gitops/shop/prod/", "main"))
                .extracting(PullRequest::number)
                .containsExactlyInAnyOrder(2L, 5L);
    }

    @Test
    void tellsTheLastDecisionOfEachReviewer() {
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).reviews.put("alice", "approved");
        server.pulls.get(0).reviews.put("bob", "changes");
        server.pulls.get(0).reviews.put("carol", "comment");

        assertThat(requests.get(created.number()).reviews())
                .extracting(Review::login, Review::approves)
                .containsExactlyInAnyOrder(tuple("alice", true), tuple("bob", false));
    }

    @Test
    void noBotApproves() {
        assumeTrue(tellsBots());
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).review("robot", "approved");
        server.pulls.get(0).review("alice", "approved");
        server.pulls.get(0).bots.add("robot");

        assertThat(requests.get(created.number()).reviews())
                .extracting(Review::login, Review::approves)
                .containsExactly(tuple("alice", true));
    }

    /** Whether the server tells people from others. */
    boolean tellsBots() {
        return true;
    }

    @Test
    void tellsWhichCommitWasApproved() {
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).reviews.put("alice", "approved");
        server.pulls.get(0).reviewed.put("alice", ForgeServer.OLDER);
        server.pulls.get(0).reviews.put("dave", "approved");

        PullRequest now = requests.get(created.number());

        assertThat(now.reviews())
                .extracting(Review::login, review -> review.approves(server.pulls.get(0).sha))
                .containsExactlyInAnyOrder(tuple("alice", false), tuple("dave", true));
    }

    @Test
    void tellsItsText() {
        PullRequest created = requests.create(PROPOSAL);
        requests.describe(created, "Title", "Changed\n\ntwice");

        assertThat(requests.get(created.number()).text()).isEqualTo("Changed\n\ntwice");
    }

    @Test
    void tellsWhetherChecksHavePassed() {
        PullRequest created = requests.create(PROPOSAL);

        assertThat(outcome(created, "build", "pending")).isEqualTo(Outcome.PENDING);
        assertThat(outcome(created, "build", "failed")).isEqualTo(Outcome.FAILED);
        assertThat(outcome(created, "build", "passed")).isEqualTo(Outcome.PASSED);
    }

    private Outcome outcome(PullRequest created, String name, String state) {
        server.pulls.get(0).checks.put(name, state);
        List<Check> checks = requests.get(created.number()).checks();
        assertThat(checks).hasSize(1);
        return checks.get(0).outcome();
    }

    @Test
    void tellsWhetherItCanBeMerged() {
        PullRequest created = requests.create(PROPOSAL);
        assertThat(created.mergeability()).isEqualTo(Mergeability.READY);
        assertThat(created.reason()).isEmpty();

        server.pulls.get(0).conflicts = true;

        PullRequest conflicting = requests.get(created.number());
        assertThat(conflicting.mergeability()).isEqualTo(Mergeability.OUTDATED);
        assertThat(conflicting.reason()).contains("conflict");
    }

    @Test
    void changesTitleAndBodyAndNothingElse() {
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).reviewers.add("{keeps}");

        requests.describe(created, "another title", "another body");

        assertThat(server.pulls.get(0).title).isEqualTo("another title");
        assertThat(server.pulls.get(0).body).isEqualTo("another body");
        assertThat(server.pulls.get(0).reviewers).containsExactly("{keeps}");
    }

    @Test
    void keepsOneComment() {
        PullRequest created = requests.create(PROPOSAL);
        server.pulls.get(0).comments.put(100, "a person's own");

        requests.comment(created, "<!-- gitops -->", "<!-- gitops --> waits for soak");
        requests.comment(created, "<!-- gitops -->", "<!-- gitops --> passed");
        int calls = server.calls.size();
        requests.comment(created, "<!-- gitops -->", "<!-- gitops --> passed");

        assertThat(server.pulls.get(0).comments.values())
                .containsExactlyInAnyOrder("a person's own", "<!-- gitops --> passed");
        assertThat(server.calls.subList(calls, server.calls.size())).allMatch(call -> call.startsWith("GET"));
    }

    @Test
    void asksForReviewsAndLabels() {
        PullRequest created = requests.create(PROPOSAL);

        requests.requestReviewers(created, List.of(reviewer()));

        assertThat(server.pulls.get(0).reviewers).containsExactly(reviewer());
        if (requests.hasLabels()) {
            requests.label(created, List.of("gitops"));
            assertThat(server.pulls.get(0).labels).containsExactly("gitops");
        }
    }

    String reviewer() {
        return "alice";
    }

    @Test
    void setsAStatusOfTheHeadCommit() {
        PullRequest created = requests.create(PROPOSAL);

        requests.status(created, "gitops/gate", Outcome.PENDING, "waits for soak", "https://ci.example.org/gate/");
        requests.status(
                created, "gitops/gate", Outcome.PASSED, "all requirements are met", "https://ci.example.org/gate/");

        assertThat(server.pulls.get(0).statuses)
                .hasSize(1)
                .hasEntrySatisfying(
                        "gitops/gate",
                        status -> assertThat(status)
                                .containsPattern("(?i)^(success|succeeded|successful): all requirements are met"));
    }

    @Test
    void tellsWhatToDoAboutARefusal() {
        assertThat(failure(401, "Bad credentials").kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failure(401, "Bad credentials"))
                .hasMessageContaining("does not accept the credentials")
                .hasMessageContaining("Bad credentials")
                .hasMessageContaining("renew the token")
                .hasMessageNotContaining("t0ken");
        assertThat(failure(403, "Resource not accessible").kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(failure(404, "Not Found").kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure(409, "Conflict").kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure(422, "Validation Failed").kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure(502, "Bad Gateway").mayPass()).isTrue();
        assertThat(failure(301, "Moved")).hasMessageContaining("correct the address");
    }

    private ForgeException failure(int status, String message, String... headers) {
        server.fault(status, message, headers);
        return catchThrowableOfType(ForgeException.class, () -> requests.get(1));
    }

    @Test
    void asksNothingMoreUntilALimitIsOver() {
        requests.create(PROPOSAL);
        ForgeException limited = failure(429, "Too many requests", "Retry-After", "30");
        assertThat(limited.kind()).isEqualTo(Kind.LIMITED);
        assertThat(limited.until()).contains(now.get().plusSeconds(30));
        int calls = server.calls.size();

        assertThatThrownBy(() -> requests.get(1)).hasMessageContaining("limits the requests");
        assertThat(server.calls).hasSize(calls);

        now.set(now.get().plusSeconds(31));
        assertThat(requests.get(1).isOpen()).isTrue();
    }

    @Test
    void sendsTheLogin() {
        requests.create(PROPOSAL);

        assertThat(server.authorizations).isNotEmpty().allMatch(authorization()::equals);
    }

    /** Of the user bot with the password t0ken. */
    String authorization() {
        return "Basic Ym90OnQwa2Vu";
    }
}
