package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A promotion that must not be ends the run with one sentence, and leaves no commit. */
class RefusedPromotionTest {

    private static final ApplicationName STAGING = new ApplicationName("argocd", "shop-staging");

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    @Test
    void noEnvironmentIsSkipped() throws Exception {
        assertRefused("application: 'shop', environment: 'prod', from: 'dev'", "dev", "prod", "staging");
    }

    @Test
    void nothingIsPromotedIntoTheFirstEnvironment() throws Exception {
        assertRefused("application: 'shop', environment: 'dev'", "dev");
    }

    @Test
    void anUnhealthyReleaseStaysWhereItIs() throws Exception {
        playground.cluster().turn(STAGING, new Outcome(HealthState.DEGRADED, "Deployment shop-api: back-off"));
        playground.awaitHealth("shop/staging", "Degraded");

        assertRefused("application: 'shop', environment: 'prod'", "shop/staging", "Degraded");
    }

    @Test
    void aMisspeltEnvironmentIsExplained() throws Exception {
        assertRefused(
                "application: 'shop', environment: 'prd'", "There is no environment 'prd'", "did you mean 'prod'?");
    }

    private void assertRefused(String arguments, String... words) throws Exception {
        int before = playground.commits();

        Ended ended = playground.runSteps("gitopsPromote " + arguments);

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains(words);
        assertThat(ended.log()).doesNotContain("\tat ");
        assertThat(playground.commits()).isEqualTo(before);
    }
}
