package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.Forge;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Fate;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Releases that their server merges by itself, because {@code autoMerge} has them handed over. */
@Timeout(60)
class DeliveryHandoverTest extends DeliveryFixture {

    private static final String HANDED_OVER = DECLARATION.formatted("squash, autoMerge: true");
    private static final String FROZEN = HANDED_OVER + """
        freezes:
          always:
            environments: [prod]
            timeZone: UTC
            deny: { from: 2020-01-01, to: 2999-01-01, reason: Incident }
        """;

    @BeforeEach
    void declare() throws Exception {
        push(Map.of("gitops.yaml", HANDED_OVER));
        addCheck();
    }

    private Pull handedOver() {
        PendingDelivery pending = pending("4711", "1.1.0");
        assertThat(pending)
                .hasMessageContaining("its server merges it by itself, and waits: checks have not finished: build");
        assertThat(pending.pause(100, Instant.now())).isEqualTo(Duration.ofSeconds(5));
        Pull pull = forge.pulls.get(0);
        assertThat(pull.autoMerge).isTrue();
        return pull;
    }

    /** As the server does once its rules are met. */
    private void passes(Pull pull) {
        pull.checks.put("build", "passed");
        forge.mergeByItself(pull);
    }

    @Test
    void itsServerMergesItOnceItsChecksHavePassed() throws Exception {
        Pull pull = handedOver();
        restart();
        handedOver();

        passes(pull);
        BumpResult result = bump("4711", "1.1.0");

        assertThat(pull.state).isEqualTo("merged");
        assertThat(pull.mergeMethod).isEqualTo("squash");
        assertThat(pull.mergeMessage).contains("GitOps-Bump-Id: 4711");
        assertThat(version()).contains("newTag: 1.1.0");
        assertThat(result.commit()).isEqualTo(tip("main"));
        assertThat(commits("4711")).isEqualTo(1);
        assertThat(forge.calls).noneMatch(call -> call.startsWith("PUT "));
    }

    @Test
    void whatMayBeMergedAtOnceIsMergedAtOnce() throws Exception {
        forge.looking = pull -> pull.sha = tip(pull.head);

        bump("4711", "1.1.0");

        assertThat(forge.pulls.get(0).autoMerge).isFalse();
        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void whatIsReadyAndHandedOverIsMergedEvenIfItsServerSleeps() throws Exception {
        handedOver().checks.put("build", "passed");

        bump("4711", "1.1.0");

        assertThat(commits("4711")).isEqualTo(1);
        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void aFreezeThatBeginsTakesItBackAndNothingIsMerged() throws Exception {
        Pull pull = handedOver();
        push(Map.of("gitops.yaml", FROZEN));

        assertThatThrownBy(() -> bump("4711", "1.1.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("Incident");
        assertThat(pull.autoMerge).isFalse();
        passes(pull);
        assertThatThrownBy(() -> bump("4711", "1.1.0")).isInstanceOf(StoppedException.class);

        assertThat(pull.state).isEqualTo("open");
        assertThat(pull.statuses.get("gitops/gate")).startsWith("pending").contains("Incident");
        assertThat(version()).contains("newTag: 1.0.0");

        push(Map.of("gitops.yaml", HANDED_OVER));
        bump("4711", "1.1.0");
        assertThat(commits("4711")).isEqualTo(1);
    }

    @Test
    void aLostAnswerLeavesNothingBehind() throws Exception {
        lose("POST /api/graphql", 2);
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("cannot be reached");
        Pull pull = handedOver();
        assertThat(forge.pulls).hasSize(1);

        push(Map.of("gitops.yaml", FROZEN));
        lose("POST /api/graphql", 1);
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("cannot be reached");
        assertThat(pull.autoMerge).isFalse();
        assertThatThrownBy(() -> bump("4711", "1.1.0")).isInstanceOf(StoppedException.class);
    }

    @Test
    void aServerThatDoesNotHearThatItIsTakenBackIsToldAgain() throws Exception {
        Pull pull = handedOver();
        push(Map.of("gitops.yaml", FROZEN));
        forge.fate = call -> call.equals("POST /api/graphql") ? Fate.NOT_HEARD : Fate.ANSWERED;

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("cannot be reached");
        assertThat(pull.autoMerge).isTrue();
        forge.fate = call -> Fate.ANSWERED;
        assertThatThrownBy(() -> bump("4711", "1.1.0")).isInstanceOf(StoppedException.class);

        assertThat(pull.autoMerge).isFalse();
    }

    /** @param nth of the calls: it is done, and nobody hears of it */
    private void lose(String method, int nth) {
        int[] calls = {0};
        forge.fate = call -> call.equals(method) && ++calls[0] == nth ? Fate.ANSWER_LOST : Fate.ANSWERED;
    }

    @Test
    void changesRequestedAndFailedChecksTakeItBack() throws Exception {
        Pull pull = handedOver();

        pull.reviews.put("bob", "changes");
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("changes are requested by bob");
        assertThat(pull.autoMerge).isFalse();

        pull.reviews.clear();
        handedOver();
        pull.checks.put("build", "failed");
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("checks have failed: build");
        assertThat(pull.autoMerge).isFalse();
    }

    @Test
    void aConflictTakesItBackBeforeTheReleaseIsAppliedAgain() throws Exception {
        Pull pull = handedOver();
        push(Map.of("prod/kustomization.yaml", FILE.formatted("1.0.5")));

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("brought up to date");

        assertThat(pull.autoMerge).isFalse();
        handedOver();
    }

    @Test
    void aPersonWhoClosesItRejectsTheRelease() throws Exception {
        Pull pull = handedOver();
        pull.state = "closed";
        pull.autoMerge = false;
        pull.by = "carol";

        assertThatThrownBy(() -> bump("4711", "1.1.0"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("was closed by carol");
        assertThat(version()).contains("newTag: 1.0.0");
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void aServerThatDoesNotTakeItIsWaitedForAndMergesLater() throws Exception {
        forge.noAutoMerge = "Auto merge is not allowed for this repository";

        assertThat(pending("4711", "1.1.0"))
                .hasMessageContaining("checks have not finished: build; its server does not take it")
                .hasMessageContaining("Auto merge is not allowed");
        forge.pulls.get(0).checks.put("build", "passed");
        bump("4711", "1.1.0");

        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void aStepThatStopsClosesIt() throws Exception {
        Pull pull = handedOver();

        pending("4711", "1.1.0").abandon("The step was stopped.");

        assertThat(pull.state).isEqualTo("closed");
    }

    /** After a restart the gate checks again before anything else. */
    @Test
    void aGateThatChecksAgainHasItTakenBack() throws Exception {
        Pull pull = handedOver();
        forge.fate = call -> call.equals("POST /api/graphql") ? Fate.NOT_HEARD : Fate.ANSWERED;
        assertThatThrownBy(this::takeBack).isInstanceOf(PendingDelivery.class);
        forge.fate = call -> Fate.ANSWERED;

        takeBack();
        takeBack();

        assertThat(pull.autoMerge).isFalse();
        assertThat(pull.state).isEqualTo("open");
    }

    private void takeBack() {
        PendingDelivery.takeBack(repository(), "main", "shop", "prod", "4711", Progress.SILENT);
    }

    /** While it is queued, a look asks for each thing once; what has not changed is asked for by its tag. */
    @Test
    void aLookAtWhatIsQueuedAsksForTheQueueOnce() throws Exception {
        forge.hasQueue = true;
        forge.looking = pull -> pull.sha = tip(pull.head);
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("its server merges it");
        assertThat(pending("4711", "1.1.0")).isNotNull();
        forge.calls.clear();

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("its server merges it");

        String api = "/api/v3/repos/acme/config";
        String sha = forge.pulls.get(0).sha;
        assertThat(forge.calls.stream().filter(call -> call.contains("/api/")))
                .containsExactlyInAnyOrder(
                        "GET " + api + "/pulls",
                        "GET " + api + "/pulls/1",
                        "POST /api/graphql",
                        "GET " + api + "/pulls/1/reviews",
                        "GET " + api + "/commits/" + sha + "/check-runs",
                        "GET " + api + "/commits/" + sha + "/status");
    }

    @Test
    void aServerWithoutAutoMergeRefusesTheDeclaration() {
        DeliveryDefinition how = new DeliveryDefinition("bitbucket", List.of(), List.of(), Merge.SQUASH, true);
        Remote remote = new Remote("https://bitbucket.org/acme/config.git", new UserPassword("bot", "t0ken"));
        CommitRequest request = new CommitRequest(
                "main",
                "4711",
                "shop: bump",
                "",
                List.of(),
                ReviewedController.JENKINS,
                Optional.empty(),
                Optional.empty(),
                tip -> Map.of(),
                path -> CommitRequest.KEPT);
        Proposal proposal = new Proposal(
                request,
                Proposal.Terms.of(how),
                "shop/prod",
                List::of,
                repository(),
                new Forge(HttpClients.DEFAULT, InstantSource.system()).of(remote, null),
                Progress.SILENT);

        assertThatThrownBy(() -> new Delivery(proposal))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has no auto-merge")
                .hasMessageContaining("remove 'autoMerge'");
    }
}
