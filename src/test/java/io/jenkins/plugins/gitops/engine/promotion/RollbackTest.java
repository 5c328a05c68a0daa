package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollbackTest {

    private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");

    private Instant now = MORNING;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);

    @BeforeEach
    void shop() {
        repository.push("main", "Begin", Shop.files());
    }

    @Test
    void goesBackToTheReleaseThatWasHealthyBefore() {
        String first = healthy(bump("prod", "1.1.0", 1));
        failed(bump("prod", "1.2.0", 2));
        String bad = bump("prod", "1.3.0", 3);

        BumpResult result = rollback(RollbackTo.previousHealthy());

        assertThat(repository.text("main", Shop.file("prod"))).startsWith("ghcr.io/acme/shop-api:1.1.0\n");
        Trailers trailers = new Trailers(last().trailers());
        assertThat(trailers.value(Trailers.ROLLS_BACK)).contains(bad);
        assertThat(trailers.value(Trailers.ROLLBACK_TO)).contains(first);
        assertThat(trailers.value(Trailers.REASON)).contains("errors everywhere");
        assertThat(trailers.value(Trailers.SOURCE_COMMIT))
                .as("what the run built is not what comes back")
                .isEmpty();
        assertThat(trailers.values(Trailers.CHANGE_AUTHOR)).isEmpty();
        assertThat(last().message()).isEqualTo("shop: roll back prod to api 1.1.0, worker 1.0.0");
        assertThat(result.outcome()).isInstanceOf(CommitOutcome.Committed.class);
    }

    @Test
    void onlyImagesGoBack() {
        healthy(bump("prod", "1.1.0", 1));
        bump("prod", "1.2.0", 2);
        repository.push(
                "main",
                "Add a sidecar",
                Map.of(Shop.file("prod"), repository.text("main", Shop.file("prod")) + "docker.io/proxy:2\n"));

        rollback(RollbackTo.previousHealthy());

        assertThat(repository.text("main", Shop.file("prod")))
                .isEqualTo("ghcr.io/acme/shop-api:1.1.0\nghcr.io/acme/shop-worker:1.0.0\ndocker.io/proxy:2\n");
    }

    @Test
    void aSecondRollbackGoesFurtherBackAndNotForth() {
        healthy(bump("prod", "1.1.0", 1));
        healthy(bump("prod", "1.2.0", 2));
        healthy(bump("prod", "1.3.0", 3));
        healthy(rollback(RollbackTo.previousHealthy()).commit());

        rollback(RollbackTo.previousHealthy());

        assertThat(repository.text("main", Shop.file("prod"))).startsWith("ghcr.io/acme/shop-api:1.1.0\n");
    }

    @Test
    void goesBackToACommitARunOrATime() {
        String first = healthy(bump("prod", "1.1.0", 1));
        Instant noon = now = MORNING.plus(Duration.ofHours(4));
        healthy(bump("prod", "1.2.0", 2));
        bump("prod", "1.3.0", 3);

        assertThat(plan(RollbackTo.commit(first.substring(0, 10))).good()).isEqualTo(first);
        assertThat(plan(RollbackTo.run("1")).good()).isEqualTo(first);
        assertThat(plan(RollbackTo.run("https://ci.example.org/job/shop/1")).good())
                .isEqualTo(first);
        assertThat(plan(RollbackTo.before(noon)).good()).isEqualTo(first);
    }

    @Test
    void theSameWishRollsBackOnce() {
        healthy(bump("prod", "1.1.0", 1));
        bump("prod", "1.2.0", 2);
        Rollback rollback = team.rollback();
        Rollback.Plan plan = plan(RollbackTo.previousHealthy());

        String first = rollback.commit(plan, Progress.SILENT).commit();

        assertThat(rollback.commit(plan, Progress.SILENT).commit()).isEqualTo(first);
    }

    @Test
    void aWishThatIsPlannedAgainAfterItsCommitIsTheSame() {
        healthy(bump("prod", "1.1.0", 1));
        failed(bump("prod", "1.2.0", 2));
        Rollback.Plan plan = plan(RollbackTo.previousHealthy());
        Rollback rollback = team.rollback();
        String commit = rollback.commit(plan, Progress.SILENT).commit();

        Rollback.Plan again = rollback.plan(plan.request(), Progress.SILENT);

        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("tip", "replaced")
                .isEqualTo(plan);
        assertThat(rollback.commit(again, Progress.SILENT).commit()).isEqualTo(commit);
    }

    @Test
    void whatLandsBetweenPlanAndCommitIsNotTakenBack() {
        healthy(bump("prod", "1.1.0", 1));
        bump("prod", "1.2.0", 2);
        Rollback.Plan plan = plan(RollbackTo.previousHealthy());
        bump("prod", "1.3.0", 3);

        refuseCommit(plan, "api is ghcr.io/acme/shop-api:1.3.0");
    }

    @Test
    void whatLandsWhileTheRollbackIsPushedIsNotTakenBack() {
        healthy(bump("prod", "1.1.0", 1));
        bump("prod", "1.2.0", 2);
        Rollback.Plan plan = plan(RollbackTo.previousHealthy());
        repository.interfere(() -> pushByHand("1.3.0"));

        refuseCommit(plan, "api is ghcr.io/acme/shop-api:1.3.0");
    }

    @Test
    void whatSomebodyDeployedSinceTheDecisionIsNotTakenBack() {
        healthy(bump("prod", "1.1.0", 1));
        String bad = bump("prod", "1.2.0", 2);
        bump("staging", "1.3.0", 3);

        assertThat(plan(RollbackTo.previousHealthy(), Optional.of(bad)).bad())
                .as("other targets may move")
                .isEqualTo(bad);
        String later = bump("prod", "1.3.0", 4);
        refusePlan(bad, "commit " + CommitInfo.abbreviate(later) + " was deployed");
    }

    @Test
    void whatSomebodyMendedByHandSinceTheDecisionIsNotTakenBack() {
        healthy(bump("prod", "1.1.0", 1));
        String bad = bump("prod", "1.2.0", 2);

        pushByHand("1.2.1");

        refusePlan(bad, "api is ghcr.io/acme/shop-api:1.2.1");
    }

    @Test
    void afterARestartTheCommitIsFoundThoughTheTargetHasMovedOnSince() {
        healthy(bump("prod", "1.1.0", 1));
        String bad = bump("prod", "1.2.0", 2);
        Rollback.Plan plan = plan(RollbackTo.previousHealthy(), Optional.of(bad));
        Rollback rollback = team.rollback();
        String commit = rollback.commit(plan, Progress.SILENT).commit();
        bump("prod", "1.4.0", 3);

        BumpResult again = rollback.commit(rollback.plan(plan.request(), Progress.SILENT), Progress.SILENT);

        assertThat(again.outcome()).isInstanceOf(CommitOutcome.AlreadyCommitted.class);
        assertThat(again.commit()).isEqualTo(commit);
    }

    private void pushByHand(String api) {
        repository.push(
                "main", "Mend", Map.of(Shop.file("prod"), Shop.IMAGES.replace("shop-api:1.0.0", "shop-api:" + api)));
    }

    private void refusePlan(String seenAt, String clause) {
        assertThatThrownBy(() -> plan(RollbackTo.previousHealthy(), Optional.of(seenAt)))
                .isInstanceOf(RefusedException.class)
                .hasMessage(movedOn(clause));
    }

    private void refuseCommit(Rollback.Plan plan, String clause) {
        assertThatThrownBy(() -> team.rollback().commit(plan, Progress.SILENT))
                .isInstanceOf(RefusedException.class)
                .hasMessage(movedOn(clause));
        assertThat(new Trailers(last().trailers()).value(Trailers.ROLLS_BACK)).isEmpty();
    }

    private static String movedOn(String clause) {
        return "shop/prod has changed since the rollback was decided (" + clause
                + "): check what it runs now, and roll back again if that is bad too.";
    }

    @Test
    void withoutAnEarlierHealthyReleaseItIsRefused() {
        bump("prod", "1.1.0", 1);
        refuse(
                RollbackTo.previousHealthy(),
                "No earlier healthy release of shop/prod is known: name a commit to go back to (gitopsRollback commit:"
                        + " '…'), or choose one in the history on the page Deployments.");
        refuse(
                RollbackTo.run("99"),
                "No deployment of shop/prod came from the run '99': name a commit, or a run that the deployment"
                        + " history shows.");
        refuse(
                RollbackTo.before(MORNING),
                "No healthy deployment of shop/prod is known before 2026-03-02T08:00:00Z: name a commit to go back"
                        + " to.");
        refuse(RollbackTo.commit("feedbeef"), "There is no commit 'feedbeef' on branch 'main'.");
    }

    @Test
    void whatWasRolledBackAndOlderReleasesAreHeldUntilSomebodyLiftsTheHold() {
        healthy(bump("staging", "1.1.0", 1));
        healthy(bump("staging", "1.2.0", 2));
        healthy(bump("prod", "1.0.5", 3));
        String bad = bump("prod", "1.2.0", 4);
        BumpResult rollback = rollback(RollbackTo.previousHealthy());

        assertThat(hold("1.2.0").map(Hold::toString))
                .contains("held since 2026-03-02T08:00:00Z, when anna rolled back api 1.2.0, worker 1.0.0 (errors"
                        + " everywhere)");
        assertThat(hold("1.1.0")).isPresent();
        assertThat(hold("1.4.0")).isEmpty();
        assertThat(team.ledger().of("shop", "prod").stream()
                        .filter(d -> d.commit().equals(bad))
                        .findFirst())
                .hasValueSatisfying(d -> assertThat(d.rolledBackBy()).isEqualTo(rollback.commit()));

        team.notes().lift(hold("1.2.0").orElseThrow(), "zoe", "fixed by a flag", Progress.SILENT);

        assertThat(hold("1.2.0")).isEmpty();
        assertThatThrownBy(() -> team.notes()
                        .lift(new Hold("shop/prod", bad, Map.of(), now, "x", ""), "zoe", " ", Progress.SILENT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPromotionOfAHeldReleaseIsStoppedWhereNoGateAsks() {
        healthy(bump("prod", "1.1.0", 1));
        String live = bump("staging", "1.2.0", 2);
        bump("prod", "1.2.0", 3);
        rollback(RollbackTo.previousHealthy());

        Promotion.Plan plan = team.promotion("prod", target -> new Liveness.State.Healthy(live, null));

        assertThatThrownBy(plan::requireNotHeld)
                .hasMessage("shop/prod is held since 2026-03-02T08:00:00Z, when anna rolled back api 1.2.0, worker"
                        + " 1.0.0 (errors everywhere): promote a newer release, or lift the hold with a reason"
                        + " (gitopsRollback lift: '…').");
    }

    @Test
    void theTimeToRecoverIsMeasuredAgainstTheObjective() {
        healthy(bump("prod", "1.1.0", 1));
        bump("prod", "1.2.0", 2);
        Rollback.Plan plan = plan(RollbackTo.previousHealthy());

        assertThat(plan.recovery(now.plusSeconds(8)))
                .hasToString("shop/prod recovered in 8 s, within its objective of 30 min");
        assertThat(plan.recovery(now.plus(Duration.ofMinutes(31))).isBreached()).isTrue();
    }

    @Test
    void theLedgerAnswersFromCommitsAndNotesAlone() {
        String first = healthy(bump("prod", "1.1.0", 1));
        now = now.plus(Duration.ofDays(1));
        bump("prod", "1.2.0", 2);
        Ledger ledger = team.ledger();

        assertThat(ledger.current("shop", "prod").map(d -> d.images().get("api").shortText()))
                .contains("1.2.0");
        assertThat(ledger.previousHealthy("shop", "prod").map(Deployment::commit))
                .contains(first);
        assertThat(ledger.between("shop", "prod", MORNING, MORNING.plus(Duration.ofDays(1))))
                .extracting(Deployment::commit)
                .containsExactly(first);
        assertThat(ledger.current("shop", "prod").orElseThrow().who()).containsExactly("anna");
    }

    @Test
    void theFourFiguresOfDeliveryComeFromTheLedger() {
        bump("dev", "1.1.0", 1);
        now = now.plus(Duration.ofHours(2));
        String good = bump("prod", "1.1.0", 2);
        now = now.plus(Duration.ofMinutes(10));
        healthy(good);
        now = now.plus(Duration.ofHours(1));
        bump("prod", "1.2.0", 3);
        String back = rollback(RollbackTo.previousHealthy()).commit();
        now = now.plus(Duration.ofMinutes(6));
        healthy(back);

        DeliveryMetrics metrics =
                DeliveryMetrics.of(team.ledger(), "shop", "prod", MORNING, MORNING.plus(Duration.ofDays(2)));

        assertThat(metrics)
                .isEqualTo(new DeliveryMetrics(
                        2,
                        1.0,
                        Optional.of(Duration.ofMinutes(130)),
                        Optional.of(0.5),
                        Optional.of(Duration.ofMinutes(6)),
                        Optional.empty()));
    }

    private void refuse(RollbackTo to, String sentence) {
        int before = repository.log("main").size();
        assertThatThrownBy(() -> rollback(to))
                .isInstanceOf(GitOpsException.class)
                .hasMessage(sentence);
        assertThat(repository.log("main")).hasSize(before);
    }

    private Optional<Hold> hold(String api) {
        return team.ledger()
                .hold(
                        "shop",
                        "prod",
                        Map.of(
                                "api", ImageReference.parse("ghcr.io/acme/shop-api:" + api),
                                "worker", ImageReference.parse("ghcr.io/acme/shop-worker:1.0.0")));
    }

    private Rollback.Plan plan(RollbackTo to) {
        return plan(to, Optional.empty());
    }

    private Rollback.Plan plan(RollbackTo to, Optional<String> seenAt) {
        return team.rollback().plan(team.rollback("prod", to, seenAt), Progress.SILENT);
    }

    private BumpResult rollback(RollbackTo to) {
        return team.rollback().commit(plan(to), Progress.SILENT);
    }

    private String bump(String environment, String api, int run) {
        Provenance anna = new Provenance("https://ci.example.org/job/shop/" + run + "/", "anna", null, List.of());
        return team.bump(environment, api, anna);
    }

    private String healthy(String commit) {
        return noted(commit, Outcome.HEALTHY);
    }

    private void failed(String commit) {
        noted(commit, Outcome.FAILED);
    }

    private String noted(String commit, Outcome outcome) {
        String environment = repository.log("main").stream()
                .filter(info -> info.commit().equals(commit))
                .flatMap(info -> new Trailers(info.trailers()).values(Trailers.ENVIRONMENT).stream())
                .findFirst()
                .orElseThrow();
        return team.noted(environment, commit, outcome);
    }

    private CommitInfo last() {
        List<CommitInfo> commits = repository.log("main");
        return commits.get(commits.size() - 1);
    }
}
