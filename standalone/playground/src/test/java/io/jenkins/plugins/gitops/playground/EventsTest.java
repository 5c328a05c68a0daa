package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.playground.Webhooks.Post;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a webhook gets to hear, by a receiver that checks signatures and fails at first. */
class EventsTest {

    private static final ApplicationName STAGING = new ApplicationName(Cluster.NAMESPACE, "shop-staging");
    private static final String APPROVALS = "approvals: { required: 1, from: [release-managers] }";
    private static final String ITEM = "Rollback plan documented";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    private Webhooks webhooks;

    @BeforeEach
    void listen() throws Exception {
        webhooks = new Webhooks(Webhooks.Health.FAILING_AT_FIRST);
    }

    @AfterEach
    void stop() {
        webhooks.close();
    }

    @Test
    void aGateThatNobodyDecidesIsHeardOfWhenItOpensAndExpires() throws Exception {
        playground.declare(text -> text.replace(APPROVALS, APPROVALS + "\n          expires: 2s"));

        PlaygroundFixture.Ended ended = playground.runSteps(promote("prod"));

        assertThat(ended.log()).contains("The gate for shop/prod expired");
        assertHeard("gate-opened", "gate-expired");
        assertThat(webhooks.heard("promoted")).isEmpty();
    }

    @Test
    void aDecisionAndItsPromotionAreHeardOf() throws Exception {
        PlaygroundRun run = playground.startSteps(promote("prod"));
        JsonNode gate = playground.openGate("shop/prod");
        playground.decide(gate, "tick", "rita", Map.of("item", ITEM));
        playground.decide(gate, "approve", "rita", Map.of("comment", ""));

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        assertHeard("gate-opened", "gate-decided", "promoted");
        assertThat(webhooks.heard("promoted")).singleElement().satisfies(event -> {
            assertThat(event.path("application").asText()).isEqualTo("shop");
            assertThat(event.path("environment").asText()).isEqualTo("prod");
            assertThat(event.path("commit").asText())
                    .isEqualTo(playground.repository().run("rev-parse", "main"));
            assertThat(event.path("run").asText()).contains("/job/steps/1/");
        });
    }

    @Test
    void aFailedSyncAndTheWayBackAreHeardOf() throws Exception {
        succeed(deploy("v2.0.0"));
        playground.cluster().failSyncs(STAGING, "one or more objects failed to apply");
        PlaygroundFixture.Ended ended = playground.runSteps(deploy("v2.1.0"));
        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        playground.cluster().heal(STAGING);

        succeed("gitopsRollback application: 'shop', environment: 'staging', reason: 'it does not start'");

        assertHeard("sync-failed", "rolled-back");
        assertThat(webhooks.heard("sync-failed"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.path("summary").asText()).contains("one or more objects failed to apply"));
    }

    /** Each of them, and each twice: refused with status 500 at first, then taken, under the same delivery id. */
    private void assertHeard(String... kinds) {
        for (String kind : kinds) {
            await(kind).untilAsserted(() -> assertThat(webhooks.heard(kind)).isNotEmpty());
        }
        List<Post> posts = List.copyOf(webhooks.posts());
        assertThat(posts).allMatch(Post::signed);
        for (String kind : kinds) {
            Map<String, List<Integer>> deliveries = posts.stream()
                    .filter(post -> post.kind().equals(kind))
                    .collect(Collectors.groupingBy(
                            Post::delivery, Collectors.mapping(Post::status, Collectors.toList())));
            assertThat(deliveries.values())
                    .contains(List.of(500, 204))
                    .isSubsetOf(Set.of(List.of(500, 204), List.of(500)));
        }
    }

    private void succeed(String steps) throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps(steps);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
    }

    private static String promote(String environment) {
        return "gitopsPromote application: 'shop', environment: '" + environment + "'";
    }

    private static String deploy(String tag) {
        return "gitopsBumpImage application: 'shop', environment: 'staging', images: [api: '" + tag
                + "']\ngitopsAwaitSync application: 'shop', environment: 'staging'";
    }
}
