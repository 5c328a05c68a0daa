package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gate, and then a pull request whose check has not finished. */
@Timeout(120)
class PromotePullRequestTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private ForgeServer forge;
    private Run<?, ?> run;
    private StepExecution step;
    private CompletableFuture<?> promoted;

    @BeforeEach
    void waitForTheCheck() throws Exception {
        shop = new ShopController(folder);
        forge = ForgeServer.gitHub(shop.url());
        forge.tips = branch -> shop.git("rev-parse", branch).strip();
        forge.looking = pull -> pull.checks.putIfAbsent("build", "pending");
        forge.merging = this::merge;
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.change(
                "gitops.yaml",
                file -> file.replace(
                        "after: prod", "after: prod\n        deliver: { by: pull-request, provider: github }"));
        throughTheForge();
        run = Pipelines.run("promote");
        RecordedStepContext context = new RecordedStepContext(run);
        promoted = context.ended();
        step = new PromoteStep("shop", "live").start(context);
        step.start();
        await().atMost(PATIENCE)
                .until(() -> gates().stream()
                        .anyMatch(gate -> gate.explanation().endsWith("waits for approvals (0 of 1).")));
        assertThat(forge.pulls).as("before the gate lets it pass").isEmpty();
        live().decide("click", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, ""));
        await().atMost(PATIENCE).until(() -> String.valueOf(step.getStatus()).endsWith("have not finished: build"));
    }

    @AfterEach
    void close() throws Exception {
        forge.close();
        shop.close();
    }

    private void throughTheForge() {
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", forge.url("/acme/config.git"))));
    }

    /** The base has not moved. */
    private String merge(Pull pull) {
        String commit = shop.git(
                        "-c",
                        "user.name=forge",
                        "-c",
                        "user.email=forge@example.org",
                        "commit-tree",
                        pull.head + "^{tree}",
                        "-p",
                        pull.base,
                        "-m",
                        pull.mergeMessage)
                .strip();
        shop.git("update-ref", "refs/heads/" + pull.base, commit);
        return commit;
    }

    private void passCheck() {
        forge.pulls.get(0).checks.put("build", "passed");
    }

    @Test
    void theStepEndsWithTheMergeCommit() throws Exception {
        shop.assertRuns("live", "1.0.0");
        assertThat(forge.pulls.get(0).head).startsWith("gitops/shop/live/");
        assertThat(forge.pulls.get(0).body).contains("**Approved by:** mary");

        passCheck();

        assertThat(promoted).succeedsWithin(PATIENCE);
        Map<?, ?> result = (Map<?, ?>) promoted.get();
        assertThat(result.get("commit")).isEqualTo(shop.tip());
        shop.assertRuns("live", "1.1.0");
        assertThat(shop.git("log", "-1", "--format=%B", "main")).contains("GitOps-Approved-By: mary");
        assertThat(gates().get(0).status()).isEqualTo(GateStatus.APPROVED);
    }

    @Test
    void anotherControllerGoesOnWithTheSamePullRequest() throws Exception {
        shop.restart();
        throughTheForge();
        RecordedStepContext again = new RecordedStepContext(run);
        StepState.read(StepState.write(step), again).onResume();
        passCheck();

        assertThat(again.ended()).succeedsWithin(PATIENCE);
        assertThat(forge.pulls).hasSize(1);
        shop.assertRuns("live", "1.1.0");
        assertThat(shop.git("rev-list", "--count", "main", "--", "live").strip())
                .isEqualTo("2");
    }

    @Test
    void aFreezeThatBeganSinceTheGateHoldsTheMerge() throws Exception {
        shop.pass(Duration.ofDays(2));
        await().atMost(PATIENCE).until(() -> gates().get(0).explanation().contains("waits for freeze (frozen: audit"));
        passCheck();
        shop.assertRuns("live", "1.0.0");
        assertThat(promoted).isNotDone();

        shop.pass(Duration.ofDays(3));
        live().ask();

        assertThat(promoted).succeedsWithin(PATIENCE);
        shop.assertRuns("live", "1.1.0");
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void whoClosesItRejectsTheRelease() {
        forge.pulls.get(0).by = "carol";
        forge.pulls.get(0).state = "closed";

        assertThat(promoted)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("was closed by carol");
        shop.assertRuns("live", "1.0.0");
        assertThat(gates().get(0).status()).isEqualTo(GateStatus.CLOSED);
    }

    @Test
    void aStoppedStepClosesIt() throws Exception {
        step.stop(new InterruptedException("aborted"));

        await().atMost(PATIENCE).until(() -> forge.pulls.get(0).state.equals("closed"));
        assertThat(forge.pulls.get(0).comments.values())
                .singleElement()
                .asString()
                .contains("the step was stopped");
        shop.assertRuns("live", "1.0.0");
    }

    @Test
    void aStepThatIsStoppedRightAfterARestartClosesIt() throws Exception {
        shop.restart();
        throughTheForge();
        StepExecution resumed = StepState.read(StepState.write(step), new RecordedStepContext(run));
        resumed.onResume();
        resumed.stop(new InterruptedException("aborted"));

        await().atMost(PATIENCE).until(() -> forge.pulls.get(0).state.equals("closed"));
        shop.assertRuns("live", "1.0.0");
    }

    private List<GateView> gates() {
        return GateAction.of(run).views();
    }

    private LiveGate live() {
        return GitOpsServices.get().gates().find(gates().get(0).id()).orElseThrow();
    }
}
