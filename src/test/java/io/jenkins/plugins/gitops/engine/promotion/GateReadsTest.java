package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five hundred promotions of one repository stand at their gates. */
class GateReadsTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private Instant now = Gates.NOON;
    private Instant changed = Instant.MIN;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);
    private final GateReads reads = new GateReads(team.ledgers(), () -> now, INTERVAL, () -> changed);
    private final AtomicInteger observations = new AtomicInteger();
    private Liveness staging;
    private Gate gate;

    @BeforeEach
    void promote() {
        repository.push("main", "Begin", Shop.files());
        team.healthy("prod", team.bump("prod", "1.1.0"));
        String source = team.bump("staging", "1.2.0");
        team.healthy("staging", source);
        staging = target -> {
            observations.incrementAndGet();
            return new Liveness.State.Healthy(source, now);
        };
        GateSubject subject = team.promotion("prod", staging).subject();
        gate = Gate.of(List.of(new GateEvent.Opened(now, subject, Gates.definition(List.of()), List.of())));
        observations.set(0);
    }

    @Test
    void fiveHundredGatesReadABranchTheNotesAndTheLocksWithTheTurnsOnceInAnInterval() {
        int tips = repository.tips();

        fiveHundredRounds();

        assertThat(repository.tips() - tips).as("requests to the remote").isLessThanOrEqualTo(3);
        assertThat(observations).as("observations of the source").hasValue(1);

        now = now.plus(INTERVAL);
        fiveHundredRounds();

        assertThat(repository.tips() - tips).isLessThanOrEqualTo(6);
        assertThat(observations).hasValue(2);
    }

    @Test
    void whatThisControllerChangedIsReadAtOnce() {
        fiveHundredRounds();
        team.bump("prod", "1.2.0");
        team.rollBack("prod", RollbackTo.previousHealthy());
        now = now.plusSeconds(1);
        changed = now;

        assertThat(answer("hold")).startsWith("held since");
    }

    @Test
    void aGateIsNotJudgedByWhatWasReadBeforeItWasPlanned() {
        fiveHundredRounds();
        team.healthy("prod", team.bump("prod", "1.1.5"));
        now = now.plusSeconds(1);
        GateSubject subject = team.promotion("prod", staging).subject();
        gate = Gate.of(List.of(new GateEvent.Opened(now, subject, Gates.definition(List.of()), List.of())));

        assertThat(answer("target")).isEqualTo("runs what the promotion was planned against");
    }

    @Test
    void aFailureIsSharedUntilTheNextInterval() {
        Liveness down = target -> {
            observations.incrementAndGet();
            throw new RefusedException("Argo CD is down.");
        };
        List<GateCheck> checks = checks(down);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> checks.get(0).ask(gate, now))
                    .isInstanceOf(GitOpsException.class)
                    .hasMessage("Argo CD is down.");
        }

        assertThat(observations).hasValue(1);
    }

    private void fiveHundredRounds() {
        for (int i = 0; i < 500; i++) {
            checks(staging)
                    .forEach(check -> check.ask(gate, now).toCompletableFuture().join());
            all(staging).of((GateSubject.Promotion) gate.subject()).turn(gate);
        }
    }

    private String answer(String id) {
        return checks(staging).stream()
                .filter(check -> check.id().equals(id))
                .map(check -> check.ask(gate, now).toCompletableFuture().join().reason())
                .findFirst()
                .orElseThrow();
    }

    private List<GateCheck> checks(Liveness liveness) {
        return all(liveness).of(Gates.definition(List.of()), (GateSubject.Promotion) gate.subject());
    }

    private GateRequirements all(Liveness liveness) {
        return new GateRequirements(
                repository,
                new LineEditor(),
                liveness,
                ReleaseVerification.NONE,
                new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> now),
                reads,
                new Stops(() -> now));
    }
}
