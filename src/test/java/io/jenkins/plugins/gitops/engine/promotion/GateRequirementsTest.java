package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.CheckResult.State;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A promotion of shop from staging to prod stands at its gate; what do the automatic checks say? */
class GateRequirementsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration SOAK = Duration.ofMinutes(30);

    private final MemoryRepository repository = new MemoryRepository(() -> NOON);
    private final ShopTeam team = new ShopTeam(repository, () -> NOON);
    private Liveness.State staging;
    private String source;
    private GateSubject.Promotion subject;
    private GateDefinition.Hotfix hotfixPart;

    @BeforeEach
    void promote() {
        repository.push("main", "Begin", Shop.files());
        team.healthy("prod", team.bump("prod", "1.1.0"));
        team.healthy("staging", team.bump("staging", "1.1.0"));
        source = team.bump("staging", "1.2.0");
        team.healthy("staging", source);
        runs(source);
        subject = team.promotion("prod", target -> staging).subject();
    }

    @Test
    void everyCheckOfItsOwnHasANameThatNoDeclaredOneMayTake() {
        assertThat(GateDefinition.BUILT_IN)
                .contains(
                        GateRequirements.SOURCE,
                        GateRequirements.SOAK,
                        GateRequirements.TARGET,
                        GateRequirements.HOLD,
                        GateRequirements.REGISTRY,
                        HotfixReview.REQUIREMENT,
                        Gate.CHECKLIST,
                        Gate.FREEZE)
                .containsAll(Gate.NOT_CHECKS);
    }

    @Test
    void whatIsAskedFollowsFromTheDefinition() {
        assertThat(checks(Duration.ZERO))
                .extracting(GateCheck::id)
                .containsExactly("source", "target", "hold", "freeze", "lock");
        assertThat(checks(SOAK))
                .extracting(GateCheck::id)
                .containsExactly("source", "soak", "target", "hold", "freeze", "lock");
    }

    @Test
    void whatAGateNoLongerAsksForItStillDoes() {
        repository.push(
                "main",
                "Guard prod",
                Map.of("gitops.yaml", Shop.DECLARATION + "        gate: { newerRelease: queues }\n"));

        assertThat(answer("target").state()).isEqualTo(State.PASSED);
    }

    @Test
    void theSourceIsLiveAndHealthy() {
        assertThat(source()).isEqualTo(CheckResult.passed("source", "live and healthy in shop/staging"));

        runs(repository.push("main", "Something else", Map.of("README", "x")));
        assertThat(source())
                .as("a later commit with the same images")
                .isEqualTo(CheckResult.passed("source", "live and healthy in shop/staging"));
    }

    @Test
    void whatTheBranchOfTheSourceHoldsBeyondThePromotionIsSaid() {
        team.bump("staging", "1.3.0");

        assertThat(source())
                .isEqualTo(CheckResult.passed(
                        "source",
                        "live and healthy in shop/staging; not promoted: api 1.3.0, worker 1.0.0, which the branch"
                                + " 'main' has now"));
    }

    @Test
    void aSourceThatNobodyWatchesPasses() {
        staging = new Liveness.State.Unwatched();

        assertThat(source()).isEqualTo(CheckResult.passed("source", "Argo CD does not watch shop/staging"));
    }

    @Test
    void aSourceThatIsNotHealthyFailsAndSaysWhy() {
        staging = new Liveness.State.NotHealthy("Application shop-staging is Degraded");

        assertThat(source())
                .isEqualTo(CheckResult.failed(
                        "source", "shop/staging is not healthy: Application shop-staging is Degraded"));
    }

    @Test
    void aSourceThatMovedOnPasses() {
        runs(team.bump("staging", "1.3.0"));

        assertThat(source())
                .isEqualTo(CheckResult.passed("source", "was healthy in shop/staging, which now runs another release"));
    }

    @Test
    void aSourceThatWasRolledBackClosesTheGateAlsoAfterTheNextRelease() {
        String back = team.rollBack("staging", RollbackTo.previousHealthy());
        runs(back);
        CheckResult closed = CheckResult.obsolete(
                "source", "shop/staging was rolled back with commit " + CommitInfo.abbreviate(back));
        assertThat(source()).isEqualTo(closed);

        runs(team.bump("staging", "1.3.0"));

        assertThat(source()).isEqualTo(closed);
    }

    @Test
    void aReleaseThatCameBackAfterARollbackPasses() {
        team.rollBack("staging", RollbackTo.previousHealthy());
        runs(team.bump("staging", "1.2.0"));

        assertThat(source().state()).isEqualTo(State.PASSED);
    }

    @Test
    void aFreezeOfTheDeclarationHoldsTheGateAndSaysWhichAndUntilWhen() {
        assertThat(answer("freeze")).isEqualTo(CheckResult.passed("freeze", "promotions are allowed now"));

        repository.push("main", "Freeze", Map.of("gitops.yaml", Shop.DECLARATION + """
            freezes:
              inventory:
                environments: prod
                timeZone: UTC
                deny: { from: 2026-03-01, to: 2026-03-05, reason: stock-taking }
            """));

        assertThat(answer("freeze"))
                .isEqualTo(CheckResult.pending(
                        "freeze", "frozen by 'inventory': stock-taking", Instant.parse("2026-03-06T00:00:00Z")));
    }

    @Test
    void aLockHoldsTheGateAndSaysWhoAndWhy() {
        assertThat(answer("lock")).isEqualTo(CheckResult.passed("lock", "nobody has locked it"));

        RepositoryLocks locks = new RepositoryLocks(repository, Shop.JENKINS);
        locks.set(
                new Lock(
                        "l1",
                        "*",
                        "prod",
                        "dora",
                        NOON,
                        NOON.plusSeconds(60),
                        "the database moves",
                        Lock.Scope.PROMOTIONS,
                        null),
                Progress.SILENT);

        assertThat(answer("lock"))
                .isEqualTo(CheckResult.pending("lock", "locked by dora: the database moves", NOON.plusSeconds(60)));
    }

    @Test
    void soakCountsFromWhenTheReleaseBecameHealthy() {
        staging = new Liveness.State.Healthy(source, NOON.minusSeconds(600));

        assertThat(soak(NOON))
                .isEqualTo(CheckResult.pending(
                        "soak",
                        "healthy in shop/staging since 2026-03-02T11:50:00Z, needs 30 min",
                        NOON.plusSeconds(1200)));
        assertThat(soak(NOON.plusSeconds(1199)).state()).isEqualTo(State.PENDING);
        assertThat(soak(NOON.plusSeconds(1200)))
                .isEqualTo(CheckResult.passed("soak", "healthy in shop/staging since 2026-03-02T11:50:00Z"));
    }

    @Test
    void whereArgoCdDoesNotTellSinceWhenSoakCountsFromTheGatesOpening() {
        staging = new Liveness.State.Healthy(source, null);

        assertThat(soak(NOON).until()).isEqualTo(NOON.plus(SOAK));
    }

    @Test
    void soakWaitsForHealthAndKnowsNoEnd() {
        staging = new Liveness.State.NotHealthy("syncing");

        assertThat(soak(NOON)).isEqualTo(CheckResult.pending("soak", "needs 30 min of health in shop/staging", null));
    }

    @Test
    void soakFailsWhenTheSourceMovedOnTooEarly() {
        runs(team.bump("staging", "1.3.0"));

        assertThat(soak(NOON))
                .isEqualTo(CheckResult.failed(
                        "soak", "shop/staging replaced the release before it had been healthy for 30 min"));
    }

    @Test
    void whatHasSoakedLongEnoughStaysSo() {
        CheckResult passed = CheckResult.passed("soak", "healthy in shop/staging since yesterday");
        Gate gate = gate(SOAK).with(new GateEvent.Checked(NOON, passed));
        runs(team.bump("staging", "1.3.0"));

        assertThat(check("soak", SOAK).ask(gate, NOON).toCompletableFuture().join())
                .isEqualTo(passed);
    }

    @Test
    void aTargetThatMovedOnClosesTheGate() {
        assertThat(answer("target"))
                .isEqualTo(CheckResult.passed("target", "runs what the promotion was planned against"));

        team.bump("prod", "1.1.5");

        assertThat(answer("target"))
                .isEqualTo(CheckResult.obsolete(
                        "target",
                        "shop/prod has changed since the promotion was requested: api is"
                                + " ghcr.io/acme/shop-api:1.1.5"));
    }

    @Test
    void aHoldFailsUntilSomebodyLiftsIt() {
        assertThat(answer("hold")).isEqualTo(CheckResult.passed("hold", "no rollback holds this release"));
        team.bump("prod", "1.2.0");
        team.rollBack("prod", RollbackTo.previousHealthy());

        assertThat(answer("hold"))
                .isEqualTo(CheckResult.failed(
                        "hold",
                        "held since 2026-03-02T12:00:00Z, when anna rolled back api 1.2.0, worker 1.0.0"
                                + " (errors everywhere); lift the hold with a reason (gitopsRollback lift: '…')"));

        Hold hold = team.ledger().holds("shop", "prod").findFirst().orElseThrow();
        team.notes().lift(hold, "zoe", "fixed", Progress.SILENT);
        assertThat(answer("hold").state()).isEqualTo(State.PASSED);
    }

    @Test
    void anOverdueReviewOfAHotfixHoldsTheGateUntilSomebodyElseConfirmsIt() {
        hotfixPart = new GateDefinition.Hotfix(List.of(), Set.of(), Duration.ofHours(1));
        assertThat(answer("review")).isEqualTo(CheckResult.passed("review", "no hotfix is overdue for review"));

        String hotfix = team.hotfix("prod", "dora", NOON.minusSeconds(60));
        team.hotfix("staging", "dora", NOON.minusSeconds(60));

        assertThat(answer("review"))
                .isEqualTo(CheckResult.pending(
                        "review",
                        "the hotfix " + CommitInfo.abbreviate(hotfix) + " by dora needs a review since"
                                + " 2026-03-02T11:59:00Z: confirm it on the Deployments page",
                        null));
        team.review("prod", hotfix, "zoe");
        assertThat(answer("review").state()).isEqualTo(State.PASSED);
    }

    @Test
    void aReviewThatIsNotDueYetHoldsNothing() {
        hotfixPart = new GateDefinition.Hotfix(List.of(), Set.of(), Duration.ofHours(1));
        team.hotfix("prod", "dora", NOON.plusSeconds(60));

        assertThat(answer("review").state()).isEqualTo(State.PASSED);
    }

    @Test
    void onlyOrdinaryPromotionsThroughAGateThatTakesHotfixesWaitForReviews() {
        assertThat(checks(SOAK)).extracting(GateCheck::id).doesNotContain("review");

        hotfixPart = new GateDefinition.Hotfix(List.of(), Set.of(), null);
        assertThat(checks(SOAK)).extracting(GateCheck::id).contains("review");

        Promotion.Request hotfix = new Promotion.Request(
                "h",
                "https://git.example.org/c",
                "main",
                "shop",
                "prod",
                null,
                new ReleaseChoice.Live(),
                "the shop is down",
                Provenance.UNKNOWN,
                Shop.JENKINS);
        subject =
                team.promotion(target -> staging).plan(hotfix, Progress.SILENT).subject();
        assertThat(checks(SOAK)).extracting(GateCheck::id).doesNotContain("review");
    }

    private CheckResult source() {
        return answer("source");
    }

    private CheckResult soak(Instant now) {
        return check("soak", SOAK).ask(gate(SOAK), now).toCompletableFuture().join();
    }

    private CheckResult answer(String id) {
        return check(id, Duration.ZERO)
                .ask(gate(Duration.ZERO), NOON)
                .toCompletableFuture()
                .join();
    }

    private GateCheck check(String id, Duration soak) {
        return checks(soak).stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<GateCheck> checks(Duration soak) {
        return new GateRequirements(
                        repository,
                        new LineEditor(),
                        target -> staging,
                        ReleaseVerification.NONE,
                        new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> NOON),
                        new GateReads(team.ledgers(), () -> NOON, Duration.ZERO, () -> NOON),
                        new Stops(() -> NOON))
                .of(definition(soak), subject);
    }

    private Gate gate(Duration soak) {
        return Gate.of(List.of(new GateEvent.Opened(NOON, subject, definition(soak), List.of("source", "soak"))));
    }

    private GateDefinition definition(Duration soak) {
        GateDefinition plain = new GateDefinition(List.of(), List.of());
        return new GateDefinition(
                plain.approvals(),
                plain.checklist(),
                plain.separationOfDuties(),
                soak,
                plain.freeze(),
                null,
                null,
                plain.newerRelease(),
                List.of(),
                plain.bump(),
                hotfixPart,
                Map.of(),
                null,
                Map.of(),
                GateDefinition.ApprovedBy.GATE);
    }

    private void runs(String commit) {
        staging = new Liveness.State.Healthy(commit, NOON);
    }
}
