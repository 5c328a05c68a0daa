package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gate, and then a pull request that the plugin merges. */
@Timeout(120)
class PromotePullRequestTest extends PromotePullRequestFixture {

    PromotePullRequestTest() {
        super("");
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
}
