package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.promotion.BumpRequest.Place;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BumpTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private final MemoryRepository repository =
            new MemoryRepository(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void shop() {
        repository.push("main", "Begin", Shop.files());
    }

    @Test
    void writesTheImageAndSaysWhatChanged() {
        BumpResult result = bump("one", new Place.Declared("shop", List.of("dev")), Map.of("api", "1.1.0@" + DIGEST));

        assertThat(repository.text("main", Shop.file("dev")))
                .isEqualTo("ghcr.io/acme/shop-api:1.1.0@" + DIGEST + "\nghcr.io/acme/shop-worker:1.0.0\n");
        assertThat(repository.text("main", Shop.file("staging"))).isEqualTo(Shop.IMAGES);
        assertThat(result.outcome()).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(result.commit()).isEqualTo(last().commit());
        assertThat(result.paths()).containsExactly(Shop.file("dev"));
        assertThat(result.changes().stream().map(ImageChange::toString))
                .containsExactly("shop/dev: api 1.0.0 → 1.1.0@" + DIGEST);
        assertThat(log)
                .containsExactly("Committed " + CommitInfo.abbreviate(last().commit())
                        + " to main: shop/dev: api 1.0.0 → 1.1.0@" + DIGEST);
    }

    @Test
    void theCommitTellsTheLedgerWhatItDeploys() {
        bump("one", new Place.Declared("shop", List.of("dev", "staging")), Map.of("worker", "1.1.0", "api", "1.1.0"));

        Trailers trailers = new Trailers(last().trailers());
        assertThat(last().message()).isEqualTo("shop: bump api, worker to 1.1.0 in dev, staging");
        assertThat(trailers.concern("shop", "staging")).isTrue();
        assertThat(trailers.concern("shop", "prod")).isFalse();
        assertThat(trailers.release())
                .hasToString("{api=ghcr.io/acme/shop-api:1.1.0, worker=ghcr.io/acme/shop-worker:1.1.0}");
        assertThat(trailers.value(Trailers.RUN)).contains("https://ci.example.org/job/shop/7/");
        assertThat(trailers.values(Trailers.CHANGE_AUTHOR)).containsExactly("dora", "emil");
    }

    @Test
    void severalEnvironmentsAreOneCommit() {
        BumpResult result =
                bump("one", new Place.Declared("shop", List.of("dev", "staging", "dev")), Map.of("api", "1.1.0"));

        assertThat(repository.log("main")).hasSize(2);
        assertThat(result.environments()).containsExactly("dev", "staging");
        assertThat(result.paths()).containsExactly(Shop.file("dev"), Shop.file("staging"));
    }

    @Test
    void theSameWishIsCommittedOnce() {
        Place dev = new Place.Declared("shop", List.of("dev"));
        BumpResult first = bump("one", dev, Map.of("api", "1.1.0"));
        BumpResult second = bump("one", dev, Map.of("api", "1.1.0"));
        assertThat(second.outcome()).isInstanceOf(CommitOutcome.AlreadyCommitted.class);
        assertThat(second.commit()).isEqualTo(first.commit());
    }

    @Test
    void aBumpThatChangesNothingMakesNoCommitAndSaysSo() {
        BumpResult result = bump("one", new Place.Declared("shop", List.of("dev")), Map.of("api", "1.0.0"));

        assertThat(result.outcome()).isInstanceOf(CommitOutcome.Unchanged.class);
        assertThat(repository.log("main")).hasSize(1);
    }

    @Test
    void theDeclarationIsReadAgainWhenTheBranchMoves() {
        repository.interfere(() -> repository.push(
                "main",
                "Move dev",
                Map.of(
                        "gitops.yaml",
                        Shop.DECLARATION.replace("envs/dev/", "moved/"),
                        "moved/kustomization.yaml",
                        Shop.IMAGES)));

        BumpResult result = bump("one", new Place.Declared("shop", List.of("dev")), Map.of("api", "1.1.0"));

        assertThat(result.paths()).containsExactly("moved/kustomization.yaml");
        assertThat(repository.text("main", Shop.file("dev"))).isEqualTo(Shop.IMAGES);
    }

    @Test
    void anEnvironmentOfAnotherBranchIsBumpedThereByTheDeclarationOfTheDefaultBranch() {
        repository.push(
                "main",
                "Split",
                Map.of(
                        "gitops.yaml",
                        Shop.DECLARATION.replace("after: staging", "after: staging\n        branch: live")));
        repository.push("live", "Begin", Map.of(Shop.file("prod"), Shop.IMAGES));

        BumpResult result = bump("one", new Place.Declared("shop", List.of("prod")), Map.of("api", "1.1.0"));

        assertThat(result.branch()).isEqualTo("live");
        assertThat(repository.text("live", Shop.file("prod"))).startsWith("ghcr.io/acme/shop-api:1.1.0\n");
        assertRefused(
                new Place.Declared("shop", List.of("dev", "prod")),
                Map.of("api", "1.1.0"),
                "One commit cannot bump environments on different branches (prod on 'live'; dev on 'main'): bump each"
                        + " branch in a step of its own.");
    }

    @Test
    void anEnvironmentWithAGateTakesNoBumpUnlessItsGateSaysSo() {
        String gated = Shop.DECLARATION + "        gate: { approvals: { required: 2 } }\n";
        repository.push("main", "Guard prod", Map.of("gitops.yaml", gated));
        String refusal = "The gate of shop/prod does not allow a bump: promote with gitopsPromote application: 'shop',"
                + " environment: 'prod', images: …, or declare 'bump: allowed' in the gate.";

        assertRefused(new Place.Declared("shop", List.of("prod")), Map.of("api", "1.1.0"), refusal);
        assertRefused(new Place.Declared("shop", List.of("dev", "prod")), Map.of("api", "1.1.0"), refusal);
        repository.push("main", "Open it", Map.of("gitops.yaml", gated.replace("gate: {", "gate: { bump: allowed,")));

        assertThat(bump("one", new Place.Declared("shop", List.of("prod")), Map.of("api", "1.1.0"))
                        .paths())
                .containsExactly(Shop.file("prod"));
    }

    @Test
    void aGateThatComesWhileTheBumpIsPushedCounts() {
        repository.interfere(() -> repository.push(
                "main",
                "Guard prod",
                Map.of("gitops.yaml", Shop.DECLARATION + "        gate: { approvals: { required: 2 } }\n")));

        assertThatThrownBy(() -> bump("one", new Place.Declared("shop", List.of("prod")), Map.of("api", "1.1.0")))
                .isInstanceOf(RefusedException.class);
        assertThat(repository.text("main", Shop.file("prod"))).isEqualTo(Shop.IMAGES);
    }

    @ParameterizedTest
    @CsvSource({"main, main", "live, live"})
    void aFileOfATargetBehindAGateIsNotBumpedByItsName(String declared, String named) {
        repository.push("live", "Begin", Map.of(Shop.file("prod"), Shop.IMAGES, "other.yaml", Shop.IMAGES));
        repository.push(
                "main",
                "Guard prod",
                Map.of(
                        "gitops.yaml",
                        Shop.DECLARATION + "        branch: " + declared
                                + "\n        gate: { approvals: { required: 2 } }\n",
                        "other.yaml",
                        Shop.IMAGES));
        Map<String, String> api = Map.of("api", "ghcr.io/acme/shop-api");

        assertRefused(
                new Place.Named(named, List.of(new ManifestFile.Kustomization(Shop.file("prod"))), api),
                Map.of("api", "1.1.0"),
                "The gate of shop/prod does not allow a bump of envs/prod/kustomization.yaml: promote with"
                        + " gitopsPromote application: 'shop', environment: 'prod', images: …, or declare 'bump: allowed'"
                        + " in the gate.");
        assertThat(repository.text(named, Shop.file("prod"))).isEqualTo(Shop.IMAGES);
        assertRefused(
                new Place.Named(named, List.of(new ManifestFile.Kustomization("other.yaml")), api),
                Map.of("api", "1.1.0"),
                "The file other.yaml on '" + named
                        + "' is of no environment, but gitops.yaml has gates or jobs that a bump"
                        + " of it may go around: declare it there, and give application and environment in the step.");
        assertThat(repository.text(named, "other.yaml")).isEqualTo(Shop.IMAGES);
    }

    @Test
    void aFileOfATargetWithoutAGateIsBumpedByItsName() {
        repository.push(
                "main",
                "Guard prod",
                Map.of("gitops.yaml", Shop.DECLARATION + "        gate: { approvals: { required: 2 } }\n"));

        BumpResult result = bump(
                "one",
                new Place.Named(
                        "main",
                        List.of(new ManifestFile.Kustomization(Shop.file("dev"))),
                        Map.of("api", "ghcr.io/acme/shop-api")),
                Map.of("api", "1.1.0"));

        assertThat(result.paths()).containsExactly(Shop.file("dev"));
    }

    @Test
    void theDeclarationIsNoPlaceForABump() {
        assertRefused(
                new Place.Named(
                        "main",
                        List.of(new ManifestFile.HelmValues(
                                "gitops.yaml", Map.of("api", "applications.shop.images.api"))),
                        Map.of("api", "ghcr.io/acme/shop-api")),
                Map.of("api", "1.1.0"),
                "A bump cannot write gitops.yaml, which declares the gates: change it in a commit of its own.");
    }

    @Test
    void worksByFileAndImageWithoutADeclaration() {
        repository.push("plain", "Begin", Map.of("deploy/app.yaml", "ghcr.io/acme/shop-api:1.0.0\n"));
        Place place = new Place.Named(
                "plain",
                List.of(new ManifestFile.KubernetesManifest("deploy/app.yaml")),
                Map.of("api", "ghcr.io/acme/shop-api"));
        BumpResult result = bump(ReleaseVerification.NONE)
                .run(
                        new BumpRequest(
                                "one",
                                "plain",
                                place,
                                Map.of("api", "1.1.0"),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty()),
                        log::add);

        assertThat(repository.text("plain", "deploy/app.yaml")).isEqualTo("ghcr.io/acme/shop-api:1.1.0\n");
        assertThat(result.application()).isNull();
    }

    @Test
    void whatTheVerificationReturnsIsWritten() {
        Bump bump = bump((release, progress) ->
                new Release(Map.of("api", ImageReference.parse("ghcr.io/acme/shop-api:1.1.0@" + DIGEST)), "c0ffee"));
        bump.run(
                new BumpRequest(
                        "one",
                        "main",
                        new Place.Declared("shop", List.of("dev")),
                        Map.of("api", "1.1.0"),
                        Provenance.UNKNOWN,
                        Shop.JENKINS,
                        Optional.empty()),
                log::add);

        assertThat(repository.text("main", Shop.file("dev")))
                .startsWith("ghcr.io/acme/shop-api:1.1.0@" + DIGEST + "\n");
        assertThat(new Trailers(last().trailers()).value(Trailers.SOURCE_COMMIT))
                .contains("c0ffee");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "stable", "main", "master", "edge", "dev", "nightly"})
    void aTagThatMovesIsRefused(String tag) {
        assertThatThrownBy(() -> bump("one", new Place.Declared("shop", List.of("dev")), Map.of("api", tag)))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("the tag '" + tag + "' is mutable");
        assertThat(repository.log("main")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shopp | dev | api | There is no application 'shopp' in gitops.yaml: did you mean 'shop'?",
                "shop | stagin | api | There is no environment 'stagin' in application 'shop' in gitops.yaml: did you"
                        + " mean 'staging'?",
                "shop | dev | apo | There is no image 'apo' in 'shop': did you mean 'api'?"
            })
    void anUnknownNameIsRefusedWithTheNearestOne(
            String application, String environment, String image, String sentence) {
        assertRefused(new Place.Declared(application, List.of(environment)), Map.of(image, "1.1.0"), sentence);
    }

    @Test
    void aFileThatIsMissingIsRefused() {
        repository.push("main", "Misspell", Map.of("gitops.yaml", Shop.DECLARATION.replace("envs/dev/", "env/dev/")));

        assertRefused(
                new Place.Declared("shop", List.of("dev")),
                Map.of("api", "1.1.0"),
                "The file env/dev/kustomization.yaml of shop/dev is not in the config repository at commit "
                        + last().commit().substring(0, 7) + ": add the file, or correct its path.");
    }

    @Test
    void aNamedFileThatIsMissingOrHoldsNoSuchImageIsRefused() {
        Map<String, String> api = Map.of("api", "ghcr.io/acme/shop-api");
        repository.push("main", "Add a file", Map.of("there.yaml", "docker.io/other:1\n"));

        assertRefused(
                new Place.Named("main", List.of(new ManifestFile.KubernetesManifest("nowhere.yaml")), api),
                Map.of("api", "1.1.0"),
                "The file nowhere.yaml is not in the config repository at commit "
                        + last().commit().substring(0, 7) + ": add the file, or correct its path.");
        assertRefused(
                new Place.Named("main", List.of(new ManifestFile.KubernetesManifest("there.yaml")), api),
                Map.of("api", "1.1.0"),
                "The image 'api' (ghcr.io/acme/shop-api) is not in there.yaml: add it there, or leave it out"
                        + " of the bump.");
    }

    @Test
    void anImageThatStandsInNoFileIsRefused() {
        repository.push("main", "Drop the worker", Map.of(Shop.file("dev"), "ghcr.io/acme/shop-api:1.0.0\n"));

        assertRefused(
                new Place.Declared("shop", List.of("dev")),
                Map.of("api", "1.1.0", "worker", "1.1.0"),
                "The image 'worker' (ghcr.io/acme/shop-worker) is in no file of shop/dev"
                        + " (envs/dev/kustomization.yaml): add it there, or leave it out of the bump.");
    }

    @Test
    void anImageOfAnotherRepositoryIsRefused() {
        assertRefused(
                new Place.Declared("shop", List.of("dev")),
                Map.of("api", "ghcr.io/evil/shop-api:1.1.0"),
                "The image 'api' of 'shop' is declared as ghcr.io/acme/shop-api, but ghcr.io/evil/shop-api:1.1.0 was"
                        + " given: give its tag or digest, or change the declaration.");
    }

    @Test
    void aRepositoryWithoutADeclarationIsRefused() {
        repository.push("bare", "Begin", Map.of("README.md", "hello\n"));

        assertThatThrownBy(() -> bump(ReleaseVerification.NONE)
                        .run(
                                new BumpRequest(
                                        "one",
                                        "bare",
                                        new Place.Declared("shop", List.of("dev")),
                                        Map.of("api", "1.1.0"),
                                        Provenance.UNKNOWN,
                                        Shop.JENKINS,
                                        Optional.empty()),
                                log::add))
                .isInstanceOf(GitOpsException.class)
                .hasMessageStartingWith("There is no gitops.yaml in the root of the config repository at commit ");
    }

    @Test
    void nothingToBumpIsRefused() {
        assertRefused(
                new Place.Declared("shop", List.of("dev")),
                Map.of(),
                "A bump needs at least one image or version: give images, for example [api: '1.4.2'].");
        assertRefused(
                new Place.Declared("shop", List.of()),
                Map.of("api", "1.1.0"),
                "A bump of 'shop' needs at least one environment.");
    }

    private void assertRefused(Place place, Map<String, String> versions, String sentence) {
        int before = repository.log("main").size();
        assertThatThrownBy(() -> bump("refused", place, versions))
                .isInstanceOf(GitOpsException.class)
                .hasMessage(sentence);
        assertThat(repository.log("main")).hasSize(before);
    }

    private BumpResult bump(String id, Place place, Map<String, String> versions) {
        Provenance provenance =
                new Provenance("https://ci.example.org/job/shop/7/", "anna", null, List.of("dora", "emil"));
        return bump(ReleaseVerification.NONE)
                .run(
                        new BumpRequest(id, "main", place, versions, provenance, Shop.JENKINS, Optional.empty()),
                        log::add);
    }

    private Bump bump(ReleaseVerification verification) {
        return new Bump(repository, new LineEditor(), verification, new Stops(InstantSource.system()));
    }

    private CommitInfo last() {
        return repository.log("main").get(repository.log("main").size() - 1);
    }
}
