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

    @Test
    void takesAPageToSignInForARefusal() {
        server.fault(203, "sign in");

        assertThatThrownBy(() -> requests.get(1)).hasMessageContaining("does not accept the credentials");
    }
}
