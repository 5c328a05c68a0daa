package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgersTest {

    private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");

    private Instant now = MORNING;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);

    @BeforeEach
    void shop() {
        repository.push("main", "Begin", Shop.files());
    }

    @Test
    void onlyWhatHasMovedIsReadAgain() {
        String commit = team.bump("dev", "1.1.0");
        team.healthy("dev", commit);
        Ledger first = team.ledger();
        int begin = repository.histories();

        assertThat(team.ledger()).as("nothing moved").isSameAs(first);
        assertThat(repository.histories()).isEqualTo(begin);

        team.healthy("dev", team.bump("dev", "1.2.0"));
        assertThat(team.ledger().current("shop", "dev").orElseThrow().outcome()).isEqualTo(Outcome.HEALTHY);
        assertThat(repository.histories()).as("the branch and the notes").isEqualTo(begin + 2);

        team.noted("dev", "f".repeat(40), Outcome.FAILED);
        team.ledger();
        assertThat(repository.histories()).as("the notes alone").isEqualTo(begin + 3);
    }

    @Test
    void whatWasRememberedIsWhatIsReadAnew() {
        team.healthy("dev", team.bump("dev", "1.1.0"));
        team.ledger();
        team.bump("dev", "1.2.0");
        team.healthy("prod", team.bump("prod", "1.1.0"));

        assertThat(team.ledger()).isEqualTo(new ShopTeam(repository, () -> now).ledger());
    }

    @Test
    void aReleaseThatWasPromotedWasHealthyWhereItCameFrom() {
        String staging = team.bump("staging", "1.1.0");
        String later = repository.push("main", "Something else", Map.of("README", "x"));
        now = now.plusSeconds(60);

        team.promote("prod", later, Optional.empty());

        Deployment source = team.ledger().current("shop", "staging").orElseThrow();
        assertThat(source.commit()).isEqualTo(staging);
        assertThat(source.outcome()).isEqualTo(Outcome.HEALTHY);
        assertThat(source.liveAt()).contains(now);
    }

    @Test
    void ofEqualDeploymentsTheLastBeforeThePromotionWasHealthy() {
        String first = team.bump("staging", "1.1.0");
        team.bump("staging", "1.2.0");
        String second = team.bump("staging", "1.1.0");
        team.promote("prod", repository.push("main", "Something else", Map.of("README", "x")), Optional.empty());
        team.bump("staging", "1.2.0");
        team.bump("staging", "1.1.0");

        assertThat(team.ledger().of("shop", "staging"))
                .filteredOn(Deployment::isGood)
                .extracting(Deployment::commit)
                .containsExactly(second)
                .doesNotContain(first);
    }

    @Test
    void aDeploymentThatThePromotionNamesWasHealthyWhateverRunsThereElse() {
        String staging = team.bump("staging", "1.1.0");
        team.bump("staging", "1.2.0");
        team.bump("staging", "1.1.0");
        team.promote("prod", staging, Optional.empty());

        assertThat(team.ledger().of("shop", "staging"))
                .filteredOn(Deployment::isGood)
                .extracting(Deployment::commit)
                .containsExactly(staging);
    }

    @Test
    void aTimeOutDoesNotOutweighALaterPromotion() {
        String staging = team.bump("staging", "1.1.0");
        team.noted("staging", staging, Outcome.TIMED_OUT);

        team.promote("prod", staging, Optional.empty());

        assertThat(team.ledger().current("shop", "staging").orElseThrow().isGood())
                .isTrue();
    }

    @Test
    void theOrderOfABranchIsGitsWhateverTheClocksSay() {
        team.bump("prod", "1.1.0");
        now = now.minus(Duration.ofHours(1));
        String last = team.bump("prod", "1.2.0");

        assertThat(team.ledger().current("shop", "prod").orElseThrow().commit()).isEqualTo(last);
        assertThat(team.ledger().deployments())
                .first()
                .extracting(Deployment::commit)
                .isEqualTo(last);
    }

    @Test
    void theTimeToRecoverAndItsObjectiveStandInTheLedger() {
        team.healthy("prod", team.bump("prod", "1.1.0"));
        team.bump("prod", "1.2.0");
        String back = team.rollBack("prod", RollbackTo.previousHealthy());
        now = now.plus(Duration.ofMinutes(31));
        team.healthy("prod", back);

        assertThat(team.ledger().current("shop", "prod").flatMap(Deployment::recovery))
                .hasValueSatisfying(recovery -> {
                    assertThat(recovery)
                            .isEqualTo(new RecoveryTime("shop/prod", Duration.ofMinutes(31), RollbackPolicy.MAJOR));
                    assertThat(recovery.isBreached()).isTrue();
                });
        assertThat(team.ledger().previousHealthy("shop", "prod").flatMap(Deployment::recovery))
                .isEmpty();
    }
}
