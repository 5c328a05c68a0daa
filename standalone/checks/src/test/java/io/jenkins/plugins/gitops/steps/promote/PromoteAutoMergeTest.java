package io.jenkins.plugins.gitops.steps.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gate, and then a pull request that its server merges by itself. */
@Timeout(120)
class PromoteAutoMergeTest extends PromotePullRequestFixture {

    PromoteAutoMergeTest() {
        super(", autoMerge: true");
    }

    @Test
    void aFreezeThatBeginsTakesItBack() throws Exception {
        Pull pull = forge.pulls.get(0);
        assertThat(pull.autoMerge).isTrue();

        shop.pass(Duration.ofDays(2));
        await().atMost(PATIENCE).until(() -> gates().get(0).explanation().contains("waits for freeze (frozen: audit"));
        assertThat(pull.autoMerge).isFalse();
        passCheck();
        forge.mergeByItself(pull);
        shop.assertRuns("live", "1.0.0");
        assertThat(promoted).isNotDone();

        shop.pass(Duration.ofDays(3));
        live().ask();
        assertThat(promoted).succeedsWithin(PATIENCE);
        shop.assertRuns("live", "1.1.0");
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void afterARestartItIsTakenBackUntilItsGateHasCheckedAgain() throws Exception {
        shop.restart();
        throughTheForge();
        List<Boolean> handedOver = new CopyOnWriteArrayList<>();
        forge.looking = pull -> handedOver.add(pull.autoMerge);
        RecordedStepContext again = new RecordedStepContext(run);
        StepState.read(StepState.write(step), again).onResume();

        await().atMost(PATIENCE)
                .until(() -> handedOver.contains(false) && handedOver.lastIndexOf(true) > handedOver.indexOf(false));
        passCheck();

        assertThat(again.ended()).succeedsWithin(PATIENCE);
        assertThat(handedOver.get(0)).isTrue();
        assertThat(forge.pulls).hasSize(1);
        shop.assertRuns("live", "1.1.0");
    }
}
