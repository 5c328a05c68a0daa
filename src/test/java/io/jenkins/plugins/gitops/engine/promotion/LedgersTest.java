package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.promotion.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.promotion.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgersTest {

    private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");

    private Instant now = MORNING;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final DeploymentNotes notes = new DeploymentNotes(repository, Shop.JENKINS);
    private final Ledgers ledgers = new Ledgers();
    private int ids;

    @BeforeEach
    void shop() {
        repository.push("main", "Begin", Shop.files());
    }

    @Test
    void onlyWhatHasMovedIsReadAgain() {
        String commit = bump("dev", "1.1.0");
        healthy("dev", commit);
        Ledger first = ledger();
        int begin = repository.histories();

        assertThat(ledger()).as("nothing moved").isSameAs(first);
        assertThat(repository.histories()).isEqualTo(begin);

        healthy("dev", bump("dev", "1.2.0"));
        assertThat(ledger().current("shop", "dev").orElseThrow().outcome()).isEqualTo(Outcome.HEALTHY);
        assertThat(repository.histories()).as("the branch and the notes").isEqualTo(begin + 2);

        notes.outcome("shop", "dev", "f".repeat(40), Outcome.FAILED, now, Progress.SILENT);
        ledger();
        assertThat(repository.histories()).as("the notes alone").isEqualTo(begin + 3);
    }

    @Test
    void whatWasRememberedIsWhatIsReadAnew() {
        healthy("dev", bump("dev", "1.1.0"));
        ledger();
        bump("dev", "1.2.0");
        healthy("prod", bump("prod", "1.1.0"));

        assertThat(ledger()).isEqualTo(new Ledgers().of(repository, "main", declaration(), Progress.SILENT));
    }

    @Test
    void aReleaseThatWasPromotedWasHealthyWhereItCameFrom() {
        String staging = bump("staging", "1.1.0");
        String later = repository.push("main", "Something else", Map.of("README", "x"));
        now = now.plusSeconds(60);

        promote(later);

        Deployment source = ledger().current("shop", "staging").orElseThrow();
        assertThat(source.commit()).isEqualTo(staging);
        assertThat(source.outcome()).isEqualTo(Outcome.HEALTHY);
        assertThat(source.liveAt()).contains(now);
    }

    @Test
    void aTimeOutDoesNotOutweighALaterPromotion() {
        String staging = bump("staging", "1.1.0");
        notes.outcome("shop", "staging", staging, Outcome.TIMED_OUT, now, Progress.SILENT);

        promote(staging);

        assertThat(ledger().current("shop", "staging").orElseThrow().isGood()).isTrue();
    }

    @Test
    void theOrderOfABranchIsGitsWhateverTheClocksSay() {
        bump("prod", "1.1.0");
        now = now.minus(Duration.ofHours(1));
        String last = bump("prod", "1.2.0");

        assertThat(ledger().current("shop", "prod").orElseThrow().commit()).isEqualTo(last);
        assertThat(ledger().deployments())
                .first()
                .extracting(Deployment::commit)
                .isEqualTo(last);
    }

    @Test
    void theTimeToRecoverAndItsObjectiveStandInTheLedger() {
        healthy("prod", bump("prod", "1.1.0"));
        bump("prod", "1.2.0");
        String back = rollBack();
        now = now.plus(Duration.ofMinutes(31));
        healthy("prod", back);

        assertThat(ledger().current("shop", "prod").flatMap(Deployment::recovery))
                .hasValueSatisfying(recovery -> {
                    assertThat(recovery)
                            .isEqualTo(new RecoveryTime("shop/prod", Duration.ofMinutes(31), RollbackPolicy.MAJOR));
                    assertThat(recovery.isBreached()).isTrue();
                });
        assertThat(ledger().previousHealthy("shop", "prod").flatMap(Deployment::recovery))
                .isEmpty();
    }

    private String rollBack() {
        Rollback rollback = new Rollback(repository, new LineEditor(), ledgers);
        RollbackRequest request = new RollbackRequest(
                "rollback-" + ids++,
                "main",
                "shop",
                "prod",
                new RollbackTo.PreviousHealthy(),
                Optional.empty(),
                "",
                now,
                Provenance.UNKNOWN,
                Shop.JENKINS);
        return rollback.commit(rollback.plan(request, Progress.SILENT), Progress.SILENT)
                .commit();
    }

    /** @param live where Argo CD is in staging */
    private void promote(String live) {
        Promotion promotion = new Promotion(
                repository,
                new LineEditor(),
                target -> new Liveness.State.Healthy(live, null),
                ReleaseVerification.NONE,
                ledgers);
        PromotionRequest request = new PromotionRequest(
                "promotion-" + ids++,
                "https://git.example.org/c",
                "main",
                "shop",
                "prod",
                null,
                Provenance.UNKNOWN,
                Shop.JENKINS);
        promotion.commit(
                promotion.plan(request, Progress.SILENT).subject(),
                Optional.empty(),
                Provenance.UNKNOWN,
                Shop.JENKINS,
                Optional.empty(),
                Progress.SILENT);
    }

    private String bump(String environment, String api) {
        return new Bump(repository, new LineEditor())
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", api, "worker", "1.0.0"),
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT)
                .commit();
    }

    private void healthy(String environment, String commit) {
        notes.outcome("shop", environment, commit, Outcome.HEALTHY, now, Progress.SILENT);
    }

    private Ledger ledger() {
        return ledgers.of(repository, "main", declaration(), Progress.SILENT);
    }

    private io.jenkins.plugins.gitops.engine.model.Declaration declaration() {
        return Declarations.read(repository.tip("main", Progress.SILENT));
    }
}
