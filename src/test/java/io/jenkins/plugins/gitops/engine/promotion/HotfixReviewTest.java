package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who confirms a hotfix of shop/prod that dora started, otto approved and olga overrode the gate for. */
class HotfixReviewTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final MemoryRepository repository = new MemoryRepository(() -> NOON);
    private final ShopTeam team = new ShopTeam(repository, () -> NOON);
    private String bump;
    private String hotfix;

    @BeforeEach
    void hotfix() {
        repository.push("main", "Begin", Shop.files());
        bump = team.bump("prod", "1.1.0");
        hotfix = team.hotfix("prod", "dora", NOON.plusSeconds(3600));
    }

    @Test
    void somebodyElseConfirmsItAndTheLedgerKnowsWhoAndWhy() {
        team.review("prod", hotfix, "zoe");

        Deployment reviewed = team.ledger().current("shop", "prod").orElseThrow();
        assertThat(reviewed.reviewed()).contains("zoe: looks good");
        assertThat(reviewed.reviewDue()).isEmpty();
        assertThat(repository.text(DeploymentNotes.REF, hotfix)).contains("GitOps-Reviewed: zoe: looks good");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        dora      | dora started the hotfix %s of shop/prod; somebody else must review it.
        Dora      | Dora started the hotfix %s of shop/prod; somebody else must review it.
        otto      | otto approved the hotfix %s of shop/prod; somebody else must review it.
        olga      | olga overrode the gate for the hotfix %s of shop/prod; somebody else must review it.
        anonymous | anonymous is not a user account: sign in with an account of your own.
        """)
    void whoeverHadAHandInItDoesNot(String who, String sentence) {
        assertThatThrownBy(() -> team.review("prod", hotfix, who))
                .isInstanceOf(RefusedException.class)
                .hasMessage(sentence.replace("%s", CommitInfo.abbreviate(hotfix)));
        assertThat(repository.log(DeploymentNotes.REF)).isEmpty();
    }

    @Test
    void aHotfixIsReviewedOnce() {
        team.review("prod", hotfix, "zoe");

        assertThatThrownBy(() -> team.review("prod", hotfix, "max"))
                .hasMessage("The hotfix " + CommitInfo.abbreviate(hotfix)
                        + " of shop/prod was reviewed already (zoe: looks good); nothing changed.");
    }

    @Test
    void whatIsNoHotfixThereIsNotReviewed() {
        assertNoHotfix("prod", bump);
        assertNoHotfix("staging", hotfix);
        assertNoHotfix("prod", "0000000000");
    }

    @Test
    void aJobThatTheApplicationDoesNotNameConfirmsNothing() {
        repository.push(
                "main",
                "Narrow",
                Map.of("gitops.yaml", Shop.DECLARATION.replace("  shop:\n", "  shop:\n    jobs: [team-shop/**]\n")));

        assertThatThrownBy(() -> team.review("prod", hotfix, "zoe"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("The job 'shop' cannot change 'shop'");
    }

    private void assertNoHotfix(String environment, String commit) {
        assertThatThrownBy(() -> team.review(environment, commit, "zoe"))
                .hasMessage("The deployment history has no hotfix " + CommitInfo.abbreviate(commit) + " of shop/"
                        + environment + "; choose one that the Deployments page lists.");
    }
}
