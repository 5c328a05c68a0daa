package io.jenkins.plugins.gitops.pages.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.verification.Alert;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.security.RunIdentity;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An alert that fails a verification and has the release taken back: the controller is killed between any two of its
 * writes, and another one, or itself with nothing but what it has written, goes on.
 */
class KilledVerificationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final RepositoryChoice CHOICE = new RepositoryChoice("config", null, null);
    private static final String VERIFY = "argocd: { application: shop-prod }\n"
            + "        verify: { alerts: { match: { service: shop }, observe: 30m } }\n"
            + "        rollback: { automatic: true }";

    @TempDir
    private Path folder;

    private ShopController shop;
    private Run<?, ?> run;

    @BeforeEach
    void declare() throws Exception {
        shop = new ShopController(folder);
        Path work = folder.resolve("work");
        Path declaration = work.resolve("gitops.yaml");
        String before = Files.readString(declaration);
        Files.writeString(declaration, before.replace("argocd: { application: shop-prod }", VERIFY));
        TestGit.run(work, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-a", "-m", "Verify");
        TestGit.run(work, "push", "-q", folder.resolve("git/config.git").toString(), "main");
        run = Pipelines.run("shop");
        jobIsThere();
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    private void jobIsThere() {
        StandIn.current().withItem(run.getParent());
    }

    private LiveVerification observe(String commit) throws Exception {
        OpenedRepository opened = CHOICE.open(run);
        Declaration declaration = Declarations.read(opened.repository().tip("main", Progress.SILENT), "main");
        return ReleaseVerifications.get()
                .join(
                        new Verification.Deployed(opened.url(), "shop", "prod", "main", commit, Map.of()),
                        declaration
                                .target("shop", "prod")
                                .environment()
                                .verification()
                                .orElseThrow(),
                        Instant.now(),
                        new ReleaseVerifications.Origin(
                                "shop", CHOICE, null, RunIdentity.UNKNOWN, opened, Instant.now()));
    }

    private static Alert alert(Instant startsAt) {
        return new Alert(
                Alert.Status.FIRING, "c0ffee", Map.of("alertname", "Errors", "service", "shop"), "many", startsAt);
    }

    /** What a kill leaves: the file as it was, the branch and the notes as they were. */
    private record Left(String what, String file, String branch, String notes) {}

    @Test
    void itIsDecidedAndTakenBackOnceWhereverTheControllerIsKilled() throws Exception {
        shop.healthy("prod", "1.0.1");
        String bad = shop.bump("prod", "1.1.0");
        LiveVerification live = observe(bad);
        String begun = Files.readString(file(bad));
        String branch = ref("refs/heads/main");
        String notes = ref("refs/notes/gitops");
        CompletableFuture<Void> pushed = shop.holdPushes();
        Alert alert = alert(Instant.now());
        ReleaseVerifications.get().hear(List.of(alert));
        String decided = Files.readString(file(bad));
        assertThat(live.now().status()).isEqualTo(Verification.Status.FAILED);
        assertThat(decided).as("kept before the alert is answered").isNotEqualTo(begun);
        await().atMost(PATIENCE).until(pushed::isDone);

        restart();
        awaitTakenBack(bad, "killed while it pushes the verdict");
        String after = ref("refs/heads/main");
        String noted = ref("refs/notes/gitops");
        String recorded = Files.readString(file(bad));

        for (Left left : List.of(
                new Left("before the alert was kept", begun, branch, notes),
                new Left("before the verdict was pushed", decided, branch, notes),
                new Left("before the rollback was pushed", decided, branch, noted),
                new Left("before the end was kept", decided, after, noted),
                new Left("after all was kept", recorded, after, noted),
                new Left("another controller has noted it", begun, branch, noted),
                new Left("another controller has taken it back", begun, after, noted))) {
            kill(left, bad);
            ReleaseVerifications.get().hear(List.of(alert));

            awaitTakenBack(bad, left.what());
            assertThat(shop.git("rev-list", "--count", "refs/notes/gitops").strip())
                    .as("notes: healthy, and the verdict; " + left.what())
                    .isEqualTo("2");
        }
        assertThat(failures())
                .as("whoever comes second knows that it is taken back")
                .isNotEmpty()
                .allMatch(event -> event.summary().endsWith("; rolled back automatically"));
    }

    private void kill(Left left, String bad) throws Exception {
        shop.git("update-ref", "refs/heads/main", left.branch());
        shop.git("update-ref", "refs/notes/gitops", left.notes());
        try (Stream<Path> cached = Files.walk(Files.createDirectories(folder.resolve("home/caches")))) {
            cached.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        Files.writeString(file(bad), left.file());
        restart();
    }

    private void restart() throws Exception {
        shop.restart();
        jobIsThere();
        ReleaseVerifications.resume();
    }

    private void awaitTakenBack(String bad, String when) {
        await(when).atMost(PATIENCE).until(() -> Files.readString(file(bad)).contains("\"recorded\":true"));
        assertThat(rollbacks()).as(when).hasSize(1);
        shop.assertRuns("prod", "1.0.1");
        assertThat(shop.git("log", "--format=%B", "refs/notes/gitops"))
                .as(when)
                .containsOnlyOnce("GitOps-Outcome: verification-failed")
                .contains("GitOps-Check: alerts failed: Errors{service=\"shop\"}: many");
    }

    private List<String> rollbacks() {
        return shop.git("log", "--format=%(trailers:key=GitOps-Rolls-Back,valueonly)", "main")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private String ref(String name) {
        return shop.git("rev-parse", name).strip();
    }

    private Path file(String commit) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("home/gitops-promotion/verifications"))) {
            return files.filter(file -> isOf(file, commit)).findFirst().orElseThrow();
        }
    }

    private static boolean isOf(Path file, String commit) {
        try {
            return Files.readString(file).contains(commit);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aRollbackThatFailsItsOwnVerificationIsNotTakenBackInTurn() throws Exception {
        shop.healthy("prod", "1.0.0");
        shop.healthy("prod", "1.0.1");
        String bad = shop.bump("prod", "1.1.0");
        observe(bad);
        ReleaseVerifications.get().hear(List.of(alert(Instant.now())));
        awaitTakenBack(bad, "the first");
        String back = shop.tip().strip();

        LiveVerification again = observe(back);
        ReleaseVerifications.get().hear(List.of(alert(Instant.now())));

        assertThat(again.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).status())
                .isEqualTo(Verification.Status.FAILED);
        await().atMost(PATIENCE).until(() -> failures().size() == 2);
        assertThat(failures().get(1).summary())
                .endsWith("; not rolled back automatically: it is itself a rollback: a person has to decide");
        assertThat(rollbacks()).hasSize(1);
    }

    @Test
    void whatReplacedNothingHealthyStays() throws Exception {
        String first = shop.bump("prod", "1.1.0");
        LiveVerification live = observe(first);
        ReleaseVerifications.get().hear(List.of(alert(Instant.now())));

        live.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> failures().size() == 1);
        assertThat(failures().get(0).summary())
                .contains("; not rolled back automatically: No earlier healthy release of shop/prod is known");
        assertThat(rollbacks()).isEmpty();
        shop.assertRuns("prod", "1.1.0");
    }

    private List<PromotionEvent> failures() {
        return shop.heard(PromotionEvent.Kind.VERIFICATION_FAILED);
    }
}
