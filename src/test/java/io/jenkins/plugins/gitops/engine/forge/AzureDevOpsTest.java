package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import org.junit.jupiter.api.Test;

class AzureDevOpsTest extends PullRequestsContract {

    AzureDevOpsTest() {
        super(AzureDevOpsDialect::new);
    }

    @Override
    PullRequests open(ForgeServer at) {
        return at("/org/acme/_git/config", Provider.AZURE);
    }

    @Override
    String reviewer() {
        return "f7b0ff3c-8d2c-4f3e-9d2d-0b8a5ad6a0a1";
    }

    @Test
    void tellsWhichPolicyIsMissing() {
        requests.create(PROPOSAL);
        server.pulls.get(0).blocked = "Minimum number of reviewers";

        assertThat(requests.get(1).mergeability()).isEqualTo(Mergeability.BLOCKED);
        assertThat(requests.get(1).reason()).contains("Minimum number of reviewers");
    }

    /** Azure DevOps refuses a longer one. */
    @Test
    void aDescriptionHasAtMost4000Characters() {
        String body = "x".repeat(5_000);

        requests.create(new PullRequests.NewPullRequest(HEAD, "main", "title", body));
        assertThat(server.pulls.get(0).body).hasSize(4_000).endsWith("…");
        requests.describe(requests.get(1), "title", body + body);

        assertThat(server.pulls.get(0).body).hasSize(4_000);
        assertThat(requests.longestText()).isEqualTo(4_000);
    }

    @Test
    void takesAPageToSignInForARefusal() {
        server.fault(203, "sign in");

        assertThatThrownBy(() -> requests.get(1)).hasMessageContaining("does not accept the credentials");
    }
}
