package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What freezes and locks stop, and what passes all the same. */
class StopsTest {

    private static final Instant NOON = Instant.parse("2026-12-24T12:00:00Z");

    private static final String FREEZES = """
        freezes:
          christmas:
            environments: [prod, stag*]
            timeZone: UTC
            deny: { from: 2026-12-23, to: 2026-12-26, reason: Christmas }
        """;

    private static final String UNLOCK =
            "; wait, or have it unlocked with a reason (gitopsUnlock, or Unlock on the page Deployments).";

    private static final String WAIT = "; wait until then, or give it a gate, where somebody with the permission"
            + " GitOps/Override can decide otherwise.";

    private Instant now = NOON;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);
    private final Stops stops = new Stops(() -> now);

    @BeforeEach
    void push() {
        repository.push("main", "Begin", Shop.files());
    }

    @Test
    void aFrozenEnvironmentWithoutAGateIsRefusedWithTheFreezeAndItsEnd() {
        freeze();

        assertThatThrownBy(() -> team.bump("prod", "1.1.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/prod is frozen by 'christmas': Christmas, until 2026-12-27T00:00:00Z" + WAIT);
        assertThat(commits()).doesNotContain("shop: bump api");
    }

    @Test
    void aPromotionIntoItIsRefusedAndPassesWhenTheFreezeIsOver() {
        String live = team.bump("dev", "1.1.0");
        freeze();

        assertThatThrownBy(() -> team.promote("staging", live, Optional.empty()))
                .isInstanceOf(StoppedException.class)
                .hasMessageStartingWith("shop/staging is frozen by 'christmas'");

        now = Instant.parse("2026-12-27T00:00:00Z");
        assertThat(team.promote("staging", live, Optional.empty())).isNotEmpty();
    }

    @Test
    void anEnvironmentThatTheFreezeDoesNotNamePasses() {
        freeze();

        assertThat(team.bump("dev", "1.1.0")).isNotEmpty();
    }

    @Test
    void aRollbackPassesAFreezeAndAnOrdinaryLock() {
        team.healthy("prod", team.bump("prod", "1.1.0"));
        team.bump("prod", "1.2.0");
        freeze();
        lock("shop", "prod", null, Lock.Scope.PROMOTIONS);

        team.rollBack("prod", RollbackTo.previousHealthy());

        assertThat(repository.text("main", Shop.file("prod"))).startsWith("ghcr.io/acme/shop-api:1.1.0\n");
    }

    @Test
    void aLockThatIncludesRollbacksStopsThem() {
        team.healthy("prod", team.bump("prod", "1.1.0"));
        team.bump("prod", "1.2.0");
        lock("shop", "prod", null, Lock.Scope.PROMOTIONS_AND_ROLLBACKS);

        assertThatThrownBy(() -> team.rollBack("prod", RollbackTo.previousHealthy()))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/prod is locked by dora, rollbacks included: the database moves" + UNLOCK);
    }

    @Test
    void aLockedTargetIsRefusedUntilTheLockEndsOrIsLifted() {
        lock("shop", "*", NOON.plusSeconds(3600), Lock.Scope.PROMOTIONS);

        assertThatThrownBy(() -> team.bump("dev", "1.1.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/dev is locked by dora: the database moves, until 2026-12-24T13:00:00Z" + UNLOCK);

        now = NOON.plusSeconds(3600);
        assertThat(team.bump("dev", "1.1.0")).isNotEmpty();

        Lock second = lock("shop", "dev", null, Lock.Scope.PROMOTIONS);
        assertThatThrownBy(() -> team.bump("dev", "1.2.0")).isInstanceOf(StoppedException.class);
        locks().lift(List.of(second), new RepositoryLocks.Lifting("lift", "anna", now, "moved", null), Progress.SILENT);
        assertThat(team.bump("dev", "1.2.0")).isNotEmpty();
    }

    @Test
    void aLockOnEverythingStopsFilesThatNoApplicationNames() {
        lock("*", "*", null, Lock.Scope.PROMOTIONS);

        assertThatThrownBy(this::bumpAFile)
                .isInstanceOf(StoppedException.class)
                .hasMessage("envs/dev/kustomization.yaml is locked by dora: the database moves" + UNLOCK);
    }

    @Test
    void aLockStopsTheFilesOfItsTargetsAndNoOther() {
        lock("shop", "prod", null, Lock.Scope.PROMOTIONS);
        assertThat(bumpAFile().commit()).isNotEmpty();

        lock("shop", "dev", null, Lock.Scope.PROMOTIONS);
        assertThatThrownBy(() -> bumpAFile("1.2.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/dev is locked by dora: the database moves" + UNLOCK);
    }

    @Test
    void aBumpThatChangesNothingPasses() {
        team.bump("prod", "1.1.0");
        lock("shop", "prod", null, Lock.Scope.PROMOTIONS);

        assertThat(team.bump("prod", "1.1.0")).isNotEmpty();
    }

    @Test
    void aPromotionThatWasCommittedBeforeTheLockIsFoundAgain() {
        BumpRequest request = new BumpRequest(
                "once",
                "main",
                new BumpRequest.Place.Declared("shop", List.of("dev")),
                Map.of("api", "1.1.0", "worker", "1.0.0"),
                Provenance.UNKNOWN,
                Shop.JENKINS,
                Optional.empty());
        Bump bump = new Bump(repository, new LineEditor(), ReleaseVerification.NONE, stops);
        String commit = bump.run(request, Progress.SILENT).commit();
        lock("*", "*", null, Lock.Scope.PROMOTIONS);

        assertThat(bump.run(request, Progress.SILENT).commit()).isEqualTo(commit);
    }

    @Test
    void aPromotionThatItsGateLetPassWaitsForALockThatCameLater() {
        String live = team.bump("dev", "1.1.0");
        freeze();
        Optional<Gate> grant = Optional.of(Gates.open(Gates.definition(List.of())));
        lock("*", "staging", null, Lock.Scope.PROMOTIONS);

        assertThatThrownBy(() -> team.promote("staging", live, grant))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/staging is locked by dora: the database moves" + UNLOCK);

        now = now.plusSeconds(1);
        locks().lift(
                        locks().read(Progress.SILENT).locks(),
                        new RepositoryLocks.Lifting("lift", "anna", now, "moved", null),
                        Progress.SILENT);
        assertThat(team.promote("staging", live, grant))
                .as("a freeze was the gate's matter")
                .isNotEmpty();
    }

    @Test
    void aLockFileThatCannotBeReadStopEverything() {
        repository.push("refs/gitops/locks", "By hand", Map.of("locks.json", "{\"locks\": [{}]}"));

        assertThatThrownBy(() -> team.bump("dev", "1.1.0"))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith(
                        "Nobody knows what is locked, because locks.json in refs/gitops/locks cannot be read (");
        assertThat(commits()).doesNotContain("shop: bump api");
    }

    @Test
    void ofSeveralFreezesTheOneThatEndsLastIsNamed() {
        Declaration declaration = DeclarationReader.read(
                "gitops.yaml", (Shop.DECLARATION + FREEZES + """
                      inventory:
                        applications: shop
                        timeZone: UTC
                        deny: { from: 2026-12-24, to: 2026-12-31 }
                      other:
                        environments: dev
                        timeZone: UTC
                        allow: { from: 2026-01-01, to: 2026-01-02 }
                    """).getBytes(StandardCharsets.UTF_8));

        assertThat(stops.freeze(declaration, "shop", "prod", NOON))
                .isEqualTo(
                        CheckResult.pending("freeze", "frozen by 'inventory'", Instant.parse("2027-01-01T00:00:00Z")));
        assertThat(stops.freeze(declaration, "shop", "dev", NOON))
                .isEqualTo(CheckResult.pending(
                        "freeze", "frozen by 'other': outside the hours that allow promotions", null));
    }

    private void freeze() {
        repository.push("main", "Freeze", Map.of("gitops.yaml", Shop.DECLARATION + FREEZES));
    }

    private Lock lock(String application, String environment, Instant until, Lock.Scope what) {
        Lock lock = new Lock(
                "lock-" + repository.log("refs/gitops/locks").size(),
                application,
                environment,
                "dora",
                now,
                until,
                "the database moves",
                what,
                null);
        locks().set(lock, Progress.SILENT);
        return lock;
    }

    private RepositoryLocks locks() {
        return new RepositoryLocks(repository, Shop.JENKINS);
    }

    private BumpResult bumpAFile() {
        return bumpAFile("1.1.0");
    }

    private BumpResult bumpAFile(String version) {
        return new Bump(repository, new LineEditor(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "file-" + version,
                                "main",
                                new BumpRequest.Place.Named(
                                        "main",
                                        List.of(new ManifestFile.Kustomization(Shop.file("dev"))),
                                        Map.of("api", "ghcr.io/acme/shop-api")),
                                Map.of("api", version),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT);
    }

    private List<String> commits() {
        return repository.log("main").stream().map(CommitInfo::message).toList();
    }
}
