package io.jenkins.plugins.gitops.pages.verification;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.verification.Alert;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.security.RunIdentity;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts that begin to fire while a release rolls out, before it is observed. */
class FiringAlertsTest {

    private static final RepositoryChoice CHOICE = new RepositoryChoice("config", null, null);
    private static final VerificationDefinition OBSERVED = new VerificationDefinition(
            Duration.ofMinutes(15), List.of(new Alerts(Map.of("service", "shop"), Duration.ofMinutes(30))));

    @TempDir
    private Path folder;

    private final Instant deployedAt = Instant.now().minusSeconds(60);
    private ShopController shop;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    private LiveVerification observe(String commit) throws Exception {
        Run<?, ?> run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
        OpenedRepository opened = CHOICE.open(run);
        return ReleaseVerifications.get()
                .join(
                        new Verification.Deployed(opened.url(), "shop", "prod", "main", commit, Map.of()),
                        OBSERVED,
                        Instant.now(),
                        new ReleaseVerifications.Origin("shop", CHOICE, null, RunIdentity.UNKNOWN, opened, deployedAt));
    }

    private static void hear(Alert.Status status, String fingerprint, Instant startsAt) {
        ReleaseVerifications.get()
                .hear(List.of(new Alert(status, fingerprint, Map.of("service", "shop"), "", startsAt)));
    }

    @Test
    void oneThatStillFiresFailsTheVerificationAtOnceAlsoAfterARestart() throws Exception {
        hear(Alert.Status.FIRING, "a", deployedAt.plusSeconds(5));
        shop.restart();

        assertThat(observe(shop.tip()).now().status()).isEqualTo(Verification.Status.FAILED);
    }

    @Test
    void oneThatBeganBeforeOrIsOverDoesNotCount() throws Exception {
        hear(Alert.Status.FIRING, "before", deployedAt.minusSeconds(1));
        hear(Alert.Status.FIRING, "over", deployedAt.plusSeconds(5));
        hear(Alert.Status.RESOLVED, "over", deployedAt.plusSeconds(5));
        hear(Alert.Status.FIRING, "again", deployedAt.minusSeconds(9));
        hear(Alert.Status.RESOLVED, "again", deployedAt.minusSeconds(20));

        assertThat(observe(shop.tip()).now().status()).isEqualTo(Verification.Status.RUNNING);
    }

    @Test
    void aKnownOneDoesNotFailAnotherAttempt() throws Exception {
        hear(Alert.Status.FIRING, "a", deployedAt.plusSeconds(5));
        String commit = shop.tip();
        observe(commit).ended().get(60, TimeUnit.SECONDS);

        assertThat(observe(commit).now().status()).isEqualTo(Verification.Status.RUNNING);
    }

    @Test
    void theNewestAreRememberedAndNoneThatIsVeryLong() throws Exception {
        Instant now = Instant.now();
        ReleaseVerifications.get()
                .hear(IntStream.range(0, 1_500)
                        .mapToObj(at -> new Alert(
                                Alert.Status.FIRING, "f" + at, Map.of("service", "mail"), "", now.plusMillis(at)))
                        .toList());
        hear(Alert.Status.FIRING, "old", now.minus(Duration.ofDays(2)));
        hear(Alert.Status.FIRING, "future", now.plus(Duration.ofDays(2)));
        ReleaseVerifications.get()
                .hear(List.of(new Alert(Alert.Status.FIRING, "long", Map.of("service", "x".repeat(5_000)), "", now)));

        assertThat(Files.readString(folder.resolve("home/gitops-promotion/firing-alerts.json")))
                .contains("\"f500\"", "\"f1499\"")
                .doesNotContain("\"f499\"", "\"old\"", "\"future\"", "\"long\"");
    }
}
