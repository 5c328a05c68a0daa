package io.jenkins.plugins.gitops.steps.awaitsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.support.KilledController;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sync that fails while the controller is killed. */
@Timeout(180)
class FailedSyncTest {

    /** At its start, with what it waits for, and with the failure. */
    private static final int THE_FAILURE = 3;

    @TempDir
    private Path folder;

    private ShopController shop;
    private String good;
    private String bad;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        good = shop.healthy("prod", "1.1.0");
        bad = shop.bump("prod", "1.2.0");
        shop.degraded(bad);
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    @Test
    void isToldWhenTheStepGoesOnAndEveryTimeAsTheSameEvent() throws Exception {
        byte[] state = killedAtTheFailure("fail");
        assertThat(shop.heard(PromotionEvent.Kind.SYNC_FAILED)).isEmpty();

        for (int start = 1; start <= 2; start++) {
            int times = start;
            shop.restart();
            RecordedStepContext after = context();
            StepState.read(state, after).onResume();
            assertThatThrownBy(() -> after.ended().get(60, TimeUnit.SECONDS))
                    .cause()
                    .hasMessageStartingWith("Not live: shop/prod shop-prod: ");
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> shop.heard(PromotionEvent.Kind.SYNC_FAILED).size() == times);
        }

        assertThat(shop.heard(PromotionEvent.Kind.SYNC_FAILED)).allSatisfy(event -> {
            assertThat(event.commit()).isEqualTo(bad);
            assertThat(event.id())
                    .isEqualTo(
                            shop.heard(PromotionEvent.Kind.SYNC_FAILED).get(0).id());
        });
    }

    @Test
    void isTakenBackWhenTheStepGoesOn() throws Exception {
        byte[] state = killedAtTheFailure("rollback");
        assertThat(shop.tip()).isEqualTo(bad);

        shop.restart();
        RecordedStepContext after = context();
        StepState.read(state, after).onResume();
        await().atMost(60, TimeUnit.SECONDS).until(() -> !shop.tip().equals(bad));
        shop.live(shop.tip());

        assertThatThrownBy(() -> after.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .hasMessageContaining(
                        "; shop/prod was rolled back to the release of commit " + good.substring(0, 7) + " (");
        shop.assertRuns("prod", "1.1.0");
    }

    @Test
    void isLeftAloneWhereSomebodyDeployedSomethingElseMeanwhile() throws Exception {
        byte[] state = killedAtTheFailure("rollback");
        shop.restart();
        String later = shop.bump("prod", "1.3.0");

        RecordedStepContext after = context();
        StepState.read(state, after).onResume();

        assertThatThrownBy(() -> after.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .hasMessageContaining("; shop/prod was not rolled back: shop/prod has changed since the rollback was"
                        + " decided (commit " + later.substring(0, 7) + " was deployed)");
        assertThat(shop.tip()).isEqualTo(later);
    }

    private byte[] killedAtTheFailure(String onFailure) throws Exception {
        AwaitSyncStep step = new AwaitSyncStep();
        step.setApplication("shop");
        step.setEnvironment("prod");
        step.setCommit(bad);
        step.setDegradedGrace("0s");
        step.setOnFailure(onFailure);
        KilledController.Dying dying = new KilledController.Dying(context().get(Run.class), THE_FAILURE);
        StepExecution execution = step.start(dying);
        dying.runs(execution);
        execution.start();
        return dying.kept().get(60, TimeUnit.SECONDS);
    }

    private static RecordedStepContext context() throws Exception {
        return new RecordedStepContext(Pipelines.run("shop"));
    }
}
