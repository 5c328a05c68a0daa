package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hotfix that otto let pass, and its review on the Deployments page, against a real Git server. */
@Timeout(180)
class HotfixReviewOrdersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              prod: { kustomization: prod/kustomization.yaml, argocd: { application: shop-prod } }
              live:
                after: prod
                kustomization: live/kustomization.yaml
                gate:
                  approvals: { required: 1 }
                  hotfix:
                    approvals: { required: 1, from: [otto] }
                    skips: [source]
                    review: 24h
        """;

    @TempDir
    private Path folder;

    private ShopController shop;
    private JobDeploymentsApi api;
    private String application;
    private String hotfix;

    @BeforeEach
    void hotfix() throws Exception {
        shop = new ShopController(folder);
        declare();
        Run<?, ?> run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent()).withAccess((who, permission, where) -> true);
        RepositoryChoice choice = new RepositoryChoice("config", null, null);
        DeployingJobs.get().remember(run, choice, "shop");
        application = DeploymentSource.of(run.getParent(), choice).idOf("shop");
        api = new JobDeployments(run.getParent()).getV1();

        PromoteStep step = new PromoteStep("shop", "live");
        step.setTag("1.0.1");
        step.setHotfix("the shop is down");
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("hotfix"));
        step.start(context).start();
        approve("otto");
        context.ended().get(60, TimeUnit.SECONDS);
        hotfix = shop.tip();
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    private void declare() throws Exception {
        Path work = folder.resolve("work");
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION);
        TestGit.run(work, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qam", "Declare");
        TestGit.run(work, "push", "-q", folder.resolve("git/config.git").toString(), "HEAD:main");
    }

    @Test
    void anOverdueReviewHoldsPromotionsUntilSomebodyElseConfirmsTheHotfix() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.pass(Duration.ofHours(25));
        JsonNode open = environment(one -> one.path("reviews").size() == 1)
                .path("reviews")
                .path(0);
        assertThat(open.path("commit").asText()).isEqualTo(hotfix);
        assertThat(open.path("hotfix").asText()).isEqualTo("the shop is down");
        assertThat(open.path("reviewDue").asText()).isNotEmpty();

        api.doPromote(application, "live", "prod", "by hand", "promote-click");
        LiveGate gate = approve("mary");
        await().atMost(PATIENCE).until(() -> gate.view().explanation().contains("waits for review (the hotfix "));
        shop.assertRuns("live", "1.0.1");

        assertThat(review("otto", hotfix).message()).contains("otto approved the hotfix ");
        assertThat(review("anonymous", hotfix).message())
                .isEqualTo("anonymous is not a user account: sign in with an account of your own.");
        assertThat(review("zoe", hotfix).state()).isEqualTo(Order.State.DONE);

        await().atMost(PATIENCE).until(() -> gate.gate().commit().isPresent());
        shop.assertRuns("live", "1.1.0");
        environment(one -> one.path("reviews").isEmpty());
        assertThat(shop.git("log", "--format=%B", "refs/notes/gitops")).contains("GitOps-Reviewed: zoe: looks good");
        assertThat(CapturedAnswer.of(api.doHistory(application, "live")).body())
                .contains("\"reviewed\":\"zoe: looks good\"");
    }

    @Test
    void whatIsNoHotfixOrHasNoCommentIsNotConfirmed() throws Exception {
        assertThat(review("zoe", shop.bump("prod", "1.1.0")).message())
                .startsWith("The deployment history has no hotfix ");
        CapturedAnswer empty = CapturedAnswer.of(api.doReview(application, "live", hotfix, " ", "empty"));
        assertThat(empty.status()).isEqualTo(422);
        assertThat(empty.body()).contains("Enter a comment on the hotfix");
    }

    /** The gate that is open, approved. */
    private static LiveGate approve(String who) {
        LiveGate gate = await().atMost(PATIENCE)
                .until(
                        () -> GitOpsServices.get().gates().all().stream()
                                .filter(one -> one.gate().status() == GateStatus.OPEN)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        Person person = new Person(who, who, null, Set.of(), Set.of(Person.Permission.APPROVE));
        gate.decide("approval", person, (seen, decision) -> GateDecisions.approve(seen, decision, ""));
        return gate;
    }

    /** How the order of that person ended. */
    private Order review(String who, String commit) {
        ACLContext context = ACL.as2(StandIn.user(who, List.of()));
        try {
            api.doReview(application, "live", commit, "looks good", who);
        } finally {
            context.close();
        }
        return await().atMost(PATIENCE)
                .until(
                        () -> Orders.get().of(Set.of(application)).get(0),
                        order -> order.kind() == Order.Kind.REVIEW && order.state() != Order.State.WORKING);
    }

    /** {@code live} as the page shows it, once it is so. */
    private JsonNode environment(Predicate<JsonNode> wanted) throws Exception {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            for (JsonNode one : GateJson.tree(CapturedAnswer.of(api.doDeployments(""))
                                            .body())
                                    .path("applications")
                                    .path(0)
                                    .path("environments")) {
                                if (one.path("name").asText().equals("live")) {
                                    return one;
                                }
                            }
                            return GateJson.tree("{}");
                        },
                        one -> one.has("name") && wanted.test(one));
    }
}
