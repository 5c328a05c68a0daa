package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import org.junit.jupiter.api.Test;

class BitbucketDataCenterTest extends PullRequestsContract {

    BitbucketDataCenterTest() {
        super(BitbucketDataCenterDialect::new);
    }

    @Override
    PullRequests open(ForgeServer at) {
        return at("/scm/acme/config.git", Provider.BITBUCKET);
    }

    @Test
    void tellsWhatStandsAgainstAMerge() {
        requests.create(PROPOSAL);
        server.pulls.get(0).blocked = "Not all required builds are successful yet";

        assertThat(requests.get(1).mergeability()).isEqualTo(Mergeability.BLOCKED);
        assertThat(requests.get(1).reason()).isEqualTo("Not all required builds are successful yet");
    }
}
