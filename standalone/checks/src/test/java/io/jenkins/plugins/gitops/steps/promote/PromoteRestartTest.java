package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A controller that ends between the approval of a promotion and its commit, and the one that goes on. */
class PromoteRestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private Run<?, ?> run;
    private StepExecution step;

    /** How the controller ends. */
    enum End {
        /** Nothing of the commit was begun. */
        KILL,
        /** The commit is on its way to a Git server, and interrupted. */
        STOP
    }

    @BeforeEach
    void openTheGate() throws Exception {
        shop = new ShopController(folder);
        shop.live(shop.healthy("prod", "1.1.0"));
        run = Pipelines.run("promote");
        step = new PromoteStep("shop", "live").start(new RecordedStepContext(run));
        step.start();
        await().atMost(PATIENCE)
                .until(() -> gates().stream()
                        .anyMatch(gate -> gate.explanation().endsWith("waits for approvals (0 of 1).")));
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasApprovedIsCommittedOnceByTheNextController(End end) throws Exception {
        approveAndEnd(end);

        CompletableFuture<?> promoted = resume().ended();

        assertThat(promoted).succeedsWithin(PATIENCE);
        shop.assertRuns("live", "1.1.0");
        assertThat(shop.git("rev-list", "--count", "main", "--", "live").strip())
                .as("the first commit, and the promotion's")
                .isEqualTo("2");
        assertThat(gate().approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
        assertThat(gate().status()).isEqualTo(GateStatus.APPROVED);
    }

    @ParameterizedTest
    @EnumSource
    void aFreezeThatBeganMeanwhileHoldsAndApprovalsStay(End end) throws Exception {
        approveAndEnd(end);
        shop.pass(Duration.ofDays(2));

        CompletableFuture<?> promoted = resume().ended();

        await().atMost(PATIENCE).until(() -> gate().explanation().contains("waits for freeze (frozen: audit, until "));
        assertThat(gate().approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
        shop.assertRuns("live", "1.0.0");
        assertThat(promoted).isNotDone();

        shop.pass(Duration.ofDays(3));
        live().ask();

        assertThat(promoted).succeedsWithin(PATIENCE);
        shop.assertRuns("live", "1.1.0");
    }

    private void approveAndEnd(End end) throws Exception {
        CompletableFuture<Void> push = shop.holdPushes();
        if (end == End.KILL) {
            shop.beginNoMoreWork();
        }
        live().decide("click", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, ""));
        if (end == End.STOP) {
            assertThat(push).succeedsWithin(PATIENCE);
        }
        assertThat(GateAction.gate(run, gate().id()).orElseThrow().last()).isInstanceOf(GateEvent.Granted.class);
        shop.restart();
        assertThat(GateAction.gate(run, gate().id()).orElseThrow().last())
                .as("what the end of the controller leaves")
                .isInstanceOf(GateEvent.Granted.class);
    }

    private RecordedStepContext resume() throws Exception {
        RecordedStepContext again = new RecordedStepContext(run);
        StepState.read(StepState.write(step), again).onResume();
        return again;
    }

    private List<GateView> gates() {
        return GateAction.of(run).views();
    }

    private GateView gate() {
        return gates().get(0);
    }

    private LiveGate live() {
        return GitOpsServices.get().gates().find(gate().id()).orElseThrow();
    }
}
