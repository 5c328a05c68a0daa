package io.jenkins.plugins.gitops.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunIdentityTest {

    /** The threads that take in answers act for nobody. */
    @Test
    @SuppressWarnings("try")
    void theRunIsFoundOnAThreadThatMaySeeNoJob() throws Exception {
        StandIn jenkins = new StandIn().install().withAccess((who, permission, where) -> false);
        Run<?, ?> run = Pipelines.run("shop");
        jenkins.withRun(run);
        RunIdentity identity = RunIdentity.of(run, ACL.SYSTEM2, List.of());

        try (ACLContext nobody = ACL.as2(StandIn.anonymous())) {
            assertThat(Run.fromExternalizableId(run.getExternalizableId())).isNull();
            assertThat(identity.deploying()).containsSame(run);
        }
    }
}
