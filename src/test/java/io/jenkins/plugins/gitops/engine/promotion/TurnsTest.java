package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.lock.Turns;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target's turn, which controllers keep in a ref beside the locks. */
class TurnsTest {

    private static final String THEIRS = """
        { "turns": [ { "gate": "theirs", "application": "shop", "environment": "prod",
          "run": "https://other.example.org/job/shop/3/", "at": "%s", "until": "%s" } ] }
        """;

    private Instant now = Instant.parse("2026-03-02T12:00:00Z");
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);
    private final Stops stops = new Stops(() -> now);
    private GateSubject.Promotion subject;
    private Gate gate;

    @BeforeEach
    void planAPromotion() {
        repository.push("main", "Begin", Shop.files());
        String live = team.bump("staging", "1.1.0");
        subject = team.promotion("prod", target -> new Liveness.State.Healthy(live, null))
                .subject();
        gate = Gate.of(List.of(new GateEvent.Opened(now, subject, Gates.definition(List.of()), List.of())));
    }

    @Test
    void aPromotionTakesItsTurnAndGivesItBack() {
        commit();

        assertThat(repository.log(RepositoryLocks.REF))
                .extracting(CommitInfo::message)
                .containsExactly("Turn of shop/prod", "End of the turn of shop/prod");
        assertThat(turns()).isEqualTo(Turns.NONE);
        assertThat(promotions()).isEqualTo(1);
    }

    @Test
    void anotherControllersTurnKeepsTheGateWaitingAndNothingIsCommitted() {
        theirs(now.minusSeconds(20), now.plusSeconds(600));
        String clause = "another controller has been committing a change of shop/prod since 2026-03-02T11:59:40Z"
                + " (https://other.example.org/job/shop/3/)";

        assertThatThrownBy(this::commit)
                .isInstanceOf(StoppedException.class)
                .hasMessage(clause + "; the gate waits until it is done.");

        assertThat(turn()).isEqualTo(CheckResult.pending(Gate.TURN, clause, now.plusSeconds(600)));
        assertThat(promotions()).isZero();
        assertThat(repository.log(RepositoryLocks.REF)).hasSize(1);
    }

    @Test
    void theTurnOfAnotherTargetKeepsNobodyWaiting() {
        repository.push(
                RepositoryLocks.REF,
                "Theirs",
                Map.of("turns.json", THEIRS.formatted(now, now.plusSeconds(600)).replace("prod", "staging")));

        commit();

        assertThat(promotions()).isEqualTo(1);
        assertThat(turns().turns()).as("of the other target").hasSize(1);
    }

    @Test
    void aTurnThatIsOverIsNobodys() {
        theirs(now.minusSeconds(700), now.minusSeconds(100));

        assertThat(turn().state()).isEqualTo(CheckResult.State.PASSED);
        commit();

        assertThat(promotions()).isEqualTo(1);
    }

    @Test
    void aControllerThatDiedBeforeItsCommitKnowsItsTurnAgain() {
        repository.push(
                RepositoryLocks.REF,
                "Ours",
                Map.of("turns.json", THEIRS.formatted(now, now.plusSeconds(600)).replace("theirs", subject.gate())));

        assertThat(turn().state()).isEqualTo(CheckResult.State.PASSED);
        commit();
        commit();

        assertThat(promotions()).isEqualTo(1);
    }

    @Test
    void aControllerThatDiedAfterItsCommitMakesNoOtherAndWaitsForNobody() {
        String first = commit();
        theirs(now, now.plusSeconds(600));

        assertThat(commit()).isEqualTo(first);
        assertThat(promotions()).isEqualTo(1);
    }

    @Test
    void aTargetThatHasMovedIsLookedAtAgainAtTheGate() {
        team.bump("prod", "1.0.5");

        assertThatThrownBy(this::commit)
                .isInstanceOf(StoppedException.class)
                .hasMessageStartingWith("shop/prod has changed since the promotion was requested: api is ")
                .hasMessageEndingWith("; the gate checks again.");
        assertThat(turns()).as("given back").isEqualTo(Turns.NONE);
    }

    @Test
    void aRollbackThatItsGateLetPassTakesItsTurnAndGivesItBack() {
        Rollback.Plan plan = grantedRollback();

        String commit = team.rollback().commit(plan, Progress.SILENT).commit();

        assertThat(repository.tip("main", Progress.SILENT).commit()).isEqualTo(commit);
        assertThat(repository.log(RepositoryLocks.REF))
                .extracting(CommitInfo::message)
                .containsExactly("Turn of shop/prod", "End of the turn of shop/prod");
        assertThat(turns()).isEqualTo(Turns.NONE);
    }

    @Test
    void anotherControllersTurnKeepsARollbackWaitingThatItsGateLetPass() {
        Rollback.Plan plan = grantedRollback();
        int before = repository.log("main").size();
        theirs(now.minusSeconds(20), now.plusSeconds(600));

        assertThatThrownBy(() -> team.rollback().commit(plan, Progress.SILENT))
                .isInstanceOf(StoppedException.class)
                .hasMessageStartingWith("another controller has been committing a change of shop/prod since ")
                .hasMessageEndingWith("; the gate waits until it is done.");

        assertThat(repository.log("main")).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"PROMOTIONS, true", "PROMOTIONS_AND_ROLLBACKS, false"})
    void aLockStopsARollbackInItsTurnWhereItSaysSo(Lock.Scope what, boolean commits) {
        Rollback.Plan plan = grantedRollback();
        int before = repository.log("main").size();
        Lock lock = new Lock("1", "shop", "prod", "anna", now, null, "audit", what, null);
        new RepositoryLocks(repository, Shop.JENKINS).set(lock, Progress.SILENT);

        if (commits) {
            team.rollback().commit(plan, Progress.SILENT);
        } else {
            assertThatThrownBy(() -> team.rollback().commit(plan, Progress.SILENT))
                    .isInstanceOf(StoppedException.class)
                    .hasMessageContaining("anna");
        }

        assertThat(repository.log("main")).hasSize(commits ? before + 1 : before);
    }

    /** Of shop/prod to the release before the last. */
    private Rollback.Plan grantedRollback() {
        team.healthy("prod", team.bump("prod", "1.0.1"));
        team.bump("prod", "1.0.2");
        repository.push("main", "Guard rollbacks", Map.of("gitops.yaml", Shop.DECLARATION + """
                            gate: { approvals: { required: 1 } }
                            rollback: { gate: required }
                    """));
        Rollback.Request request = team.rollback("prod", RollbackTo.previousHealthy(), Optional.empty());
        Rollback.Plan plan = team.rollback().plan(request, Progress.SILENT);
        GateSubject.Promotion decided = team.rollback().subject(plan, "https://git.example.org/c", Progress.SILENT);
        return plan.grantedBy(Gate.of(List.of(
                new GateEvent.Opened(now, decided, Gates.definition(List.of()), List.of()),
                new GateEvent.Granted(now, List.of("bob")))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "null",
                "{}",
                "[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]",
                "{\"turns\":[null]}",
                "{\"turns\":[{\"gate\":\"g\"}]}"
            })
    void aFileThatSaysNothingIsReplaced(String text) {
        repository.push(RepositoryLocks.REF, "Hostile", Map.of("turns.json", text));

        assertThat(turn().state()).isEqualTo(CheckResult.State.PASSED);
        commit();

        assertThat(promotions()).isEqualTo(1);
        assertThat(repository.text(RepositoryLocks.REF, "turns.json")).contains("\"turns\" : [ ]");
    }

    @Test
    void anOversizedFileIsReplaced() {
        repository.push(RepositoryLocks.REF, "Hostile", Map.of("turns.json", " ".repeat(2 << 20)));

        commit();

        assertThat(promotions()).isEqualTo(1);
    }

    @Test
    void aForgedTurnKeepsATargetWaitingNoLongerThanATrueOne() {
        theirs(now, now.plus(Duration.ofDays(400)));
        assertThat(turn().state()).as("for years").isEqualTo(CheckResult.State.PASSED);

        Instant later = now.plus(Duration.ofDays(400));
        theirs(later, later.plusSeconds(600));
        assertThat(turn().state()).as("years from now").isEqualTo(CheckResult.State.PASSED);

        commit();
        assertThat(promotions()).isEqualTo(1);
    }

    private void theirs(Instant at, Instant until) {
        repository.push(RepositoryLocks.REF, "Theirs", Map.of("turns.json", THEIRS.formatted(at, until)));
    }

    private String commit() {
        return team.promotion(target -> new Liveness.State.NotHealthy("not asked"))
                .commit(subject, Optional.of(gate), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), Progress.SILENT)
                .commit();
    }

    private CheckResult turn() {
        return new GateRequirements(
                        repository,
                        new LineEditor(),
                        target -> new Liveness.State.NotHealthy("not asked"),
                        ReleaseVerification.NONE,
                        new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> now),
                        new GateReads(new Ledgers(), () -> now, Duration.ZERO, () -> now),
                        stops)
                .of(subject)
                .turn(gate);
    }

    private Turns turns() {
        return Turns.read(() -> repository.tip(RepositoryLocks.REF, Progress.SILENT));
    }

    private long promotions() {
        return repository.log("main").stream()
                .filter(commit -> commit.message().startsWith("shop: promote "))
                .count();
    }
}
