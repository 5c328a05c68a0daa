package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gate whose approvals are reviews of the pull request. */
@Timeout(120)
class PromoteReviewedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private ShopController shop;
    private ForgeServer forge;
    private RecordedStepContext context;
    private StepExecution step;

    @BeforeEach
    void waitForAReview() throws Exception {
        shop = new ShopController(folder);
        StandIn.current()
                .withUser(StandIn.user("mary", List.of()))
                .withUser(StandIn.user("joe", List.of()))
                .withAccess((who, permission, where) -> who.getName().equals("mary"));
        forge = ForgeServer.gitHub(shop.url());
        forge.tips = branch -> shop.git("rev-parse", branch).strip();
        forge.merging = pull -> {
            shop.git("update-ref", "refs/heads/" + pull.base, pull.head);
            return shop.git("rev-parse", pull.head).strip();
        };
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.change(
                "gitops.yaml",
                file -> file.replace(
                        "after: prod",
                        "after: prod\n"
                                + "        deliver: { by: pull-request, provider: github, approvals: pull-request }"));
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", forge.url("/acme/config.git"))));
        GitOpsConfiguration.get().setReviewers(List.of("127.0.0.1/octo-mary: mary", "127.0.0.1/octo-joe: joe"));
        Run<?, ?> run = Pipelines.run("promote");
        context = new RecordedStepContext(run);
        step = new PromoteStep("shop", "live").start(context);
        step.start();
        await().atMost(PATIENCE).until(() -> !forge.pulls.isEmpty());
    }

    @AfterEach
    void close() throws Exception {
        forge.close();
        shop.close();
    }

    @Test
    void theReviewOfAKnownUserLetsItPass() {
        forge.pulls.get(0).reviews.put("stranger", "approved");
        forge.pulls.get(0).reviews.put("octo-joe", "approved");
        await().atMost(PATIENCE)
                .until(() -> context.log().contains("stranger at 127.0.0.1 does not count: no user of Jenkins is known")
                        && context.log().contains("joe may not decide"));
        await().atMost(PATIENCE).until(() -> String.valueOf(step.getStatus()).contains("waits for approvals (0 of 1)"));
        shop.assertRuns("live", "1.0.0");

        forge.pulls.get(0).reviews.put("octo-mary", "approved");

        assertThat(context.ended()).succeedsWithin(PATIENCE);
        shop.assertRuns("live", "1.1.0");
        assertThat(forge.pulls).hasSize(1);
    }
}
