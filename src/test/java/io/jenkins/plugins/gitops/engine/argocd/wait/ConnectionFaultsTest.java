package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection does to those who wait on it, well or ill. */
@Timeout(240)
class ConnectionFaultsTest {

    private static final String COMMIT = "a".repeat(40);
    private static final String BEFORE = "c".repeat(40);

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final AtomicInteger opened = new AtomicInteger();
    private final SyncWaits waits = new SyncWaits(
            name -> {
                opened.incrementAndGet();
                return argoCd;
            },
            InstantSource.system(),
            new Random(7),
            Duration.ofMillis(50));
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void stop() {
        waits.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void aServerInTroubleIsAskedAgain(int status) {
        argoCd.put(Applications.waiting("shop", BEFORE));
        argoCd.failLists(failure(status), failure(status));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);

        await().until(() -> argoCd.openStreams() == 1);
        argoCd.change(Applications.live("shop", COMMIT, 1));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(listener.heard()).anyMatch(line -> line.contains("HTTP " + status + " (retrying)"));
    }

    @Test
    void anExpiredTokenIsForgivenWhenTheNextOneWorks() {
        argoCd.put(Applications.live("shop", COMMIT, 1));
        argoCd.failLists(failure(401));

        waits.await(request("shop", Duration.ofSeconds(90)), listener);

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void aPermissionThatIsMissingFailsTheWaitAfterTheGraceTime() {
        argoCd.failLists(Collections.nCopies(50, failure(403)).toArray(ArgoCdException[]::new));

        waits.await(request("shop", Duration.ofSeconds(90), Duration.ofSeconds(1)), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(end.summary()).isEqualTo("shop: HTTP 403");
    }

    @Test
    void aServerThatNeverAnswersEndsTheWaitAtItsDeadline() {
        argoCd.failLists(Collections.nCopies(50, failure(503)).toArray(ArgoCdException[]::new));

        SyncWait other = waits.await(request("shop", Duration.ofMinutes(5)), new RecordingListener());
        await().until(() -> other.status().summary().contains("HTTP 503"));

        waits.await(request("shop", Duration.ofSeconds(1)), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.TIMED_OUT);
        assertThat(end.summary()).isEqualTo("shop: HTTP 503 (retrying)");
    }

    /** Argo CD's own stream may begin with what happened before the list: seen on a real one. */
    @Test
    void anEventThatIsOlderThanTheListDoesNotSetTheStateBack() {
        argoCd.put(Applications.at("10", Applications.waiting("shop", BEFORE)));
        SyncWait wait = waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1 && wait.status().summary().contains("before your commit"));

        argoCd.change(Applications.at("5", Applications.live("shop", COMMIT, 1)));
        argoCd.change(Applications.at("11", Applications.degraded("shop", BEFORE, 0)));
        await().until(() -> wait.status().summary().contains("Degraded"));
        argoCd.change(Applications.at("12", Applications.live("shop", COMMIT, 1)));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void aStreamThatEndsGoesOnWithoutListing() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1);

        argoCd.endStreams(Optional.empty());
        await().until(() -> argoCd.openStreams() == 1);
        argoCd.change(Applications.live("shop", COMMIT, 1));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(argoCd.lists).hasValue(1);
        assertThat(argoCd.watches).hasValue(2);
    }

    @Test
    void aVersionThatIsTooOldListsAgain() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1);

        argoCd.put(Applications.live("shop", COMMIT, 1));
        argoCd.endStreams(Optional.of(failure(410)));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(argoCd.lists).hasValue(2);
    }

    @Test
    void aDeadStreamIsReplacedByListing() {
        argoCd.longestSilence(Duration.ofMillis(300));
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1);

        argoCd.fallSilent(Duration.ofMillis(300));
        argoCd.put(Applications.live("shop", COMMIT, 1));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void aStreamThatIsCutConcludesNothingUntilItIsBack() {
        argoCd.put(Applications.degraded("shop", COMMIT, 1));
        argoCd.failWatches(failure(503), failure(503));
        Duration grace = Duration.ofSeconds(1);

        waits.await(request("shop", Duration.ofSeconds(90), grace), listener);
        await().until(() -> argoCd.openStreams() == 1);
        Instant back = Instant.now();

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.FAILED);
        // The loop saw the stream a moment before this test did.
        assertThat(Duration.between(back, Instant.now())).isGreaterThan(grace.minusMillis(500));
        assertThat(argoCd.watches).hasValue(3);
    }

    @Test
    void whereNoStreamCanBeHadListsAloneHaveToDo() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        argoCd.failWatches(Collections.nCopies(50, failure(503)).toArray(ArgoCdException[]::new));
        SyncWait wait = waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.watches.get() >= 4
                && wait.status().summary().contains("before your commit")
                && !wait.status().summary().contains("HTTP 503"));

        argoCd.put(Applications.live("shop", COMMIT, 1));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(argoCd.openStreams()).isZero();
    }

    @Test
    void whatAStreamLeavesOutIsFoundByListing() {
        argoCd.leaveOutOfStreams(Duration.ofMillis(50));
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1);

        argoCd.put(Applications.live("shop", COMMIT, 1));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(argoCd.watches).hasValue(1);
    }

    @Test
    void anApplicationThatWasDeletedWhileNoStreamWasOpenIsMissed() {
        argoCd.leaveOutOfStreams(Duration.ofMillis(50));
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> argoCd.openStreams() == 1);

        argoCd.remove(new ApplicationName("argocd", "shop"));

        assertThat(listener.awaitEnd().summary()).isEqualTo("shop: it was deleted during the wait");
    }

    @Test
    void whatTheStreamSaidSinceAListWasAskedForIsNewerThanTheList() {
        argoCd.leaveOutOfStreams(Duration.ofMillis(50));
        argoCd.put(Applications.waiting("shop", BEFORE));
        SyncWait wait = waits.await(request("shop", Duration.ofSeconds(90)), listener);
        await().until(() -> wait.status().summary().contains("before your commit") && argoCd.openStreams() == 1);
        Observation newer = Applications.outOfSync("shop", COMMIT, BEFORE);
        AtomicInteger overtaken = new AtomicInteger();

        argoCd.duringLists(() -> {
            if (overtaken.getAndIncrement() == 0) {
                argoCd.change(newer);
            }
        });
        await().until(() -> overtaken.get() >= 2);

        assertThat(listener.heard()).last().asString().contains("OutOfSync at your commit");
        assertThat(listener.heard())
                .filteredOn(line -> line.contains("OutOfSync"))
                .hasSize(1);
    }

    @Test
    void aStreamThatIsRefusedFailsTheWaitAfterTheGraceTimeThoughListsAreAllowed() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        argoCd.failWatches(Collections.nCopies(50, failure(403)).toArray(ArgoCdException[]::new));

        waits.await(request("shop", Duration.ofSeconds(90), Duration.ofSeconds(1)), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(end.summary()).isEqualTo("shop: HTTP 403");
    }

    @Test
    void aServerThatEndsEveryStreamAtOnceIsNotHammered() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        waits.await(request("shop", Duration.ofSeconds(90)), listener);

        await().pollInterval(Duration.ofMillis(5)).during(Duration.ofSeconds(3)).until(() -> {
            argoCd.endStreams(Optional.empty());
            return true;
        });

        assertThat(argoCd.watches.get() + argoCd.lists.get()).isLessThan(12);
    }

    @Test
    void aConnectionNobodyWaitsOnIsClosed() {
        argoCd.put(Applications.waiting("shop", BEFORE));
        SyncWait one = waits.await(request("shop", Duration.ofSeconds(90)), listener);
        SyncWait other = waits.await(request("shop", Duration.ofSeconds(90)), new RecordingListener());
        await().until(() -> argoCd.openStreams() == 1);

        one.cancel();
        await().during(Duration.ofMillis(200)).until(() -> argoCd.closes.get() == 0);
        other.cancel();

        await().until(() -> argoCd.closes.get() == 1);
        assertThat(opened).hasValue(1);
    }

    @Test
    void aWaitThatEndsTheMomentItBeginsLeavesNoConnectionOpen() {
        argoCd.put(Applications.live("shop", COMMIT, 1));
        argoCd.put(Applications.waiting("other", BEFORE));
        SyncWait other = waits.await(request("other", Duration.ofSeconds(90)), new RecordingListener());
        await().until(() -> argoCd.openStreams() == 1);

        waits.await(request("shop", Duration.ofSeconds(90)), listener);
        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        other.cancel();

        await().until(() -> argoCd.closes.get() == 1);
    }

    @Test
    void aConnectionThatIsNotConfiguredFailsAtOnce() {
        try (SyncWaits none = new SyncWaits(
                name -> {
                    throw new ArgoCdException(Reason.REFUSED, "There is no connection " + name + ".", null);
                },
                InstantSource.system(),
                new Random(7))) {
            none.await(request("shop", Duration.ofSeconds(90)), listener);

            assertThat(listener.awaitEnd().summary()).isEqualTo("shop: There is no connection main.");
        }
    }

    @Test
    void aFailureNamesResourceConditionAndPage() {
        argoCd.put(Applications.degraded("shop", COMMIT, 1));

        waits.await(request("shop", Duration.ofSeconds(90), Duration.ZERO), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(end.details())
                .containsExactly(
                        "Last sync: Succeeded, successfully synced (all tasks run)",
                        "Pod shop/shop-api-5d4f: Degraded, Back-off pulling image",
                        "See https://argocd.example.com/applications/argocd/shop");
    }

    private static ArgoCdException failure(int status) {
        return new ArgoCdException(ArgoCdException.reasonOf(status), "HTTP " + status, null);
    }

    private static SyncRequest request(String application, Duration timeout) {
        return request(application, timeout, Duration.ofSeconds(20));
    }

    static SyncRequest request(String application, Duration timeout, Duration grace) {
        return new SyncRequest(
                "wait",
                List.of(AwaitedApplications.named("main", application)),
                new Expectation(
                        Optional.of(COMMIT),
                        Map.of("api", ImageReference.parse("ghcr.io/acme/shop:1")),
                        Optional.empty(),
                        Optional.of("main")),
                new Policy(grace, Duration.ofSeconds(20), Duration.ZERO, ArgoCd.Refresh.HARD, Set.of()),
                Optional.of((ancestor, descendant) -> ancestor.equals(BEFORE) || ancestor.equals(descendant)),
                Instant.now().plus(timeout));
    }
}
