package io.jenkins.plugins.gitops.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Work;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people who can push may write by hand. */
class LedgerFoldTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void aCommitThatNamesThreeHundredThousandEnvironmentsIsReadAtOnce() {
        List<Trailer> trailers = new ArrayList<>(List.of(new Trailer(Trailers.APPLICATION, "shop")));
        IntStream.range(0, 300_000).forEach(i -> trailers.add(new Trailer(Trailers.ENVIRONMENT, "env-" + i)));
        IntStream.range(0, 300_000)
                .forEach(i -> trailers.add(new Trailer(Trailers.IMAGE, "i" + i + "=ghcr.io/acme/i" + i + ":1")));

        Ledger ledger = Work.within(
                Duration.ofSeconds(5),
                () -> LedgerFold.of(Map.of("main", List.of(commit("a", NOON, trailers))), List.of()));

        assertThat(ledger.deployments()).hasSize(Trailers.MOST_VALUES);
        assertThat(ledger.current("shop", "env-0").orElseThrow().images()).hasSize(Trailers.MOST_VALUES);
    }

    /** A note may be made long after its commit, when a later release is there already. */
    @Test
    void aReleaseWhoseMessageIsLostStandsWhereItsCommitStands() {
        CommitInfo later = bump("b", NOON.plusSeconds(60), "dev");
        List<Trailer> said = List.of(
                new Trailer(DeploymentNotes.DEPLOYMENT, "a"),
                new Trailer(Trailers.APPLICATION, "shop"),
                new Trailer(Trailers.ENVIRONMENT, "dev"),
                new Trailer(DeploymentNotes.LOST_ON, "main"),
                new Trailer(DeploymentNotes.COMMITTED_AT, NOON.toString()),
                new Trailer(Trailers.IMAGE, "api=ghcr.io/acme/api:0.9"));
        CommitInfo note = commit("n", NOON.plusSeconds(120), said);

        assertThat(LedgerFold.of(Map.of("main", List.of(later)), List.of(note, note))
                        .of("shop", "dev"))
                .extracting(Deployment::commit)
                .containsExactly("b", "a");
        assertThat(LedgerFold.of(Map.of("other", List.of(later)), List.of(note)).of("shop", "dev"))
                .hasSize(1);
        assertThat(LedgerFold.of(Map.of("main", List.of(later)), List.of(note.with(SignatureCheck.Result.UNVERIFIED)))
                        .of("shop", "dev"))
                .as("nobody's word")
                .hasSize(1);
    }

    @Test
    void anEnvironmentThatIsNamedTwiceIsDeployedOnce() {
        CommitInfo commit = bump("a", NOON, "dev", "dev");

        assertThat(LedgerFold.of(Map.of("main", List.of(commit)), List.of()).of("shop", "dev"))
                .hasSize(1);
    }

    @Test
    void nothingIsLiveBeforeItWasCommittedOrAfterSomebodyNotedIt() {
        CommitInfo early = bump("a", NOON, "dev");
        CommitInfo late = bump("b", NOON.plusSeconds(60), "dev");

        Ledger ledger = LedgerFold.of(
                Map.of("main", List.of(early, late)),
                List.of(
                        live("a", "1970-01-01T00:00:00Z", NOON.plusSeconds(30)),
                        live("b", "2999-01-01T00:00:00Z", NOON.plusSeconds(90))));

        assertThat(ledger.of("shop", "dev"))
                .extracting(deployment -> deployment.liveAt().orElseThrow())
                .containsExactly(NOON.plusSeconds(90), NOON);
        assertThat(DeliveryMetrics.of(ledger, "shop", "dev", NOON, NOON.plus(Duration.ofDays(1)))
                        .leadTime()
                        .orElseThrow())
                .isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void aHotfixIsDueForReviewUntilSomebodyHasConfirmedItThere() {
        CommitInfo hotfix = hotfix("a", "dev", "prod");

        assertThat(LedgerFold.of(Map.of("main", List.of(hotfix)), List.of()).deployments())
                .allSatisfy(open -> {
                    assertThat(open.hotfix()).contains("the shop is down");
                    assertThat(open.reviewDue()).contains(NOON.plusSeconds(3600));
                });

        Ledger reviewed = LedgerFold.of(
                Map.of("main", List.of(hotfix)),
                List.of(review("a", "prod", "zoe: fine"), review("a", "prod", "max: late")));

        assertThat(reviewed.current("shop", "prod").orElseThrow().reviewed()).contains("zoe: fine");
        assertThat(reviewed.current("shop", "prod").orElseThrow().reviewDue()).isEmpty();
        assertThat(reviewed.current("shop", "dev").orElseThrow().reviewDue()).isPresent();
    }

    @Test
    void aNoteTellsThePullRequestOfADeployment() {
        CommitInfo note = commit(
                "n",
                NOON,
                List.of(
                        new Trailer(DeploymentNotes.DEPLOYMENT, "a"),
                        new Trailer(Trailers.ENVIRONMENT, "prod"),
                        new Trailer(Trailers.PULL_REQUEST, "https://git.example.org/1"),
                        new Trailer(Trailers.MERGED_BY, "dave"),
                        new Trailer(Trailers.REVIEWED_BY, "erin")));
        Map<String, List<CommitInfo>> commits = Map.of("main", List.of(hotfix("a", "dev", "prod")));

        Ledger told = LedgerFold.of(commits, List.of(note));

        Trailers prod = told.current("shop", "prod").orElseThrow().trailers();
        assertThat(prod.value(Trailers.PULL_REQUEST)).contains("https://git.example.org/1");
        assertThat(prod.value(Trailers.MERGED_BY)).contains("dave");
        assertThat(prod.values(Trailers.REVIEWED_BY)).containsExactly("erin");
        assertThat(told.current("shop", "dev").orElseThrow().trailers().value(Trailers.PULL_REQUEST))
                .isEmpty();
        assertThat(LedgerFold.of(commits, List.of(note.with(SignatureCheck.Result.UNSIGNED)))
                        .current("shop", "prod")
                        .orElseThrow()
                        .trailers()
                        .value(Trailers.PULL_REQUEST))
                .isEmpty();
    }

    @Test
    void whereSomebodySignsAnUnsignedReviewCountsForNothing() {
        CommitInfo forged = review("a", "prod", "mallory: fine").with(SignatureCheck.Result.UNSIGNED);
        CommitInfo signed = hotfix("a", "prod").with(SignatureCheck.Result.VERIFIED);

        Deployment hotfix = LedgerFold.of(Map.of("main", List.of(signed)), List.of(forged))
                .current("shop", "prod")
                .orElseThrow();

        assertThat(hotfix.reviewed()).isEmpty();
        assertThat(hotfix.reviewDue()).isPresent();
    }

    @Test
    void aVerificationFollowsHealthAndHealthTakesNothingBack() {
        Deployment verified = after(
                outcome("healthy", 10), outcome("verified", 20, "smoke passed: status 200"), outcome("healthy", 30));

        assertThat(verified.outcome()).isEqualTo(Deployment.Outcome.VERIFIED);
        assertThat(verified.liveAt()).contains(NOON.plusSeconds(10));
        assertThat(verified.checks()).containsExactly("smoke passed: status 200");
        assertThat(verified.isGood()).isTrue();
    }

    @Test
    void theLaterOfTwoVerificationsCounts() {
        Deployment failed = after(
                outcome("healthy", 10),
                outcome("verified", 20, "smoke passed: status 200"),
                outcome("verification-failed", 30, "smoke failed: status 500"));

        assertThat(failed.outcome()).isEqualTo(Deployment.Outcome.VERIFICATION_FAILED);
        assertThat(failed.checks()).containsExactly("smoke failed: status 500");
        assertThat(failed.isGood()).isFalse();
        assertThat(failed.isBad()).isTrue();
        assertThat(after(outcome("verification-failed", 10), outcome("verified", 20))
                        .outcome())
                .isEqualTo(Deployment.Outcome.VERIFIED);
    }

    @Test
    void ofTwoThatWereUnderWayAtOnceTheOneThatFailedCountsWhicheverCameFirst() {
        CommitInfo failed = outcome("verification-failed", 20, "smoke failed: status 500");
        CommitInfo verified = outcome("verified", 30);
        List<Trailer> trailers = new ArrayList<>(verified.trailers());
        trailers.add(new Trailer(DeploymentNotes.LIVE_AT, NOON.plusSeconds(10).toString()));

        Deployment decided = after(failed, commit("o30", verified.committedAt(), trailers));

        assertThat(decided.outcome()).isEqualTo(Deployment.Outcome.VERIFICATION_FAILED);
        assertThat(decided.checks()).containsExactly("smoke failed: status 500");
    }

    @Test
    void whereSomebodySignsAnUnsignedVerificationCountsForNothing() {
        CommitInfo forged = outcome("verified", 20).with(SignatureCheck.Result.UNSIGNED);
        CommitInfo signed = outcome("verification-failed", 10).with(SignatureCheck.Result.VERIFIED);

        assertThat(after(signed, forged).outcome()).isEqualTo(Deployment.Outcome.VERIFICATION_FAILED);
    }

    @Test
    void whatBecameOfPlansIsKeptApartFromDeployments() {
        Ledger ledger = LedgerFold.of(
                Map.of("main", List.of(bump("a", NOON, "dev"))),
                List.of(plan("applied", 1, "added=2 replaced=1 x=y -=3"), plan("failed", 2, ""), plan("burnt", 3, "")));

        assertThat(ledger.of("shop", "dev")).hasSize(1);
        assertThat(ledger.current("shop", "dev").orElseThrow().outcome()).isEqualTo(Deployment.Outcome.UNKNOWN);
        assertThat(ledger.infrastructure("shop", "dev"))
                .extracting(change -> change.outcome().word() + ": " + change.summary())
                .containsExactly("failed: no changes", "applied: 2 added, 1 replaced");
        InfrastructureChange applied = ledger.infrastructure("shop", "dev").get(1);
        assertThat(applied.plan()).isEqualTo("c0ffee");
        assertThat(applied.who()).containsExactly("rita (platform)");
        assertThat(applied.sourceCommit()).contains("a");
        assertThat(ledger.infrastructure("shop", "prod")).isEmpty();
    }

    @Test
    void driftBeginsWithTheFirstPlanThatFindsItAndEndsWithAPlanThatIsAppliedOrChangesNothing() {
        assertThat(drift()).isEmpty();
        assertThat(drift(plan("drifted", 1, "updated=1"), plan("drifted", 2, "updated=2")))
                .hasValueSatisfying(drift -> {
                    assertThat(drift.since()).isEqualTo(NOON.plusSeconds(1));
                    assertThat(drift.last().summary()).isEqualTo("2 updated");
                });
        assertThat(drift(plan("drifted", 1, "updated=1"), plan("failed", 2, "updated=1")))
                .isPresent();
        assertThat(drift(plan("drifted", 1, "updated=1"), plan("applied", 2, "updated=1")))
                .isEmpty();
        assertThat(drift(plan("drifted", 1, "updated=1"), plan("unchanged", 2, "")))
                .isEmpty();
        assertThat(drift(plan("drifted", 1, ""), plan("applied", 2, ""), plan("drifted", 3, "")))
                .map(Ledger.Drift::since)
                .contains(NOON.plusSeconds(3));
    }

    @Test
    void aNoteThatNobodySignedSaysNothingOfInfrastructure() {
        CommitInfo forged = plan("applied", 1, "added=1").with(SignatureCheck.Result.UNSIGNED);

        assertThat(LedgerFold.of(Map.of(), List.of(forged)).infrastructure()).isEmpty();
    }

    private static Optional<Ledger.Drift> drift(CommitInfo... notes) {
        return LedgerFold.of(Map.of(), List.of(notes)).drift("shop", "dev");
    }

    private static CommitInfo plan(String word, int second, String counts) {
        return commit(
                "p" + second,
                NOON.plusSeconds(second),
                List.of(
                        new Trailer(DeploymentNotes.DEPLOYMENT, "a"),
                        new Trailer(Trailers.APPLICATION, "shop"),
                        new Trailer(Trailers.ENVIRONMENT, "dev"),
                        new Trailer(InfrastructureChange.INFRASTRUCTURE, word),
                        new Trailer(InfrastructureChange.PLAN, "sha256:c0ffee"),
                        new Trailer(InfrastructureChange.PLAN_CHANGES, counts),
                        new Trailer(Trailers.SOURCE_COMMIT, "a"),
                        new Trailer(Trailers.APPROVED_BY, "rita (platform)")));
    }

    private static Deployment after(CommitInfo... notes) {
        return LedgerFold.of(Map.of("main", List.of(bump("a", NOON, "dev"))), List.of(notes))
                .current("shop", "dev")
                .orElseThrow();
    }

    private static CommitInfo outcome(String word, int second, String... checks) {
        List<Trailer> trailers = new ArrayList<>(List.of(
                new Trailer(DeploymentNotes.DEPLOYMENT, "a"),
                new Trailer(Trailers.ENVIRONMENT, "dev"),
                new Trailer(DeploymentNotes.OUTCOME, word)));
        List.of(checks).forEach(check -> trailers.add(new Trailer(DeploymentNotes.CHECK, check)));
        return commit("o" + second, NOON.plusSeconds(second), trailers);
    }

    private static CommitInfo hotfix(String id, String... environments) {
        CommitInfo bump = bump(id, NOON, environments);
        List<Trailer> trailers = new ArrayList<>(bump.trailers());
        trailers.add(new Trailer(Trailers.HOTFIX, "the shop is down"));
        trailers.add(new Trailer(Trailers.REVIEW_UNTIL, NOON.plusSeconds(3600).toString()));
        return commit(id, NOON, trailers);
    }

    private static CommitInfo review(String commit, String environment, String said) {
        return commit(
                "r" + commit,
                NOON,
                List.of(
                        new Trailer(DeploymentNotes.DEPLOYMENT, commit),
                        new Trailer(Trailers.ENVIRONMENT, environment),
                        new Trailer(DeploymentNotes.REVIEWED, said)));
    }

    private static CommitInfo bump(String id, Instant at, String... environments) {
        List<Trailer> trailers = new ArrayList<>(List.of(
                new Trailer(Trailers.APPLICATION, "shop"), new Trailer(Trailers.IMAGE, "api=ghcr.io/acme/api:" + id)));
        List.of(environments).forEach(name -> trailers.add(new Trailer(Trailers.ENVIRONMENT, name)));
        return commit(id, at, trailers);
    }

    private static CommitInfo live(String commit, String liveAt, Instant notedAt) {
        return commit(
                "n" + commit,
                notedAt,
                List.of(
                        new Trailer(DeploymentNotes.DEPLOYMENT, commit),
                        new Trailer(Trailers.ENVIRONMENT, "dev"),
                        new Trailer(DeploymentNotes.OUTCOME, "healthy"),
                        new Trailer(DeploymentNotes.LIVE_AT, liveAt)));
    }

    private static CommitInfo commit(String id, Instant at, List<Trailer> trailers) {
        return new CommitInfo(id, "Mallory", "mallory@example.org", at, "Deploy", trailers);
    }
}
