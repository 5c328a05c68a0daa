package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

class GiteaTest extends PullRequestsContract {

    GiteaTest() {
        super(GiteaDialect::new);
    }

    /** Neither Gitea nor Forgejo tells that a user is a bot. */
    @Override
    boolean tellsBots() {
        return false;
    }

    @Override
    PullRequests open(ForgeServer at) {
        return at("/acme/config.git", Provider.GITEA);
    }

    @Test
    void saysThatALabelIsUnknown() {
        PullRequest created = requests.create(PROPOSAL);

        assertThatThrownBy(() -> requests.label(created, List.of("nothing")))
                .hasMessageContaining("no label 'nothing'");
    }
}
