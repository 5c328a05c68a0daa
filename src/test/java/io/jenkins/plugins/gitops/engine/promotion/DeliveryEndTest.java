package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The branch has a release, and its pull request is still shown as open. */
class DeliveryEndTest extends DeliveryFixture {

    @Test
    void aMergeByAPersonIsFoundWhateverItsMessage() throws Exception {
        Pull pull = mergedByDave("squash", "Another message", 4);

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("does not show yet that it has ended");
        pull.saysOpen = 0;
        BumpResult merged = bump("4711", "1.1.0");
        assertThat(merged.commit()).isEqualTo(tip("main"));
        assertThat(merged.paths()).containsExactly("prod/kustomization.yaml");
        assertThat(merged.changes()).hasToString("[shop/prod: api 1.0.0 \u2192 1.1.0]");
        assertThat(pull.comments).isEmpty();

        Ledger ledger = new Ledgers()
                .of(
                        repository(),
                        "main",
                        Declarations.read(repository().tip("main", Progress.SILENT), "main"),
                        Progress.SILENT);
        assertThat(ledger.of("shop", "prod")).singleElement().satisfies(deployment -> {
            assertThat(deployment.commit()).isEqualTo(tip("main"));
            assertThat(deployment.images()).hasToString("{api=ghcr.io/acme/shop-api:1.1.0}");
            assertThat(deployment.trailers().value(Trailers.MERGED_BY)).contains("dave");
            assertThat(deployment.trailers().value(Trailers.STARTED_BY)).contains("dora");
        });
    }

    @Test
    void aMergeThatItsServerShowsLateIsWaitedForAndNoted() throws Exception {
        Pull pull = mergedByDave("merge", "Merge", 1_000);

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("does not show yet that it has ended");
        pull.saysOpen = 0;
        assertThat(bump("4711", "1.1.0").paths()).containsExactly("prod/kustomization.yaml");

        assertThat(pull.comments).isEmpty();
        assertThat(git.messages(git.ref("refs/notes/gitops").orElseThrow()).get(0))
                .contains("GitOps-Merged-By: dave");
        assertThat(log).anyMatch(line -> line.contains(" was merged by dave as "));
    }

    @Test
    void aMergeThatItsServerNeverShowsHoldsUpNobodyForLong() throws Exception {
        mergedByDave("merge", "Merge", 1_000);

        for (int looks = 1; looks < 6; looks++) {
            assertThat(pending("4711", "1.1.0")).hasMessageContaining("does not show yet that it has ended");
        }

        assertThat(git.isAncestor(bump("4711", "1.1.0").commit(), tip("main"))).isTrue();
        assertThat(OpenDelivery.of(forge.url("/acme/config.git"))).isEmpty();
    }

    @Test
    void whatSomebodyPushedIsClosedAfterSomeLooks() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        push(Map.of("prod/kustomization.yaml", version().replace("1.0.0", "1.1.0")));

        for (int looks = 1; looks < 6; looks++) {
            assertThat(pending("4711", "1.1.0")).hasMessageContaining("does not show yet that it has ended");
        }

        assertThat(bump("4711", "1.1.0").isUnchanged()).isTrue();
        assertThat(forge.pulls.get(0).state).isEqualTo("closed");
    }

    /** @param saysOpen answers in which its server still says that it is open */
    private Pull mergedByDave(String method, String message, int saysOpen) throws Exception {
        push(Map.of("gitops.yaml", DECLARATION.formatted("people")));
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("a person merges it");
        Pull pull = forge.pulls.get(0);
        pull.mergeMethod = method;
        pull.mergeMessage = message;
        pull.mergeCommit = merge(pull);
        pull.by = "dave";
        pull.state = "merged";
        pull.saysOpen = saysOpen;
        return pull;
    }
}
