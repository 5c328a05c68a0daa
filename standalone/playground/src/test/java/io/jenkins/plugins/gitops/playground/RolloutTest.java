package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Argo Rollouts that pause: {@code onPaused} of {@code gitopsAwaitSync}, and {@code gitopsRollout}. */
class RolloutTest {

    private static final String AWAIT = "gitopsAwaitSync application: 'shop', environment: 'dev'";
    private static final String PAUSED = "health Suspended, Rollout/shop-dev is paused at step 2 of 5 (pause)";
    private static final String AT_PAUSE = AWAIT + ", acceptSuspended: true\n";
    private static final String QUESTION =
            "Rollout shop-prod of shop/prod is paused at step 2 of 5 (pause): promote-full it?";
    private static final String DEV_QUESTION =
            "'Rollout shop-dev of shop/dev is paused at step 2 of 5 (pause): promote it?'";
    private static final String ROLLOUT = "gitopsRollout application: 'shop', environment: 'dev', action: ";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    @BeforeEach
    void rollouts() {
        for (String environment : new String[] {"dev", "prod"}) {
            playground
                    .cluster()
                    .giveRollout(new ApplicationName(Cluster.NAMESPACE, "shop-" + environment), "shop-" + environment);
        }
    }

    @Test
    void aPausedRolloutIsResumedByTheWait() throws Exception {
        Ended ended = playground.runSteps(bump("v2.0.0") + AWAIT + ", onPaused: 'promote'");

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains(PAUSED + ", resuming it", "Live and healthy: shop/dev");
    }

    @Test
    void aPausedRolloutIsPromotedByTheStep() throws Exception {
        Ended ended = playground.runSteps(bump("v2.0.0") + AT_PAUSE + "def done = " + ROLLOUT + "'promote'\n"
                + "echo \"${done.rollout} ${done.before}\"\n" + AWAIT);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .contains(
                        "The Rollout shop-dev of shop-dev is paused at step 2 of 5 (pause).",
                        "Requested promote of the Rollout shop-dev of shop-dev.",
                        "shop-dev is paused at step 2 of 5 (pause)",
                        "Live and healthy: shop/dev");
    }

    @Test
    void anAbortedRolloutFailsTheWaitAtOnceAndCanBeRetried() throws Exception {
        Ended aborted = playground.runSteps(bump("v2.0.0") + AT_PAUSE + ROLLOUT + "'abort'\n" + AWAIT);

        assertThat(aborted.result()).as(aborted.log()).isEqualTo(RunResult.FAILURE);
        assertThat(aborted.log())
                .contains("health Degraded, Rollout/shop-dev RolloutAborted: Rollout aborted update to revision 2.");

        Ended retried = playground.runSteps(ROLLOUT + "'retry'\n" + AWAIT + ", onPaused: 'promote'");
        assertThat(retried.result()).as(retried.log()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void aRolloutInNoStateForTheActionIsRefused() throws Exception {
        assertThat(failure(ROLLOUT + "'promote'"))
                .contains("Cannot promote the Rollout shop-dev of shop-dev, which is healthy: only a Rollout that is"
                        + " paused can be promoted.");
        assertThat(failure(ROLLOUT + "'retry'")).contains("only a Rollout that was aborted can be retried.");
        assertThat(failure(ROLLOUT + "'abort', rollout: 'web'"))
                .contains("The Application shop-dev has no Rollout 'web'; it has shop-dev.");
        assertThat(failure("gitopsRollout application: 'shop', environment: 'staging', action: 'abort'"))
                .contains("The Application shop-staging has no Rollout that the connection may read.");
    }

    @Test
    void parametersThatSayNothingOrTooMuchAreRefused() throws Exception {
        assertThat(failure(ROLLOUT + "'go'"))
                .contains("Invalid 'action': 'go' is not one of promote, promote-full, abort, retry.");
        assertThat(failure("gitopsRollout action: 'abort'"))
                .contains("requires either 'application' and 'environment'");
        assertThat(failure("gitopsRollout argoApplication: 'shop-dev'")).contains("requires 'action'");
        assertThat(failure("gitopsAwaitSync argoApplications: ['shop-dev'], onPaused: 'promote'"))
                .contains("resumes no Rollout of 'argoApplications' or 'selector'");
    }

    @Test
    void aGateIsNotPassedByAJob() throws Exception {
        assertThat(failure("gitopsAwaitSync application: 'shop', environment: 'prod', onPaused: 'promote'"))
                .contains("gitopsAwaitSync does not resume the Rollout of shop/prod, which has a gate");
        assertThat(failure("gitopsRollout argoApplication: 'shop-prod', action: 'promote'"))
                .contains("The Argo CD Application shop-prod is that of shop/prod, which has a gate");
    }

    @Test
    void aPromotionOfAGatedRolloutWaitsForTheGatesApprovers() throws Exception {
        PlaygroundRun run = playground.startSteps("gitopsPromote application: 'shop', environment: 'prod'\n"
                + "gitopsAwaitSync application: 'shop', environment: 'prod', acceptSuspended: true\n"
                + "gitopsRollout application: 'shop', environment: 'prod', action: 'promote-full'");
        approve(playground.openGate("shop/prod"));

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(run.log().text()).contains("is paused at step 2 of 5 (pause)."));
        JsonNode gate = playground.openGate("'" + QUESTION + "'");
        assertThat(playground.decide(gate, "approve", "ada", Map.of("comment", "")))
                .startsWith("403");
        approve(gate);

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains("Requested promote-full of the Rollout shop-prod of shop-prod.");
        playground.awaitHealth("shop/prod", "Healthy");
    }

    @Test
    void peopleAreAskedAboutAPauseAndTheWaitGoesOn() throws Exception {
        PlaygroundRun run = playground.startSteps(bump("v2.0.0") + AWAIT + ", onPaused: 'gate'");
        JsonNode gate = playground.openGate(DEV_QUESTION);

        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "")))
                .startsWith("200");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains(PAUSED, "Requested resume of Rollout shop-dev.", "Live and healthy: shop/dev");
    }

    @Test
    void aPauseThatPeopleRejectAbortsTheRolloutAndFailsTheWait() throws Exception {
        PlaygroundRun run = playground.startSteps(bump("v2.0.0") + AWAIT + ", onPaused: 'gate'");

        playground.decide(
                playground.openGate(DEV_QUESTION), "reject", "rita", Map.of("reason", "latency of the canary"));

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("Requested abort of Rollout shop-dev.", "latency of the canary");
        playground.awaitHealth("shop/dev", "Degraded");
    }

    private void approve(JsonNode gate) throws Exception {
        playground.decide(gate, "tick", "rita", Map.of("item", "Rollback plan documented"));
        playground.decide(gate, "approve", "rita", Map.of("comment", ""));
    }

    private String failure(String steps) throws Exception {
        Ended ended = playground.runSteps(steps);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.FAILURE);
        return ended.log();
    }

    private static String bump(String tag) {
        return "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: '" + tag + "']\n";
    }
}
