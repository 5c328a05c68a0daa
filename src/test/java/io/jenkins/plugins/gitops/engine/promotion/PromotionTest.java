package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromotionTest {

    private final MemoryRepository repository =
            new MemoryRepository(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
    private final Map<String, Liveness.State> cluster = new HashMap<>();
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void shop() {
        String first = repository.push("main", "Begin", Shop.files());
        for (String environment : List.of("dev", "staging", "prod")) {
            live(environment, first);
        }
    }

    @Test
    void theReleaseThatIsLiveIsPromotedAndNotTheTip() {
        bump("one", "dev", "1.1.0");
        live("dev", bump("two", "dev", "1.2.0"));
        bump("three", "dev", "1.3.0");

        BumpResult result = promote("p", "staging", null);

        assertThat(repository.text("main", Shop.file("staging")))
                .isEqualTo("ghcr.io/acme/shop-api:1.2.0\nghcr.io/acme/shop-worker:1.0.0\n");
        assertThat(result.environments()).containsExactly("staging");
        assertThat(last().message()).isEqualTo("shop: promote api to 1.2.0, worker to 1.0.0 from dev to staging");
    }

    @Test
    void thePlanShowsWhatChangesAndWhoWroteIt() {
        bump("one", "dev", "1.1.0");
        live("dev", bump("two", "dev", "1.2.0"));

        Promotion.Plan plan = plan("p", "staging", null);

        GateSubject.Promotion subject = plan.subject();
        assertThat(subject.changes().stream().filter(ImageChange::isChange).map(ImageChange::toString))
                .containsExactly("shop/staging: api 1.0.0 → 1.2.0");
        assertThat(subject.files())
                .containsExactly(new FileChange(
                        Shop.file("staging"),
                        List.of(
                                new FileChange.Line(FileChange.Kind.REMOVED, 1, "ghcr.io/acme/shop-api:1.0.0"),
                                new FileChange.Line(FileChange.Kind.ADDED, 1, "ghcr.io/acme/shop-api:1.2.0"))));
        assertThat(subject.commits())
                .extracting(GateSubject.CommitSummary::subject)
                .containsExactly("shop: bump api to 1.2.0 in dev", "shop: bump api to 1.1.0 in dev");
        assertThat(subject.changeAuthors()).containsExactly("dora-two", "dora-one");
        assertThat(repository.log("main")).hasSize(3);
    }

    @Test
    void whatTheBranchHoldsAfterThePromotedCommitIsNotPartOfThePromotion() {
        live("dev", bump("one", "dev", "1.1.0"));
        bump("two", "dev", "1.2.0");

        GateSubject.Promotion subject = plan("p", "staging", null).subject();
        commit(subject);

        assertThat(subject.commits())
                .extracting(GateSubject.CommitSummary::subject)
                .containsExactly("shop: bump api to 1.1.0 in dev");
        assertThat(subject.changeAuthors()).containsExactly("dora-one");
        assertThat(new Trailers(last().trailers()).value(Trailers.SOURCE_COMMIT))
                .contains("5ource-one");
    }

    @Test
    void whetherAPromotionIsCommittedIsKnownAfterARestart() {
        live("dev", bump("one", "dev", "1.1.0"));
        GateSubject.Promotion subject = plan("p", "staging", null).subject();
        assertThat(promotion().isCommitted(subject, Progress.SILENT)).isFalse();

        commit(subject);

        assertThat(promotion().isCommitted(subject, Progress.SILENT)).isTrue();
    }

    @Test
    void whoeverCommittedWithoutARunIsAnAuthor() {
        String byHand = new Bump(
                        repository, new LineEditor(), ReleaseVerification.NONE, new Stops(InstantSource.system()))
                .run(
                        new BumpRequest(
                                "by-hand",
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of("dev")),
                                Map.of("api", "1.1.0"),
                                Provenance.UNKNOWN,
                                new CommitRequest.Identity("Dora Doe", "dora@example.org"),
                                Optional.empty()),
                        Progress.SILENT)
                .commit();
        live("dev", byHand);

        assertThat(plan("p", "staging", null).subject().changeAuthors()).containsExactly("Dora Doe <dora@example.org>");
    }

    @Test
    void theCommitSaysWhereTheReleaseComesFromAndWhoApproved() {
        String source = bump("one", "dev", "1.1.0");
        live("dev", source);
        GateSubject.Promotion subject = plan("p", "staging", null).subject();
        Gate gate = Gate.of(List.of(
                new GateEvent.Opened(Gates.NOON, subject, Gates.definition(List.of()), List.of()),
                new GateEvent.Overridden(
                        Gates.NOON, "c", new Person.Signature("zoe", "Zoe"), "prod is down", List.of("soak")),
                new GateEvent.Granted(Gates.NOON, List.of("bob (release-managers)"))));

        promotion()
                .commit(
                        subject,
                        Optional.of(gate),
                        Provenance.UNKNOWN,
                        Shop.JENKINS,
                        Optional.empty(),
                        Progress.SILENT);

        Trailers trailers = new Trailers(last().trailers());
        assertThat(trailers.value(Trailers.RELEASE_FROM)).contains("dev@" + source);
        assertThat(trailers.values(Trailers.APPROVED_BY)).containsExactly("bob (release-managers)");
        assertThat(trailers.value(Trailers.OVERRIDE)).contains("zoe: prod is down [skipped soak]");
        assertThat(trailers.value(Trailers.SOURCE_COMMIT)).contains("5ource-one");
        assertThat(trailers.values(Trailers.CHANGE_AUTHOR)).containsExactly("dora-one");
    }

    @Test
    void thePromotionOfOnePlanIsCommittedOnce() {
        live("dev", bump("one", "dev", "1.1.0"));
        GateSubject.Promotion subject = plan("p", "staging", null).subject();

        String first = commit(subject).commit();

        assertThat(commit(subject).commit()).isEqualTo(first);
        assertThat(repository.log("main")).hasSize(3);
    }

    @Test
    void aTargetThatHasTheReleaseAlreadyNeedsNoCommit() {
        assertThat(plan("p", "staging", null).isEmpty()).isTrue();
    }

    @Test
    void anEnvironmentIsNeverSkipped() {
        assertRefused(
                () -> plan("p", "prod", "dev"),
                "shop/prod takes releases from staging, not from dev: promote to staging first.");
    }

    @Test
    void theFirstEnvironmentIsBumpedAndNotPromotedTo() {
        assertRefused(
                () -> plan("p", "dev", null),
                "No environment comes before shop/dev (gitops.yaml gives it no 'after'): write its images with"
                        + " gitopsBumpImage, or name the version with 'images' or 'tag'.");
    }

    @Test
    void aReleaseThatIsNotHealthyInItsSourceStays() {
        cluster.put("shop/dev", new Liveness.State.NotHealthy("Deployment/shop-api is Progressing"));

        assertRefused(
                () -> plan("p", "staging", null),
                "The release in shop/dev is not live and healthy (Deployment/shop-api is Progressing): wait until it"
                        + " is, or repair it, and promote again.");
    }

    @Test
    void whereArgoCdDoesNotWatchTheTipIsPromotedAndTheLogSaysSo() {
        cluster.put("shop/dev", new Liveness.State.Unwatched());
        bump("one", "dev", "1.1.0");

        promote("p", "staging", null);

        assertThat(repository.text("main", Shop.file("staging"))).startsWith("ghcr.io/acme/shop-api:1.1.0\n");
        assertThat(log).anyMatch(line -> line.startsWith("Argo CD does not watch shop/dev"));
    }

    @Test
    void aTargetThatMovedOnIsLeftAlone() {
        live("dev", bump("one", "dev", "1.1.0"));
        GateSubject.Promotion subject = plan("p", "staging", null).subject();
        bump("hotfix", "staging", "1.0.1");

        assertRefused(
                () -> commit(subject),
                "shop/staging has changed since the promotion was requested: api is ghcr.io/acme/shop-api:1.0.1: check"
                        + " what it runs now, and promote again.");
    }

    @Test
    void aTargetThatMovesWhileTheCommitIsPushedIsLeftAloneToo() {
        live("dev", bump("one", "dev", "1.1.0"));
        GateSubject.Promotion subject = plan("p", "staging", null).subject();
        repository.interfere(() -> bump("hotfix", "staging", "1.0.1"));

        assertRefused(() -> commit(subject), "shop/staging has changed");
        assertThat(repository.text("main", Shop.file("staging"))).startsWith("ghcr.io/acme/shop-api:1.0.1\n");
    }

    @Test
    void severalPredecessorsMustRunTheSameRelease() {
        repository.push(
                "main",
                "Both",
                Map.of("gitops.yaml", Shop.DECLARATION.replace("after: staging", "after: [staging, dev]")));
        live("dev", bump("one", "dev", "1.1.0"));

        assertRefused(
                () -> plan("p", "prod", null),
                "shop/prod comes after staging and dev, and they run different releases (staging: api, worker 1.0.0;"
                        + " dev: api 1.1.0, worker 1.0.0): bring them to the same release first.");
    }

    @Test
    void whereTheSourceDeclaresChecksOnlyWhatPassedThemIsPromoted() {
        String verify =
                "argocd: { application: shop-dev }\n        verify: { checks: { smoke: { http: http://shop } } }";
        repository.push(
                "main",
                "Verify",
                Map.of("gitops.yaml", Shop.DECLARATION.replace("argocd: { application: shop-dev }", verify)));
        String commit = bump("one", "dev", "1.1.0");
        live("dev", commit);
        noted(commit, Outcome.HEALTHY);
        assertRefused(
                () -> plan("p", "staging", null),
                "The release in shop/dev is not verified (is not verified in shop/dev yet): wait there with"
                        + " gitopsAwaitSync until its checks have passed, and promote again.");

        noted(commit, Outcome.VERIFICATION_FAILED);
        assertRefused(
                () -> plan("p", "staging", null), "(its verification in shop/dev failed: smoke: said by a test): wait");

        noted(commit, Outcome.VERIFIED);
        assertThat(plan("p", "staging", null).subject().sourceCommit()).isEqualTo(commit);
    }

    private void noted(String commit, Outcome outcome) {
        DeploymentNotes notes = new DeploymentNotes(repository, Shop.JENKINS);
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        if (outcome == Outcome.HEALTHY) {
            notes.outcome("shop", "dev", commit, outcome, now, Progress.SILENT);
        } else {
            List<String> checks = List.of("smoke: said by a test");
            notes.verification("shop", "dev", commit, 1, outcome, now, checks, Progress.SILENT);
        }
    }

    @Test
    void aMutableTagInTheSourceGoesNoFurther() {
        live("dev", repository.push("main", "By hand", Map.of(Shop.file("dev"), "ghcr.io/acme/shop-api:latest\n")));

        assertRefused(() -> plan("p", "staging", null), "the tag 'latest' is mutable");
    }

    private void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt, String sentence) {
        int before = repository.log("main").size();
        assertThatThrownBy(attempt).isInstanceOf(GitOpsException.class).hasMessageContaining(sentence);
        assertThat(repository.log("main").stream()
                        .filter(commit -> commit.message().contains("promote")))
                .isEmpty();
        assertThat(repository.log("main").size()).isBetween(before, before + 1);
    }

    private void live(String environment, String commit) {
        cluster.put("shop/" + environment, new Liveness.State.Healthy(commit, Instant.parse("2026-03-01T11:00:00Z")));
    }

    private Promotion promotion() {
        return new Promotion(
                repository,
                new LineEditor(),
                target -> cluster.get(target.toString()),
                ReleaseVerification.NONE,
                new Ledgers(),
                new Stops(InstantSource.system()));
    }

    private Promotion.Plan plan(String id, String environment, String from) {
        return promotion()
                .plan(
                        new Promotion.Request(
                                id,
                                "https://git.example.org/config.git",
                                "main",
                                "shop",
                                environment,
                                from,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        log::add);
    }

    private BumpResult promote(String id, String environment, String from) {
        return commit(plan(id, environment, from).subject());
    }

    private BumpResult commit(GateSubject.Promotion subject) {
        return promotion()
                .commit(subject, Optional.empty(), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), log::add);
    }

    private String bump(String id, String environment, String version) {
        return new Bump(repository, new LineEditor(), ReleaseVerification.NONE, new Stops(InstantSource.system()))
                .run(
                        new BumpRequest(
                                id,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", version),
                                new Provenance(null, null, "5ource-" + id, List.of("dora-" + id)),
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT)
                .commit();
    }

    private CommitInfo last() {
        List<CommitInfo> commits = repository.log("main");
        return commits.get(commits.size() - 1);
    }
}
