package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
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
    void saysThatAReviewerIsUnknown() {
        PullRequest created = requests.create(PROPOSAL);

        assertThatThrownBy(() -> requests.requestReviewers(created, List.of("nobody")))
                .hasMessageContaining("knows no user 'nobody'");
    }
}
