package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.forge.GitHubDialect;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bumps of an environment that takes pull requests alone. */
@Timeout(60)
class DeliveryTest extends DeliveryFixture {

    @ParameterizedTest
    @CsvSource({"squash", "merge", "rebase"})
    void aReleaseComesByAPullRequest(String method) throws Exception {
        push(Map.of("gitops.yaml", DECLARATION.formatted(method)));

        BumpResult result = bump("4711", "1.1.0");

        Pull pull = forge.pulls.get(0);
        assertThat(pull.head).isEqualTo("gitops/shop/prod/4711");
        assertThat(pull.title).isEqualTo("shop: bump api to 1.1.0 in prod");
        assertThat(pull.body)
                .contains("1.0.0", "1.1.0", "**Started by:** dora", "<https://ci.example.org/job/shop/1/>");
        assertThat(pull.labels).containsExactly("gitops");
        assertThat(pull.reviewers).containsExactly("alice");
        assertThat(pull.statuses).containsEntry("gitops/gate", "success: All requirements are met");
        assertThat(pull.mergeMethod).isEqualTo(method);
        assertThat(version()).contains("newTag: 1.1.0");
        assertThat(git.isAncestor(result.commit(), tip("main"))).isTrue();
        assertThat(git.messages(git.ref("refs/notes/gitops").orElseThrow()).get(0))
                .contains("GitOps-Deployment: " + result.commit())
                .contains("GitOps-Pull-Request: https://github.example.org/acme/config/pull/1")
                .contains("GitOps-Merged-By: merger");
        assertThat(git.messages(result.commit()).get(0)).containsOnlyOnce("GitOps-Bump-Id: 4711");
        assertThat(log)
                .anyMatch(line -> line.startsWith("Opened pull request https://"))
                .anyMatch(
                        line -> line.startsWith("Pull request https://") && line.contains(" was merged by merger as "));
    }

    @Test
    void waitsForChecksAndOpensNoSecondOne() throws Exception {
        addCheck();

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("checks have not finished: build");
        restart();
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("checks have not finished: build");
        assertThat(version()).contains("newTag: 1.0.0");
        assertThat(OpenDelivery.of(forge.url("/acme/config.git")))
                .containsExactly(new OpenDelivery(
                        "shop",
                        List.of("prod"),
                        "https://github.example.org/acme/config/pull/1",
                        "checks have not finished: build"));

        forge.pulls.get(0).checks.put("build", "passed");
        restart();
        bump("4711", "1.1.0");
        assertThat(OpenDelivery.of(forge.url("/acme/config.git"))).isEmpty();

        assertThat(forge.pulls).hasSize(1);
        assertThat(version()).contains("newTag: 1.1.0");
        assertThat(bump("4711", "1.1.0").commit()).isEqualTo(tip("main"));
        assertThat(commits("4711")).isEqualTo(1);
    }

    @Test
    void aRefusedMergeIsWaitedForWithItsReason() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        forge.pulls.get(0).checks.put("build", "passed");
        forge.pulls.get(0).reviews.put("bob", "changes");

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("changes are requested by bob");

        forge.pulls.get(0).reviews.put("bob", "approved");
        forge.pulls.get(0).blocked = "review";
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("require a review or a check");
    }

    @Test
    void closingItRejectsTheRelease() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        forge.pulls.get(0).state = "closed";
        forge.pulls.get(0).by = "carol";

        assertThatThrownBy(() -> bump("4711", "1.1.0"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("was closed by carol")
                .hasMessageContaining("rejected");
        assertThat(OpenDelivery.of(forge.url("/acme/config.git"))).isEmpty();
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void aNewerReleaseClosesTheOlderOne() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();

        assertThat(pending("4712", "1.2.0")).isNotNull();

        assertThat(forge.pulls.get(0).state).isEqualTo("closed");
        assertThat(forge.pulls.get(0).comments.values())
                .singleElement()
                .asString()
                .contains("Superseded by", "/pull/2");
        assertThatThrownBy(() -> bump("4711", "1.1.0"))
                .hasMessageContaining("superseded by")
                .hasMessageContaining("/pull/2");
        assertThat(forge.pulls.get(1).state).isEqualTo("open");
    }

    @Test
    void aConflictIsSolvedByApplyingTheReleaseAgain() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        push(Map.of("prod/kustomization.yaml", FILE.formatted("1.0.5")));

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("brought up to date");

        assertThat(git.parents(tip("gitops/shop/prod/4711"))).containsExactly(tip("main"));
        forge.pulls.get(0).checks.put("build", "passed");
        bump("4711", "1.1.0");
        assertThat(version()).contains("newTag: 1.1.0");
        assertThat(commits("4711")).isEqualTo(1);
    }

    @Test
    void whatOthersPushToItsBranchIsNotMerged() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        git.commit(
                "gitops/shop/prod/4711",
                "Smuggled\n\nGitOps-Bump-Id: 4711",
                Map.of("prod/evil.yaml", "kind: Secret\n"));
        forge.pulls.get(0).checks.put("build", "passed");

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("set to the release's own commit");
        bump("4711", "1.1.0");

        assertThat(git.files(tip("main"))).containsOnlyKeys("gitops.yaml", "prod/kustomization.yaml");
    }

    @Test
    void aGateThatIsDeclaredMeanwhileClosesIt() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        push(Map.of(
                "gitops.yaml",
                DECLARATION.formatted("squash").replace("deliver:", "gate: { soak: 1h }\n        deliver:")));

        assertThatThrownBy(() -> bump("4711", "1.1.0")).hasMessageContaining("does not allow a bump");

        assertThat(forge.pulls.get(0).state).isEqualTo("closed");
        assertThat(version()).contains("newTag: 1.0.0");
    }

    @Test
    void aMergeQueueMergesItUnlessWhatMayNotPassIsTakenBack() throws Exception {
        forge.hasQueue = true;
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("its server merges it");
        Pull pull = forge.pulls.get(0);
        assertThat(pull.queued).isTrue();

        pull.reviews.put("bob", "changes");
        assertThat(pending("4711", "1.1.0")).hasMessageContaining("changes are requested by bob");
        assertThat(pull.queued).isFalse();

        pull.reviews.put("bob", "approved");
        restart();
        PendingDelivery queued = pending("4711", "1.1.0");
        assertThat(pull.queued).isTrue();
        assertThat(queued.pause(100, Instant.now())).isEqualTo(Duration.ofSeconds(5));
        assertThat(forge.calls).contains("POST /api/v3/repos/acme/config/statuses/" + GitHubDialect.tested(pull));

        pull.mergeMethod = "squash";
        pull.mergeMessage = git.messages(tip(pull.head)).get(0);
        pull.mergeCommit = merge(pull);
        pull.state = "merged";
        bump("4711", "1.1.0");
        assertThat(commits("4711")).isEqualTo(1);
    }

    @Test
    void aLockKeepsTheQueueFromMergingIt() throws Exception {
        forge.hasQueue = true;
        assertThat(pending("4712", "1.2.0")).hasMessageContaining("its server merges it");
        Lock lock =
                new Lock("one", "shop", "prod", "mary", Instant.now(), null, "incident", Lock.Scope.PROMOTIONS, null);
        new RepositoryLocks(repository(), new Identity("Jenkins", "jenkins@example.org")).set(lock, Progress.SILENT);

        assertThatThrownBy(() -> bump("4712", "1.2.0")).hasMessageContaining("incident");

        Pull pull = forge.pulls.get(0);
        assertThat(pull.queued && pull.state.equals("open")).isFalse();
        assertThat(version()).contains("newTag: 1.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example.org/acme/config.git, config, true",
        "https://git.example.org/acme/config/, acme/Config, true",
        "git@git.example.org:config.git, config, true",
        "https://git.example.org/acme/config.git, shop-config, false",
    })
    void itIsOfTheRepositoryOfItsName(String address, String name, boolean isOf) {
        assertThat(new PendingDelivery("Waiting.", address, null, reason -> {}).isOf(name))
                .isEqualTo(isOf);
    }

    /** Logins come from another server. */
    @Test
    void whoMergedAndReviewedItForgesNoTrailer() throws Exception {
        addCheck();
        assertThat(pending("4711", "1.1.0")).isNotNull();
        Pull pull = forge.pulls.get(0);
        pull.reviews.put("eve\nGitOps-Hold-Lifted: mary: fine", "approved");
        pull.mergeMethod = "squash";
        pull.mergeMessage = git.messages(tip(pull.head)).get(0);
        pull.mergeCommit = merge(pull);
        pull.by = "eve\u2028GitOps-Outcome: healthy\r\n\nGitOps-Reviewed: mary";
        pull.state = "merged";

        bump("4711", "1.1.0");

        assertThat(git.messages(git.ref("refs/notes/gitops").orElseThrow())
                        .get(0)
                        .lines()
                        .filter(line -> line.startsWith("GitOps-"))
                        .map(line -> line.replaceFirst(":.*", "")))
                .containsExactly(
                        "GitOps-Deployment",
                        "GitOps-Application",
                        "GitOps-Environment",
                        "GitOps-Pull-Request",
                        "GitOps-Merged-By",
                        "GitOps-Reviewed-By",
                        "GitOps-Bump-Id");
    }

    @Test
    void aServerThatIsDownIsWaitedFor() throws Exception {
        forge.fault(502, "Bad Gateway");

        assertThat(pending("4711", "1.1.0")).hasMessageContaining("Bad Gateway");

        bump("4711", "1.1.0");
        assertThat(version()).contains("newTag: 1.1.0");
    }

    @Test
    void aLostAnswerCostsNothing() {
        List<String> calls = List.of(
                "POST /pulls",
                "POST /labels",
                "POST /requested_reviewers",
                "POST /statuses",
                "GET /pulls",
                "GET /reviews",
                "GET /check-runs",
                "PUT /merge");
        for (int i = 0; i < calls.size(); i++) {
            String id = "lost-" + i;
            forge.loseAnswerOf(calls.get(i).split(" ")[0], calls.get(i).split(" ")[1]);
            for (int attempt = 0; attempt < 3; attempt++) {
                try {
                    bump(id, "2." + i + ".0");
                } catch (PendingDelivery again) {
                    assertThat(again).hasMessageContaining("cannot be reached");
                }
            }

            assertThat(forge.pulls).as(calls.get(i)).hasSize(i + 1);
            assertThat(commits(id)).isEqualTo(1);
            assertThat(version()).contains("newTag: 2." + i + ".0");
        }
    }

    @Test
    void abandoningClosesIt() throws Exception {
        addCheck();

        pending("4711", "1.1.0").abandon("The step was stopped.");

        assertThat(forge.pulls.get(0).state).isEqualTo("closed");
        assertThat(forge.pulls.get(0).comments.values())
                .singleElement()
                .asString()
                .contains("The step was stopped");
    }

    @Test
    void nothingIsOpenedForWhatIsThere() {
        assertThat(bump("4711", "1.0.0").isUnchanged()).isTrue();
        assertThat(forge.pulls).isEmpty();
    }

    @Test
    void aFileIsNotBumpedPastIt() {
        ConfigRepository repository =
                repositories.open(new Remote(forge.url("/acme/config.git"), new UserPassword("bot", "t0ken")));
        Bump bump =
                new Bump(repository, new ManifestFiles(), ReleaseVerification.NONE, new Stops(InstantSource.system()));
        BumpRequest.Place place = new BumpRequest.Place.Named(
                "main",
                List.of(new ManifestFile.Kustomization("prod/kustomization.yaml")),
                Map.of("api", "ghcr.io/acme/shop-api"));

        assertThatThrownBy(() -> bump.run(request("4711", "1.1.0", place), Progress.SILENT))
                .hasMessageContaining("takes changes by pull requests alone");
        assertThat(version()).contains("newTag: 1.0.0");
    }
}
