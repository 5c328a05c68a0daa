package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.Gates;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Sends releases through gates while people decide, clocks run on, locks and freezes come and go, the declaration changes,
 * controllers restart, and somebody without a trusted key pushes forged notes, deployments and locks between any two
 * events. Every plan, grant and commit is judged by {@link PromotionJudge}. {@code -Dgates.sequences=} plays more.
 */
class GatedPromotionModelTest {

    /** Some 20 events and two requests in each. */
    private static final int PLAYS = Integer.getInteger("gates.sequences", 100_000) / 4;

    @Test
    void nothingReachesAGatedEnvironmentWithoutItsDueApprovals() {
        Map<String, AtomicInteger> happened = new ConcurrentHashMap<>();
        IntStream.range(0, PLAYS).parallel().forEach(seed -> {
            PromotionPlay play = new PromotionPlay(seed, Gates.NOON, false);
            try {
                play.run();
            } catch (AssertionError untold) {
                new PromotionPlay(seed, Gates.NOON, true).run();
                throw untold;
            }
            play.happened()
                    .forEach((what, times) -> happened.computeIfAbsent(what, first -> new AtomicInteger())
                            .addAndGet(times));
        });
        assertThat(happened.get("requests")).as("requests").hasValueGreaterThan(2 * PLAYS);
        for (String what : List.of(
                "live",
                "chosen",
                "hotfix",
                "rollback",
                "recovery",
                "override",
                "review",
                "lifted",
                "restart",
                "amended")) {
            assertThat(happened).as("what happened").containsKey(what);
            assertThat(happened.get(what)).as(what).hasValueGreaterThan(PLAYS / 1_000);
        }
    }
}
