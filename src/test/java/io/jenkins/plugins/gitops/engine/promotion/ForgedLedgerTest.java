package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.git.signing.CommitSigners;
import io.jenkins.plugins.gitops.engine.git.signing.Gpg;
import io.jenkins.plugins.gitops.engine.git.signing.TrustedSigners;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody who can push, and has no trusted key, writes into the history moves no gate. */
class ForgedLedgerTest {

    private static final String MAIN = "refs/heads/main";
    private static final String NOTES = DeploymentNotes.REF;
    private static final String LOCKS = RepositoryLocks.REF;
    private static final Optional<String> NONE = Optional.empty();

    /** Who pushes what. {@code good} is healthy in dev, {@code bad} was taken back there with {@code rollback}. */
    enum Forgery {
        HEALTHY_NOTE((test) -> test.forged.commit(NOTES, test.note(newest, "healthy"), content -> NONE)),
        HEALTHY_NOTE_BY_ANOTHER_KEY(test -> test.forged.commit(NOTES, test.note(newest, "healthy"), keys::byAnother)),
        FAILED_NOTE_ABOUT_A_HEALTHY_DEPLOYMENT(
                test -> test.forged.commit(NOTES, test.note(good, "failed"), content -> NONE)),
        HOLD_LIFTED(test -> test.forged.commit(NOTES, test.lift(), content -> NONE)),
        HOLD_LIFTED_BY_ANOTHER_KEY(test -> test.forged.commit(NOTES, test.lift(), keys::byAnother)),
        APPROVALS(test ->
                test.forged.commit(MAIN, test.deploy("GitOps-Approved-By: bob (release-managers)"), content -> NONE)),
        APPROVALS_BY_ANOTHER_SSH_KEY(
                test -> test.forged.commit(MAIN, test.deploy("GitOps-Approved-By: bob"), keys::byAnother)),
        APPROVALS_BY_ANOTHER_OPENPGP_KEY(
                test -> test.forged.commit(MAIN, test.deploy("GitOps-Approved-By: bob"), keys::byAnotherGpg)),
        REVIEWED(test -> test.forged.commit(NOTES, test.review(), content -> NONE)),
        REVIEWED_BY_ANOTHER_KEY(test -> test.forged.commit(NOTES, test.review(), keys::byAnother)),
        NO_REVIEW_DUE(test -> test.forged.commit(
                MAIN, test.deploy("GitOps-Hotfix: none\nGitOps-Review-Until: 2100-01-01T00:00:00Z"), content -> NONE)),
        UNLOCKED(test -> test.locks("[]", "Unlock\n\nGitOps-Unlock: shop/prod\n", content -> NONE)),
        UNLOCKED_BY_ANOTHER_KEY(test -> test.locks("[]", "Unlock\n\nGitOps-Unlock: shop/prod\n", keys::byAnother)),
        UNLOCKED_WITHOUT_A_WORD(test -> test.locks("[]", "Unlock\n", content -> NONE)),
        UNLOCKED_AND_TALKED_OVER(test -> {
            test.locks("[]", "Unlock\n\nGitOps-Unlock: shop/prod\n", content -> NONE);
            for (int i = 0; i < 5; i++) {
                test.forged.commit(LOCKS, "More\n\nGitOps-Lock-By: dora\n", content -> NONE);
            }
        }),
        LOCKED(test -> test.locks(
                "[{\"id\": \"x\", \"application\": \"*\", \"environment\": \"*\", \"by\": \"zoe\", \"at\":"
                        + " \"2026-03-02T12:00:00Z\", \"reason\": \"fire\", \"stops\": \"promotions\"}]",
                "Lock\n\nGitOps-Lock: */*\nGitOps-Lock-By: zoe\n",
                content -> NONE)),
        LOCKS_THAT_CANNOT_BE_READ(test -> test.locks("{{", "Lock\n\nGitOps-Lock: */*\n", content -> NONE)),
        OVERRIDE(test -> test.forged.commit(
                MAIN, test.deploy("GitOps-Override: zoe: now [skipped approvals]"), content -> NONE)),
        RELEASE_FROM_A_SOURCE_THAT_NEVER_RAN_IT(
                test -> test.forged.commit(MAIN, test.deploy("GitOps-Release-From: dev@" + newest), content -> NONE)),
        ROLLS_BACK_WHAT_OTHERS_DEPLOYED(
                test -> test.forged.commit(MAIN, test.deploy("GitOps-Rolls-Back: " + good), keys::byAnother)),
        ROLLBACK_TO_AN_EVIL_RELEASE(test -> test.forged.commit(
                MAIN, test.deploy("GitOps-Rolls-Back: " + good + "\nGitOps-Rollback-To: " + newest), content -> NONE)),
        NO_HOLD_ON_WHAT_WAS_TAKEN_BACK(test -> test.forged.commit(
                MAIN, test.deploy("GitOps-Rolls-Back: " + bad + "\nGitOps-Hold: none"), content -> NONE)),
        AN_OLD_DATE_FOR_WHAT_IS_HELD(test -> test.forged.commit(
                MAIN,
                test.deploy("GitOps-Image: api=ghcr.io/acme/shop-api:1.2.0"),
                content -> NONE,
                Instant.parse("2001-01-01T00:00:00Z"))),
        SIGNATURE_COPIED_FROM_ANOTHER_COMMIT(test ->
                test.forged.commit(NOTES, test.note(newest, "healthy"), content -> test.forged.signatureOf(good))),
        SIGNATURE_OF_A_PAYLOAD_THAT_WAS_ALTERED(
                test -> test.forged.alter(NOTES, "GitOps-Deployment: " + rollback, "GitOps-Deployment: " + newest)),
        SIGNATURE_IN_THE_MESSAGE(test -> test.forged.commit(
                NOTES,
                test.forged.signatureOf(good).orElseThrow() + "\n\n" + test.note(newest, "healthy"),
                content -> NONE)),
        TWO_SIGNATURES(test -> test.forged.commit(
                NOTES,
                test.note(newest, "healthy"),
                content -> Optional.of(test.forged.signatureOf(good).orElseThrow() + "\u0000"
                        + keys.byAnother(content).orElseThrow()))),
        SIGNATURE_FOR_ANOTHER_PURPOSE(
                test -> test.forged.commit(NOTES, test.note(newest, "healthy"), keys::byOwnKeyForFiles)),
        EXPIRED_KEY(test -> test.forged.commit(NOTES, test.note(newest, "healthy"), keys::byExpired)),
        REVOKED_KEY(test -> test.forged.commit(NOTES, test.note(newest, "healthy"), keys::byRevoked)),
        HUGE_SIGNATURE(test -> test.forged.commit(
                NOTES,
                test.note(newest, "healthy"),
                content -> Optional.of("-----BEGIN PGP SIGNATURE-----\n\n" + "A".repeat(200_000)))),
        GARBAGE_FOR_A_SIGNATURE(test -> test.forged.commit(
                NOTES,
                test.note(newest, "healthy"),
                content -> Optional.of("-----BEGIN SSH SIGNATURE-----\n!!!\n-----END SSH SIGNATURE-----"))),
        THE_NAME_OF_JENKINS(test ->
                test.forged.commit(NOTES, test.note(newest, "healthy") + "GitOps-Bump-Id: x\n", content -> NONE)),
        THIRTY_THOUSAND_TRAILERS(test -> test.forged.commit(
                MAIN, test.deploy("GitOps-Environment: dev\n".repeat(30_000).strip()), content -> NONE)),
        A_THOUSAND_ENVIRONMENTS(test -> {
            StringBuilder all = new StringBuilder("GitOps-Approved-By: bob");
            for (int i = 0; i < 1_000; i++) {
                all.append("\nGitOps-Environment: e").append(i);
            }
            test.forged.commit(MAIN, test.deploy(all.toString()), content -> NONE);
        });

        private final Push push;

        Forgery(Push push) {
            this.push = push;
        }
    }

    private interface Push {
        void by(ForgedLedgerTest test) throws IOException;
    }

    /** Keys, the server and the signed history, which every test has a copy of. */
    @TempDir
    private static Path folder;
    /** Beside the other, because gpg wants a short path. */
    @TempDir
    private static Path home;

    private static Gpg gpg;
    private static GitHttpServer server;
    private static GitConfigRepositories controller;
    private static CommitSigner signer;
    private static TrustedSigners trusted;
    private static ForgedKeys keys;
    private static Path signed;
    private static String good;
    private static String bad;
    private static String newest;
    private static String rollback;
    private static String hotfix;
    private static int copies;
    private String name;
    private ConfigRepository repository;
    private ShopTeam team;
    private ForgedCommits forged;

    @BeforeAll
    static void begin() throws IOException, InterruptedException {
        assumeTrue(Gpg.isInstalled(), "needs the gpg command line");
        gpg = new Gpg(home.resolve("g"));
        server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
        controller = new GitConfigRepositories(folder.resolve("cache"));
        signer = CommitSigners.of(SshKeygen.key(folder.resolve("own"), "ed25519", ""), null, InstantSource.system());
        keys = ForgedKeys.in(folder, gpg);
        trusted = TrustedSigners.of(
                List.of(signer.publicKey(), gpg.publicKey(keys.expired()), gpg.publicKey(keys.revoked())));
        signed = server.create("signed.git");
        live(open("signed.git"));
    }

    private static ConfigRepository open(String name) {
        return controller
                .open(new Remote(server.url(name)))
                .signing(() -> signer)
                .trusting(() -> trusted);
    }

    @BeforeEach
    void copy() throws IOException {
        name = "config-" + copies++ + ".git";
        Path bare = server.create(name);
        TestGit.run(bare, "fetch", "--quiet", signed.toString(), "refs/*:refs/*");
        forged = new ForgedCommits(bare);
        repository = open(name);
        team = new ShopTeam(repository, InstantSource.system());
    }

    /** Signed history: 1.1.0 is healthy, 1.2.0 was taken back, 1.3.0 was never seen live. */
    private static void live(ConfigRepository repository) {
        ShopTeam team = new ShopTeam(repository, InstantSource.system());
        StringBuilder stream = new StringBuilder("commit refs/heads/main\ncommitter A <a@example.org> now\n");
        data(stream, "Begin");
        Shop.files()
                .forEach((path, text) ->
                        data(stream.append("M 100644 inline ").append(path).append('\n'), text));
        TestGit.output(
                signed,
                stream.append("done\n").toString().getBytes(StandardCharsets.UTF_8),
                "fast-import",
                "--quiet",
                "--done",
                "--date-format=now");
        good = team.healthy("dev", team.bump("dev", "1.1.0"));
        bad = team.noted("dev", team.bump("dev", "1.2.0"), Outcome.FAILED);
        rollback = team.healthy("dev", team.rollBack("dev", RollbackTo.previousHealthy()));
        newest = team.bump("dev", "1.3.0");
        hotfix = team.hotfix("staging", "dora", Instant.parse("2100-01-01T00:00:00Z"));
        Lock lock = new Lock(
                "lock",
                "shop",
                "prod",
                "zoe",
                Instant.now(),
                null,
                "the database moves",
                Lock.Scope.PROMOTIONS_AND_ROLLBACKS,
                null);
        new RepositoryLocks(repository, Shop.JENKINS).set(lock, Progress.SILENT);
    }

    @AfterAll
    static void end() throws IOException {
        if (gpg != null) {
            controller.close();
            server.close();
            gpg.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesNothing(Forgery forgery) throws IOException {
        Authority before = authority(team.ledger());
        assertThat(before.holds()).hasSize(1);
        assertThat(before.trusted()).hasSize(5);
        assertThat(before.locks()).hasSize(1);

        forgery.push.by(this);

        Ledger after = team.ledger();
        assertThat(authority(after)).isEqualTo(before);
        assertThat(after.deployments().stream().filter(one -> !one.signature().isTrusted()))
                .allSatisfy(one -> {
                    assertThat(one.outcome()).isEqualTo(Outcome.UNKNOWN);
                    assertThat(one.kind()).isEqualTo(Deployment.Kind.BUMP);
                    assertThat(one.trailers().values(Trailers.APPROVED_BY)).isEmpty();
                    assertThat(one.who()).containsExactly("Jenkins");
                });
    }

    /** Whoever may unlock does so over what was forged, even where that says the same. */
    @Test
    void aLockThatWasUnlockedByAForgeryIsUnlockedByJenkinsAlone() {
        locks("[]", "Unlock\n\nGitOps-Unlock: shop/prod\n", content -> NONE);
        RepositoryLocks locks = new RepositoryLocks(repository, Shop.JENKINS);
        String forgedText = "{\n  \"locks\" : [ ]\n}\n";
        forged.write(LOCKS, "locks.json", forgedText, "Unlock\n\nGitOps-Unlock: shop/prod\n", content -> NONE);
        List<Lock> inForce = locks.read(Progress.SILENT).locks();
        assertThat(inForce).hasSize(1);

        locks.lift(
                inForce, new RepositoryLocks.Lifting("lift", "zoe", Instant.now(), "it moved", null), Progress.SILENT);

        assertThat(locks.read(Progress.SILENT).locks()).isEmpty();
    }

    /** The id of a gate is on its page. */
    @Test
    void aCommitThatClaimsToBeAPromotionIsNone() {
        Liveness live = target -> new Liveness.State.Healthy(newest, null);
        GateSubject.Promotion subject = team.promotion("staging", live).subject();

        forged.commit(MAIN, deploy("GitOps-Bump-Id: " + subject.gate()), content -> NONE);

        assertThat(team.promotion(live).isCommitted(subject, Progress.SILENT)).isFalse();
        assertThat(team.promotion(live)
                        .commit(
                                subject,
                                Optional.empty(),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.of(Instant.now()),
                                Progress.SILENT)
                        .outcome())
                .isInstanceOf(CommitOutcome.Committed.class);
    }

    /** Under the name of Jenkins it has an author whom nobody knows. */
    @Test
    void aCommitThatSaysNothingIsNotTrusted() {
        forged.commit(MAIN, "Nothing to see\n", content -> NONE);

        assertThat(repository.history("main", new HistoryQuery(commit -> true, 1, 1), Progress.SILENT))
                .extracting(commit -> commit.signature().isTrusted())
                .containsExactly(false);
    }

    /** Without a key everything counts, as the page says. */
    @Test
    void whereNobodyAsksForSignaturesEverythingCounts() throws IOException {
        Forgery.HEALTHY_NOTE.push.by(this);
        ConfigRepository open = controller.open(new Remote(server.url(name)));
        Ledger ledger = new Ledgers()
                .of(open, "main", Declarations.read(open.tip("main", Progress.SILENT), "main"), Progress.SILENT);

        assertThat(ledger.current("shop", "dev").orElseThrow().outcome()).isEqualTo(Outcome.HEALTHY);
    }

    /** A key that has expired verifies what it signed before. */
    @Test
    void whatAnEarlierKeySignedInItsTimeCounts() throws IOException {
        Instant then = Instant.parse("2020-06-01T00:00:00Z");
        CommitSigner old = CommitSigners.of(gpg.secretKeys(keys.expired(), ""), null, () -> then);

        forged.commit(NOTES, note(newest, "healthy"), content -> Optional.of(old.sign(content)));

        assertThat(team.ledger().current("shop", "dev").orElseThrow().outcome()).isEqualTo(Outcome.HEALTHY);
    }

    /** All that a gate, a rollback or a page takes from the ledger for true. */
    private record Authority(
            List<Deployment> trusted,
            Set<String> lifted,
            List<Hold> holds,
            Optional<Deployment> goBackTo,
            List<Optional<Hold>> held,
            List<Lock> locks) {}

    private Authority authority(Ledger ledger) {
        return new Authority(
                ledger.deployments().stream()
                        .filter(one -> one.signature().isTrusted())
                        .toList(),
                ledger.lifted(),
                ledger.holds("shop", "dev").toList(),
                ledger.of("shop", "dev").stream().filter(Deployment::isGood).findFirst(),
                List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0").stream()
                        .map(version -> ledger.hold("shop", "dev", release(version)))
                        .toList(),
                Locks.read(repository, Progress.SILENT).locks());
    }

    private static Map<String, Version> release(String version) {
        return Map.of(
                "api", ImageReference.parse("ghcr.io/acme/shop-api:" + version),
                "worker", ImageReference.parse("ghcr.io/acme/shop-worker:1.0.0"));
    }

    private String note(String commit, String outcome) {
        return "Seen\n\nGitOps-Deployment: " + commit
                + "\nGitOps-Application: shop\nGitOps-Environment: dev\nGitOps-Outcome: " + outcome + "\n";
    }

    private String lift() {
        return "Lifted\n\nGitOps-Deployment: " + rollback + "\nGitOps-Hold-Lifted: zoe: it is fine\n";
    }

    private String review() {
        return "Reviewed\n\nGitOps-Deployment: " + hotfix + "\nGitOps-Application: shop\nGitOps-Environment: staging\n"
                + "GitOps-Reviewed: bob: it is fine\n";
    }

    private void locks(String locks, String message, Function<byte[], Optional<String>> signature) {
        forged.write(LOCKS, "locks.json", "{\"locks\": " + locks + "}", message, signature);
    }

    private String deploy(String more) {
        return "Deploy\n\nGitOps-Application: shop\nGitOps-Environment: dev\n"
                + "GitOps-Image: api=ghcr.io/acme/shop-api:6.6.6\nGitOps-Started-By: boss\n" + more + "\n";
    }

    private static void data(StringBuilder stream, String text) {
        stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
    }
}
