package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GitHubTest extends PullRequestsContract {

    GitHubTest() {
        super(GitHubDialect::new);
    }

    @Override
    PullRequests open(ForgeServer at) {
        return at("/acme/config.git", Provider.GITHUB);
    }

    @Override
    String authorization() {
        return "Bearer t0ken";
    }

    @Override
    String reviewer() {
        return "team/prod-owners";
    }

    @Test
    void asksAgainForWhatHasNotChangedByItsTag() {
        requests.create(PROPOSAL);
        PullRequest first = requests.get(1);
        int before = server.unchanged;

        assertThat(requests.get(1)).isEqualTo(first);
        assertThat(server.unchanged - before).isEqualTo(4);
    }

    @Test
    void waitsForTheResetOfAPrimaryLimit() {
        server.fault(
                403,
                "API rate limit exceeded",
                "X-RateLimit-Remaining",
                "0",
                "X-RateLimit-Reset",
                String.valueOf(now.get().plusSeconds(600).getEpochSecond()));

        ForgeException limited = catchThrowableOfType(ForgeException.class, () -> requests.get(1));

        assertThat(limited.kind()).isEqualTo(Kind.LIMITED);
        assertThat(limited.until()).contains(now.get().plusSeconds(600));
    }

    @Test
    void waitsAMinuteForASecondaryLimitThatSaysNoTime() {
        server.fault(403, "You have exceeded a secondary rate limit");

        ForgeException limited = catchThrowableOfType(ForgeException.class, () -> requests.get(1));

        assertThat(limited.until()).contains(now.get().plus(Duration.ofMinutes(1)));
    }

    @Test
    void followsNoPageToAnotherServer() {
        server.fault(200, "", "Link", "<http://elsewhere.example.org/pulls>; rel=\"next\"");

        assertThatThrownBy(() -> requests.find(HEAD, "main")).hasMessageContaining("names another server");
    }

    @Test
    void saysThatTheServerCannotBeReached() {
        server.close();

        ForgeException gone = catchThrowableOfType(ForgeException.class, () -> requests.get(1));

        assertThat(gone.mayPass()).isTrue();
        assertThat(gone).hasMessageStartingWith("GitHub (127.0.0.1) cannot be reached");
    }

    @Test
    void tellsWhichRuleIsMissing() {
        requests.create(PROPOSAL);
        server.pulls.get(0).blocked = "review";

        assertThat(requests.get(1).mergeability()).isEqualTo(Mergeability.BLOCKED);
    }

    @Test
    void whatHasAQueueIsQueuedAndTakenBack() {
        server.hasQueue = true;
        PullRequest request = requests.create(PROPOSAL);

        requests.merge(request, Method.SQUASH, "subject", "body");
        requests.merge(requests.get(1), Method.SQUASH, "subject", "body");

        assertThat(server.pulls.get(0).queued).isTrue();
        assertThat(server.calls).noneMatch(call -> call.startsWith("PUT "));
        assertThat(requests.get(1).isOpen()).isTrue();
        assertThat(requests.get(1).handover().isQueued()).isTrue();
        assertThat(requests.get(1).handover().tested()).contains(GitHubDialect.tested(server.pulls.get(0)));

        requests.takeBack(requests.get(1));
        requests.takeBack(requests.get(1));

        assertThat(server.pulls.get(0).queued).isFalse();
        assertThat(requests.get(1).handover().isAccepted()).isFalse();
        assertThatThrownBy(() -> requests.merge(request.at("9".repeat(40)), Method.SQUASH, "subject", "body"))
                .hasMessageContaining("merge queue refuses: Head sha didn't match");
        assertThat(server.pulls.get(0).queued).isFalse();
    }

    @Test
    void aQueueSaysItselfWhichRuleIsMissing() {
        server.hasQueue = true;
        PullRequest request = requests.create(PROPOSAL);
        server.pulls.get(0).blocked = "At least 1 approving review is required";

        assertThat(requests.get(1).mergeability()).isEqualTo(Mergeability.READY);
        assertThatThrownBy(() -> requests.merge(request, Method.SQUASH, "subject", "body"))
                .hasMessageContaining("merge queue refuses: At least 1 approving review is required");
        assertThat(server.pulls.get(0).queued).isFalse();
    }

    /** An entity tag saves what has not changed; GraphQL has none. */
    @Test
    void aLookAsksForTheQueueOnce() {
        server.hasQueue = true;
        requests.create(PROPOSAL);
        server.pulls.get(0).queued = true;
        server.calls.clear();

        PullRequest seen = requests.get(1);
        requests.handOver(seen, Method.SQUASH, "subject", "body");
        requests.merge(seen, Method.SQUASH, "subject", "body");

        String repository = "/api/v3/repos/acme/config";
        assertThat(server.calls)
                .containsExactlyInAnyOrder(
                        "GET " + repository + "/pulls/1",
                        "POST /api/graphql",
                        "GET " + repository + "/pulls/1/reviews",
                        "GET " + repository + "/commits/" + seen.headCommit() + "/check-runs",
                        "GET " + repository + "/commits/" + seen.headCommit() + "/status");
    }

    @Test
    void aBranchWithoutRulesHasNothingToWaitFor() {
        PullRequest request = requests.create(PROPOSAL);

        assertThatThrownBy(() -> requests.handOver(request, Method.SQUASH, "subject", "body"))
                .hasMessageContaining("auto-merge refuses: Pull request is in clean status");
        assertThat(server.pulls.get(0).autoMerge).isFalse();
    }

    @Test
    void whatHasNoQueueIsAskedForItOnce() {
        PullRequest request = requests.create(PROPOSAL);

        requests.takeBack(request);
        requests.takeBack(requests.get(1));
        requests.merge(request, Method.SQUASH, "subject", "body");

        assertThat(server.calls.stream().filter("POST /api/graphql"::equals)).hasSize(1);
        assertThat(requests.get(1).state()).isEqualTo(PullRequest.State.MERGED);
    }
}
