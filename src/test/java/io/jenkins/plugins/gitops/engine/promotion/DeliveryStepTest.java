package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Handover;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.State;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import io.jenkins.plugins.gitops.engine.promotion.DeliveryStep.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryStepTest {

    private static final String COMMIT = "1".repeat(40);

    private static PullRequest request(
            State state, Mergeability mergeability, List<Review> reviews, List<Check> checks) {
        return new PullRequest(
                1,
                "https://git.example.org/1",
                "gitops/shop/prod/1",
                "main",
                "",
                COMMIT,
                state,
                Optional.empty(),
                Optional.empty(),
                mergeability,
                mergeability == Mergeability.BLOCKED ? "2 approvals are missing" : "",
                reviews,
                checks,
                Handover.NONE);
    }

    private static DeliveryDefinition how(Merge merge) {
        return new DeliveryDefinition(null, List.of(), List.of(), merge, false);
    }

    /** What its server may have is handed over, held or brought up to date. */
    @ParameterizedTest
    @CsvSource({
        "READY, PASSED, MERGE",
        "READY, PENDING, HAND_OVER",
        "BLOCKED, PASSED, HAND_OVER",
        "UNKNOWN, PASSED, HAND_OVER",
        "BLOCKED, FAILED, HOLD",
        "OUTDATED, PASSED, RENEW"
    })
    void autoMergeLeavesWhatIsMissingToTheServer(Mergeability mergeability, Outcome outcome, Kind next) {
        PullRequest request = request(State.OPEN, mergeability, List.of(), List.of(new Check("build", outcome)));
        DeliveryDefinition auto = new DeliveryDefinition(null, List.of(), List.of(), Merge.SQUASH, true);

        assertThat(DeliveryStep.of(request, auto, COMMIT).kind()).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "MERGED, READY, SQUASH, MERGED",
        "CLOSED, READY, SQUASH, CLOSED",
        "OPEN, READY, SQUASH, MERGE",
        "OPEN, READY, PEOPLE, WAIT",
        "OPEN, BLOCKED, SQUASH, WAIT",
        "OPEN, UNKNOWN, SQUASH, WAIT",
        "OPEN, OUTDATED, SQUASH, RENEW",
        "OPEN, OUTDATED, PEOPLE, RENEW"
    })
    void theStateDecides(State state, Mergeability mergeability, Merge merge, Kind next) {
        assertThat(DeliveryStep.of(request(state, mergeability, List.of(), List.of()), how(merge), COMMIT)
                        .kind())
                .isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "PASSED, MERGE, ''",
        "PENDING, WAIT, checks have not finished: build",
        "FAILED, HOLD, checks have failed: build"
    })
    void everyCheckHasToPass(Outcome outcome, Kind next, String why) {
        List<Check> checks = List.of(new Check("lint", Outcome.PASSED), new Check("build", outcome));

        assertThat(DeliveryStep.of(
                        request(State.OPEN, Mergeability.READY, List.of(), checks), how(Merge.SQUASH), COMMIT))
                .isEqualTo(new DeliveryStep(next, why));
    }

    @Test
    void oneWhoWantsChangesHoldsItUp() {
        List<Review> reviews = List.of(new Review("alice", true), new Review("bob", false));

        assertThat(DeliveryStep.of(
                        request(State.OPEN, Mergeability.READY, reviews, List.of()), how(Merge.SQUASH), COMMIT))
                .isEqualTo(new DeliveryStep(Kind.HOLD, "changes are requested by bob"));
    }

    @Test
    void theServersReasonIsTold() {
        assertThat(DeliveryStep.of(
                                request(State.OPEN, Mergeability.BLOCKED, List.of(), List.of()),
                                how(Merge.SQUASH),
                                COMMIT)
                        .why())
                .isEqualTo("2 approvals are missing");
    }

    @ParameterizedTest
    @CsvSource({"111111111111, MERGE", "2222222222222222222222222222222222222222, WAIT", "'', WAIT"})
    void onlyThePluginsOwnCommitIsMerged(String shown, Kind next) {
        PullRequest request =
                request(State.OPEN, Mergeability.READY, List.of(), List.of()).at(shown);

        assertThat(DeliveryStep.of(request, how(Merge.SQUASH), COMMIT).kind()).isEqualTo(next);
    }
}
