package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

class GitLabTest extends PullRequestsContract {

    GitLabTest() {
        super(GitLabDialect::new);
    }

    @Override
    PullRequests open(ForgeServer at) {
        return at("/acme/config.git", Provider.GITLAB);
    }

    @Override
    String authorization() {
        return "Bearer t0ken";
    }

    @Override
    @Test
    void changesTitleAndBodyAndNothingElse() {
        super.changesTitleAndBodyAndNothingElse();
    }

    @Test
    void aProjectWithMergeTrainsMergesByThem() {
        server.hasQueue = true;
        PullRequest request = requests.create(PROPOSAL);

        requests.merge(request, Method.SQUASH, "subject", "body");
        requests.merge(requests.get(1), Method.SQUASH, "subject", "body");

        assertThat(server.pulls.get(0).mergeMethod).isEqualTo("train");
        assertThat(requests.get(1).isOpen()).isTrue();
        assertThat(requests.get(1).handover().isQueued()).isTrue();
        assertThat(server.calls.stream().filter(call -> call.contains("/merge_trains/")))
                .hasSize(1);

        requests.takeBack(requests.get(1));
        requests.takeBack(requests.get(1));

        assertThat(server.pulls.get(0).autoMerge).isFalse();
        assertThat(server.calls.stream().filter(call -> call.equals("GET /api/v4/projects/acme%2Fconfig")))
                .hasSize(1);
    }

    @Test
    void saysThatAReviewerIsUnknown() {
        PullRequest created = requests.create(PROPOSAL);

        assertThatThrownBy(() -> requests.requestReviewers(created, List.of("nobody")))
                .hasMessageContaining("knows no user 'nobody'");
    }
}
