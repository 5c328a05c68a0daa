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
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gate, and then a pull request whose check has not finished. */
abstract class PromotePullRequestFixture {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    ShopController shop;
    ForgeServer forge;
    Run<?, ?> run;
    StepExecution step;
    CompletableFuture<?> promoted;

    private final String more;

    /** @param more of {@code deliver} */
    PromotePullRequestFixture(String more) {
        this.more = more;
    }

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
                        "after: prod",
                        "after: prod\n        deliver: { by: pull-request, provider: github" + more + " }"));
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

    void throughTheForge() {
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

    void passCheck() {
        forge.pulls.get(0).checks.put("build", "passed");
    }

    List<GateView> gates() {
        return GateAction.of(run).views();
    }

    LiveGate live() {
        return GitOpsServices.get().gates().find(gates().get(0).id()).orElseThrow();
    }
}
