package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code onFailure: 'rollback'}: what Argo CD does not bring live is taken back without a person. */
class OnFailureTest {

    private static final ApplicationName STAGING = new ApplicationName(Cluster.NAMESPACE, "shop-staging");
    private static final String AWAIT =
            "gitopsAwaitSync application: 'shop', environment: 'staging', degradedGrace: '1s', onFailure: 'rollback'";
    private static final String PROMOTE =
            "gitopsPromote application: 'shop', environment: 'staging', onFailure: 'rollback'";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    private Webhooks webhooks;

    @BeforeEach
    void listen() throws Exception {
        webhooks = new Webhooks();
    }

    @AfterEach
    void stop() {
        webhooks.close();
    }

    @Test
    void aReleaseThatIsNotAwaitedInVainStays() throws Exception {
        Ended ended = playground.runSteps(bump("staging", "v2.0.0") + AWAIT);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(commits()).hasSize(1);
        assertThat(webhooks.heard("sync-failed")).isEmpty();
    }

    @Test
    void anAwaitedReleaseThatTurnsOutBadIsTakenBack() throws Exception {
        succeed(bump("staging", "v2.0.0") + AWAIT);

        Ended ended = breakThenHeal(bump("staging", "v2.1.0") + AWAIT);

        assertTakenBack(ended, "Not live: shop/staging shop-staging: ");
    }

    @Test
    void aPromotedReleaseThatDoesNotComeLiveInTimeIsTakenBack() throws Exception {
        succeed(bump("dev", "v2.0.0") + "gitopsAwaitSync application: 'shop', environment: 'dev'\n" + PROMOTE);

        Ended ended = breakThenHeal(bump("dev", "v2.1.0") + "gitopsAwaitSync application: 'shop', environment: 'dev'\n"
                + PROMOTE + ", timeout: '4s'");

        assertTakenBack(ended, "Not live in time: shop/staging shop-staging: ");
        Ended again = playground.runSteps(PROMOTE);
        assertThat(again.result()).isEqualTo(RunResult.FAILURE);
        assertThat(again.log()).contains("shop/staging is held since ");
    }

    private void assertTakenBack(Ended ended, String beginning) {
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.FAILURE);
        List<Commit> commits = commits();
        assertThat(commits).hasSize(3);
        Commit good = commits.get(0);
        Commit bad = commits.get(1);
        Commit back = commits.get(2);
        assertThat(back.trailer("GitOps-Rolls-Back")).containsExactly(bad.id());
        assertThat(back.trailer("GitOps-Rollback-To")).containsExactly(good.id());
        assertThat(back.trailer("GitOps-Image")).contains("api=ghcr.io/acme/shop-api:v2.0.0");
        assertThat(back.trailer("GitOps-Reason")).singleElement().asString().startsWith(beginning);
        assertThat(error(ended))
                .startsWith("ERROR: " + beginning)
                .contains("; shop/staging was rolled back to the release of commit "
                        + good.id().substring(0, 7))
                .contains("v2.0.0")
                .matches(".* and recovered in \\d+ .*, within its objective of 30 min\\.");
        playground.awaitHealth("shop/staging", "Healthy");
        await().untilAsserted(() -> {
            assertThat(webhooks.heard("sync-failed")).singleElement().satisfies(event -> {
                assertThat(event.path("environment").asText()).isEqualTo("staging");
                assertThat(event.path("commit").asText()).isEqualTo(bad.id());
                assertThat(event.path("summary").asText()).startsWith(beginning);
            });
            assertThat(webhooks.heard("rolled-back"))
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.path("commit").asText()).isEqualTo(back.id()));
        });
    }

    @Test
    void withoutAnEarlierHealthyReleaseNothingIsTakenBack() throws Exception {
        playground.cluster().failSyncs(STAGING, "one or more objects failed to apply");

        Ended ended = playground.runSteps(bump("staging", "v2.0.0") + AWAIT);

        assertThat(error(ended))
                .startsWith("ERROR: Not live: shop/staging shop-staging: the sync to your commit ")
                .contains("; shop/staging was not rolled back: No earlier healthy release of shop/staging is known");
        assertThat(commits()).hasSize(1);
    }

    @Test
    void whatDidNotComeFromTheAwaitedCommitIsLeftAlone() throws Exception {
        succeed(bump("staging", "v2.0.0") + AWAIT);
        succeed(bump("staging", "v2.1.0") + AWAIT);

        Ended ended = playground.runSteps(
                AWAIT + ", commit: '" + "9".repeat(40) + "', images: [api: 'docker.io/other:1'], timeout: '1s'");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(error(ended)).contains("; shop/staging was not rolled back: ");
        assertThat(commits()).hasSize(2);
    }

    @Test
    void aFailureWithoutOnFailureIsToldOnceAndLeftToPeople() throws Exception {
        succeed(bump("staging", "v2.0.0") + AWAIT);
        playground.cluster().failSyncs(STAGING, "one or more objects failed to apply");

        playground.runSteps(bump("staging", "v2.1.0") + "gitopsAwaitSync application: 'shop', environment: 'staging'");

        await().untilAsserted(() -> assertThat(webhooks.heard("sync-failed")).hasSize(1));
        assertThat(commits()).hasSize(2);
    }

    /** The rollout of the next release ends badly; whatever is put back then is healthy. */
    private Ended breakThenHeal(String steps) throws Exception {
        playground.cluster().rolloutsEnd(STAGING, new SimulatedArgoCd.Outcome(HealthState.DEGRADED, "pods crash"));
        PlaygroundRun run = playground.startSteps(steps);
        await().atMost(PlaygroundFixture.PATIENCE)
                .until(() -> run.log().text().contains("Rolling back shop/staging")
                        || run.ended().isDone());
        playground.cluster().heal(STAGING);
        return PlaygroundFixture.end(run);
    }

    private void succeed(String steps) throws Exception {
        Ended ended = playground.runSteps(steps);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
    }

    private static String bump(String environment, String tag) {
        return "gitopsBumpImage application: 'shop', environment: '" + environment + "', images: [api: '" + tag
                + "']\n";
    }

    private static String error(Ended ended) {
        List<String> errors =
                ended.log().lines().filter(line -> line.startsWith("ERROR: ")).toList();
        assertThat(errors).as(ended.log()).hasSize(1);
        return errors.get(0);
    }

    /** Those of staging, oldest first. */
    private List<Commit> commits() {
        return new ConfigLog(playground.repository()).to("staging");
    }
}
