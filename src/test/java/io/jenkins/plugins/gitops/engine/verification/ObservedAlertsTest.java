package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.verification.Alert.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which alerts fail the verification of a deployment, and when it passes without one: 30 minutes after noon. */
@Timeout(60)
class ObservedAlertsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration OBSERVE = Duration.ofMinutes(30);
    private static final Alerts ALERTS = new Alerts(Map.of("service", "shop-*", "severity", "critical"), OBSERVE);
    private static final Http SMOKE =
            new Http("smoke", "http://shop", 200, null, Duration.ofMinutes(2), Duration.ofSeconds(15));

    private final VirtualScheduler time = new VirtualScheduler(NOON);
    private final Verifications all = new Verifications(time, Runnable::run, time, time::nanos);
    private final KeptVerifications kept = new KeptVerifications();

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void itWaitsForItsTimeAndPasses() {
        LiveVerification live = begin(ALERTS);

        time.pass(OBSERVE.minusMillis(1));
        assertThat(live.now().lines()).containsExactly("alerts waits: no alert");
        time.pass(Duration.ofMillis(1));

        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
        assertThat(live.now().lines()).containsExactly("alerts passed: no alert for 30 min");
    }

    @Test
    void anAlertThatBeginsToFireFailsItAtOnceWithItsEvidence() {
        LiveVerification live = begin(ALERTS, SMOKE);
        time.pass(Duration.ofMinutes(5));

        assertThat(live.hear(alert(Status.FIRING, time.instant()))).isTrue();

        assertThat(live.now().status()).isEqualTo(Verification.Status.FAILED);
        assertThat(live.now().isAgainstRelease()).isTrue();
        assertThat(live.now().summary())
                .isEqualTo("alerts failed: ShopErrors{service=\"shop-api\", severity=\"critical\"}: too many errors");
        assertThat(kept.last().status()).isEqualTo(Verification.Status.FAILED);
        assertThat(kept.recorded()).hasSize(1);
    }

    @Test
    void whatHasOtherLabelsDoesNotCount() {
        LiveVerification live = begin(ALERTS);

        for (Map<String, String> labels : List.of(
                Map.of("service", "shop-api"),
                Map.of("service", "shop-api", "severity", "warning"),
                Map.of("service", "mail", "severity", "critical"),
                Map.of("service", "shop-api/x", "severity", "critical"))) {
            assertThat(live.hear(new Alert(Status.FIRING, "f", labels, "", NOON.plusSeconds(1))))
                    .as("%s", labels)
                    .isFalse();
        }
        assertThat(live.now().status()).isEqualTo(Verification.Status.RUNNING);
    }

    @Test
    void whatFiredBeforeCountsOnlyWhenItFiresAnew() {
        LiveVerification live = begin(ALERTS);
        Instant before = NOON.minusSeconds(60);

        assertThat(live.hear(alert(Status.FIRING, before))).isFalse();
        assertThat(live.hear(alert(Status.FIRING, before))).as("repeated").isFalse();
        assertThat(live.hear(alert(Status.RESOLVED, before))).isFalse();
        assertThat(live.hear(alert(Status.FIRING, before))).as("late duplicate").isFalse();
        assertThat(live.hear(alert(Status.FIRING, before.plusSeconds(30))))
                .as("anew, by a clock that is behind")
                .isTrue();
    }

    @Test
    void whatBeganToFireWhileTheReleaseRolledOutCounts() {
        Instant deployedAt = NOON.minusSeconds(300);

        assertThat(begin(deployedAt).hear(alert(Status.FIRING, deployedAt.minusMillis(1))))
                .isFalse();
        assertThat(begin(deployedAt).hear(alert(Status.FIRING, deployedAt))).isTrue();
    }

    @Test
    void whatEarlierVersionsKeptCountsAlertsSinceItBegan() {
        begin(NOON.minusSeconds(300));

        String without = kept.last().json().replaceFirst(",\"deployedAt\":\"[^\"]*\"", "");

        assertThat(Verification.read(without).deployedAt()).isEqualTo(NOON);
    }

    @Test
    void whatFiredBeforeAndFiresAgainLaterCountsAlthoughNobodySaidItWasResolved() {
        LiveVerification live = begin(ALERTS);
        live.hear(alert(Status.FIRING, NOON.minusSeconds(60)));

        assertThat(live.hear(alert(Status.FIRING, NOON.plusSeconds(60)))).isTrue();
    }

    @Test
    void aResolvedAlertAloneSaysNothing() {
        LiveVerification live = begin(ALERTS);

        assertThat(live.hear(alert(Status.RESOLVED, NOON.plusSeconds(5)))).isFalse();
        time.pass(OBSERVE);

        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void itIsDecidedOnceHoweverOftenTheAlertIsTold() {
        LiveVerification live = begin(ALERTS);
        Alert alert = alert(Status.FIRING, NOON.plusSeconds(5));

        assertThat(live.hear(alert)).isTrue();
        assertThat(live.hear(alert)).isFalse();

        assertThat(kept.recorded()).hasSize(1);
        assertThat(live.now().hasFailedOn(alert)).isTrue();
    }

    @Test
    void anAlertAfterTheTimeDoesNotUndoTheVerdict() {
        LiveVerification live = begin(ALERTS);
        time.pass(OBSERVE);

        assertThat(live.hear(alert(Status.FIRING, time.instant()))).isFalse();

        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void otherChecksAreDecidedInTheirOwnTime() {
        LiveVerification live = begin(ALERTS, SMOKE);

        assertThat(live.now().until()).isEqualTo(NOON.plus(OBSERVE));
        time.pass(Duration.ofMinutes(8));
        assertThat(live.now().status()).isEqualTo(Verification.Status.RUNNING);
        time.pass(Duration.ofMinutes(1));

        assertThat(live.now().summary())
                .as("of the 10 minutes 'for' takes two")
                .isEqualTo("smoke failed: not verified in time: missed");
    }

    @Test
    void aShorterObservationDoesNotShortenTheOthersTime() {
        Alerts brief = new Alerts(ALERTS.match(), Duration.ofMinutes(5));
        LiveVerification live = begin(brief, SMOKE);

        assertThat(live.now().until()).isEqualTo(NOON.plus(Duration.ofMinutes(10)));
        time.pass(Duration.ofMinutes(6));

        assertThat(live.now().lines().get(0)).isEqualTo("alerts passed: no alert for 5 min");
    }

    @Test
    void aClockThatIsStoppedForLongDoesNotBreakIt() {
        LiveVerification live = begin(ALERTS);

        time.leap(Duration.ofMinutes(20));
        time.pass(Duration.ofMinutes(10));

        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void theObservationGoesOnAfterARestart() {
        begin(ALERTS);
        time.pass(Duration.ofMinutes(10));
        all.close();
        time.pass(Duration.ofMinutes(2));

        LiveVerification live = resume();

        time.pass(Duration.ofMinutes(17));
        assertThat(live.now().status()).isEqualTo(Verification.Status.RUNNING);
        assertThat(live.now().until()).isEqualTo(NOON.plus(OBSERVE));
        time.pass(Duration.ofMinutes(1));
        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void whatFiredWhileJenkinsWasDownStillCountsWhenItIsSentAgain() {
        begin(ALERTS);
        all.close();
        time.pass(Duration.ofHours(2));

        LiveVerification live = resume();
        time.pass(Duration.ofMinutes(4));

        assertThat(live.now().status()).isEqualTo(Verification.Status.RUNNING);
        assertThat(live.hear(alert(Status.FIRING, NOON.plus(Duration.ofMinutes(20)))))
                .isTrue();
    }

    @Test
    void nothingIsWaitedForLongerThanItIsSentAgain() {
        begin(ALERTS);
        all.close();
        time.pass(Duration.ofHours(2));

        LiveVerification live = resume();
        time.pass(Duration.ofMinutes(5));

        assertThat(live.now().status()).isEqualTo(Verification.Status.VERIFIED);
    }

    private LiveVerification begin(Check... checks) {
        return begin(time.instant(), checks);
    }

    private LiveVerification begin(Instant deployedAt) {
        return begin(deployedAt, ALERTS);
    }

    private LiveVerification begin(Instant deployedAt, Check... checks) {
        Verification begun = Verification.begin(
                new Verification.Deployed("https://git/config.git", "shop", "prod", "main", "c1", Map.of()),
                new VerificationDefinition(Duration.ofMinutes(10), List.of(checks)),
                1,
                time.instant(),
                deployedAt);
        return all.begin(begun, probes(), kept);
    }

    private LiveVerification resume() {
        Verifications again = new Verifications(time, Runnable::run, time, time::nanos);
        return again.resume(
                Verification.read(Optional.of(kept.last()).orElseThrow().json()), probes(), kept);
    }

    private static Map<String, CheckProbe> probes() {
        return Map.of(
                "alerts",
                        () -> java.util.concurrent.CompletableFuture.completedFuture(
                                new Sample(Sample.Kind.GOOD, "no alert")),
                "smoke",
                        () -> java.util.concurrent.CompletableFuture.completedFuture(
                                new Sample(Sample.Kind.MISSED, "missed")));
    }

    private static Alert alert(Status status, Instant startsAt) {
        return new Alert(
                status,
                "c0ffee",
                Map.of("alertname", "ShopErrors", "service", "shop-api", "severity", "critical"),
                "too many errors",
                startsAt);
    }
}
