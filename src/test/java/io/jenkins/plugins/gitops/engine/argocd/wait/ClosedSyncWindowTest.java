package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdApi;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedApplication;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wait for a sync that a closed window holds back says so, and goes on until the window opens or its time is over. */
@Timeout(240)
class ClosedSyncWindowTest {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop");
    private static final String COMMIT = "a".repeat(40);
    private static final String BEFORE = "c".repeat(40);
    private static final String CLOSED = "the sync window is closed, by deny '0 22 * * *' for 8h";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final RecordingListener listener = new RecordingListener();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                                 |
        {"assignedWindows": [{"kind": "deny", "schedule": "0 22 * * *", "duration": "8h"}]} |
        {"assignedWindows": [{"kind": "allow", "schedule": "0 8 * * *", "duration": "4h"}], "activeWindows": [{"kind": "allow", "schedule": "0 8 * * *", "duration": "4h"}]} |
        {"assignedWindows": [{"kind": "allow", "schedule": "0 8 * * *", "duration": "4h"}]} | the sync window is closed, syncs are allowed "0 8 * * *" for 4h
        {"activeWindows": [{"kind": "deny", "schedule": "0 22 * * *", "duration": "8h"}]}   | the sync window is closed, by deny "0 22 * * *" for 8h
        {"activeWindows": [{"kind": "allow", "schedule": "0 8 * * *", "duration": "4h"}, {"kind": "deny", "schedule": "0 9 * * *", "duration": "1h"}], "canSync": true} | the sync window is closed, by deny "0 9 * * *" for 1h
        """)
    void theApiServerTellsWhichWindowIsClosed(String answer, String expected) throws Exception {
        ObjectNode shop = new SimulatedApplication(SHOP, JsonNodeFactory.instance.objectNode()).resource();
        try (ArgoCdApi api = new ArgoCdApi(new Only(shop));
                ArgoCd connected = api.connect("argocd")) {
            api.syncWindows(answer);

            assertThat(connected.heldBack(SHOP))
                    .isEqualTo(Optional.ofNullable(expected).map(text -> text.replace('"', '\'')));
        }
    }

    @Test
    void theWaitNamesTheWindowAndTimesOutWithIt() {
        argoCd.holdBack(Optional.of(CLOSED));
        try (SyncWaits waits = begin()) {
            SyncWait wait = waits.await(request(), listener);
            lateForAutoSync(wait);

            pass(Duration.ofMinutes(30));
            look();

            SyncStatus end = listener.awaitEnd();
            assertThat(end.kind()).isEqualTo(Verdict.Kind.TIMED_OUT);
            assertThat(end.summary())
                    .startsWith("shop: OutOfSync at your commit aaaaaaa, still waiting for auto-sync")
                    .endsWith("; " + CLOSED);
        }
    }

    @Test
    void theWaitGoesOnWhenTheWindowOpens() {
        argoCd.holdBack(Optional.of(CLOSED));
        try (SyncWaits waits = begin()) {
            SyncWait wait = waits.await(request(), listener);
            lateForAutoSync(wait);

            argoCd.change(Applications.live("shop", COMMIT, 1));

            assertThat(listener.awaitEnd().summary()).isEqualTo("shop: synced to your commit aaaaaaa and Healthy");
        }
    }

    @Test
    void argoCdIsToldWhenTheWindowOpensThatBlocksARequestedSync() {
        argoCd.holdBack(Optional.of(CLOSED));
        argoCd.put(Applications.blocked("shop", COMMIT, BEFORE));
        try (SyncWaits waits = new SyncWaits(name -> argoCd, now::get, new Random(7))) {
            SyncWait wait = waits.await(request(), listener);
            await().until(() -> wait.status().summary().endsWith("blocked by sync window; " + CLOSED));
            assertThat(argoCd.refreshes).hasValue(0);

            argoCd.holdBack(Optional.empty());
            pass(Duration.ofSeconds(16));
            argoCd.change(Applications.blocked("shop", COMMIT, BEFORE));

            await().until(() -> argoCd.refreshes.get() == 1);
        }
    }

    @Test
    void nothingIsAskedBeforeAutoSyncIsLate() {
        try (SyncWaits waits = begin()) {
            SyncWait wait = waits.await(request(), listener);
            await().until(() -> wait.status().summary().endsWith("waiting for auto-sync"));

            pass(Duration.ofSeconds(29));
            look();

            await().during(Duration.ofMillis(100)).until(() -> argoCd.reasonsAsked.get() == 0);
        }
    }

    private SyncWaits begin() {
        argoCd.put(Applications.outOfSync("shop", COMMIT, BEFORE));
        return new SyncWaits(name -> argoCd, now::get, new Random(7));
    }

    private void lateForAutoSync(SyncWait wait) {
        await().until(() -> wait.status().summary().endsWith("waiting for auto-sync") && argoCd.openStreams() == 1);
        pass(Duration.ofSeconds(31));
        look();
        await().until(() -> argoCd.reasonsAsked.get() == 1);
        await().until(() -> {
            look();
            return wait.status().summary().endsWith(CLOSED);
        });
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Any event makes a wait decide anew. */
    private void look() {
        argoCd.change(Applications.outOfSync("shop", COMMIT, BEFORE));
    }

    private SyncRequest request() {
        SyncRequest request = ConnectionFaultsTest.request("shop", Duration.ZERO, Duration.ofSeconds(20));
        return new SyncRequest(
                request.id(),
                request.applications(),
                request.expectation(),
                request.policy(),
                request.ancestry(),
                now.get().plus(Duration.ofMinutes(15)));
    }

    /** One Application that nothing happens to. */
    private record Only(ObjectNode application) implements ArgoCdApi.Backing {

        @Override
        public List<ObjectNode> applications() {
            return List.of(application);
        }

        @Override
        public void refresh(ApplicationName name, String how) {}

        @Override
        public void sync(ApplicationName name, ObjectNode operation) {}

        @Override
        public Runnable watch(ArgoCdApi.Watcher watcher) {
            return () -> {};
        }
    }
}
