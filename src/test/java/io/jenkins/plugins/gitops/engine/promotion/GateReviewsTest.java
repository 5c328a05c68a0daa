package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reviews of a pull request as approvals of a gate. */
@Timeout(60)
class GateReviewsTest extends DeliveryFixture {

    private final List<GateEvent> kept = new ArrayList<>();
    private ReviewedController controller;

    /** @param approvals where people approve, and how many of them */
    private void declare(String approvals, String gate) {
        push(Map.of(
                "gitops.yaml",
                DECLARATION
                        .formatted("squash, approvals: " + approvals)
                        .replace("deliver:", "gate: { " + gate + " }\n        deliver:")));
        controller = controller();
        controller.open("4711", "1.1.0");
    }

    private ReviewedController controller() {
        String url = forge.url("/acme/config.git");
        return new ReviewedController(
                repositories.open(new Remote(url, new UserPassword("bot", "t0ken"))), url, kept, log);
    }

    private void restartController() throws Exception {
        controller.close();
        restart();
        controller = controller();
        controller.resume();
    }

    @AfterEach
    void closeController() {
        controller.close();
    }

    private Pull pull() {
        return forge.pulls.get(0);
    }

    @Test
    void reviewsFulfilTheQuorum() throws Exception {
        declare("pull-request", "approvals: { required: 2 }, separationOfDuties: true");
        assertThat(controller.step())
                .hasValueSatisfying(why -> assertThat(why).contains("waits for approvals (0 of 2)"));
        assertThat(pull().statuses.get("gitops/gate")).startsWith("pending: Waits for approvals: 0 of 2; separation: ");
        assertThat(pull().body).contains("- waiting: `approvals`, 0 of 2", "- met: `target`");
        assertThat(pull().reviewers).containsExactly("alice");

        pull().review("mary-gh", "approved");
        pull().review("dora-gh", "approved");
        pull().review("stranger", "approved");
        assertThat(controller.step())
                .hasValueSatisfying(why -> assertThat(why).contains("waits for approvals (1 of 2 (mary))"));
        assertThat(log)
                .anyMatch(line -> line.contains("dora-gh") && line.contains("another person must approve it"))
                .anyMatch(line -> line.contains("stranger") && line.contains("no user of Jenkins"));
        assertThatThrownBy(() -> controller.approve("john"))
                .isInstanceOf(GateRefusedException.class)
                .hasMessageContaining("reviews of its pull request");

        pull().review("john-gh", "approved");
        controller.step();
        assertThat(controller.step()).isEmpty();

        assertThat(version()).contains("newTag: 1.1.0");
        assertThat(git.messages(tip("main")).get(0))
                .contains("GitOps-Approved-By: mary", "GitOps-Approved-By: john")
                .doesNotContain("dora-gh");
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void bothCountOnce() {
        declare("both", "approvals: { required: 2 }");
        controller.approve("mary");
        controller.step();
        pull().review("mary-gh", "approved");
        assertThat(controller.step()).contains("The gate for shop/prod waits for approvals (1 of 2 (mary)).");

        pull().review("john-gh", "approved");
        controller.step();

        assertThat(controller.step()).isEmpty();
        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void aReviewOfAnOlderCommitCountsNoMore() {
        declare("pull-request", "approvals: { required: 1 }");
        controller.step();
        pull().checks.put("build", "pending");
        pull().review("mary-gh", "approved");
        controller.step();
        assertThat(controller.live().gate().status()).isEqualTo(GateStatus.APPROVED);
        String reviewed = pull().sha;

        push(Map.of("prod/other.yaml", "kind: ConfigMap\n"));
        pull().blocked = "behind";
        git.commit(pull().head, "Smuggled", Map.of("prod/evil.yaml", "kind: Secret\n"));
        assertThat(controller.step()).hasValueSatisfying(why -> assertThat(why).contains("release's own commit"));
        pull().blocked = "";
        pull().checks.put("build", "passed");
        assertThat(tip(pull().head)).isNotEqualTo(reviewed);

        assertThat(controller.step())
                .hasValueSatisfying(why -> assertThat(why).contains("mary-gh", "does not approve its newest commit"));
        assertThat(controller.step()).contains("The gate for shop/prod waits for approvals (0 of 1).");
        assertThat(version()).contains("newTag: 1.0.0");

        pull().review("mary-gh", "approved");
        controller.step();
        assertThat(controller.step()).isEmpty();
        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void requestedChangesHoldTheMerge() {
        declare("pull-request", "approvals: { required: 1 }");
        controller.step();
        pull().review("mary-gh", "approved");
        pull().review("bob", "changes");
        controller.step();

        assertThat(controller.step())
                .hasValueSatisfying(why -> assertThat(why).contains("changes are requested by bob"));
        assertThat(version()).contains("newTag: 1.0.0");
    }

    @Test
    void whoClosesItRejects() {
        declare("both", "approvals: { required: 1 }");
        controller.step();
        pull().state = "closed";
        pull().by = "mary-gh";

        controller.step();

        assertThat(controller.live().gate().status()).isEqualTo(GateStatus.REJECTED);
        assertThat(controller.live().explain()).contains("rejected by mary");
    }

    @Test
    void whoMergesItBeforeTheGateIsNamed() {
        declare("pull-request", "approvals: { required: 1 }");
        controller.step();
        pull().mergeMethod = "squash";
        pull().mergeMessage = "Let me";
        pull().mergeCommit = merge(pull());
        pull().state = "merged";
        pull().by = "hasty";

        controller.step();

        assertThat(controller.live().gate().status()).isEqualTo(GateStatus.CLOSED);
        assertThat(controller.live().explain()).contains("hasty");
    }

    @Test
    void anotherControllerGoesOn() throws Exception {
        declare("pull-request", "approvals: { required: 2 }");
        controller.step();
        pull().review("mary-gh", "approved");
        controller.step();
        restartController();
        pull().review("john-gh", "approved");
        controller.step();
        restartController();
        controller.step();
        controller.step();

        assertThat(controller.live().gate().commit()).contains(tip("main"));
        assertThat(forge.pulls).hasSize(1);
        assertThat(commits("4711")).isEqualTo(1);
    }
}
