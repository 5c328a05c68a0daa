package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Definition;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Pace;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Syncing;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole waits against a simulated Argo CD over a real Git repository, for every way to connect. */
@Timeout(240)
abstract class SyncWaitsContract {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop-prod");

    @TempDir
    Path directory;

    private BareRepository git;
    SimulatedArgoCd cluster;
    private SyncWaits waits;
    private final RecordingListener listener = new RecordingListener();
    /** The waits' clock is so much ahead. */
    private volatile Duration ahead = Duration.ZERO;

    /** A new connection to the cluster. */
    abstract ArgoCd connect() throws Exception;

    @BeforeEach
    void start() throws Exception {
        git = BareRepository.create(directory);
        git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.0.0"));
        cluster = new SimulatedArgoCd(git.directory(), Pace.FAST, InstantSource.system());
        waits = new SyncWaits(name -> connected(), () -> Instant.now().plus(ahead), new Random(1));
    }

    @AfterEach
    void stop() {
        waits.close();
        cluster.close();
        git.close();
    }

    @Test
    void aBumpIsHealthyOnceItIsSyncedAndRolledOut() {
        cluster.add(shop(Syncing.AUTOMATIC));
        String commit = git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.1.0"));

        waits.await(request(commit, "1.1.0", Policy.DEFAULT), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(end.summary())
                .isEqualTo("shop-prod: synced to your commit " + commit.substring(0, 7) + " and Healthy");
    }

    @Test
    void aFailedSyncFailsTheWaitWithArgoCdsMessage() {
        cluster.add(shop(Syncing.AUTOMATIC));
        awaitLive("ghcr.io/acme/shop:1.0.0");
        cluster.failSyncs(SHOP, "one or more objects failed to apply");
        String commit = git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.1.0"));

        waits.await(request(commit, "1.1.0", Policy.DEFAULT), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(end.summary()).contains("one or more objects failed to apply");
    }

    @Test
    void degradedFailsOnlyAfterItsGraceTime() {
        cluster.add(shop(Syncing.AUTOMATIC));
        cluster.rolloutsEnd(SHOP, new Outcome(HealthState.DEGRADED, "ImagePullBackOff"));
        String commit = git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.1.0"));
        Policy policy =
                new Policy(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ZERO, ArgoCd.Refresh.HARD, Set.of());

        waits.await(request(commit, "1.1.0", policy), listener);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(end.summary()).contains("Degraded, ImagePullBackOff");
    }

    @Test
    void aManualSyncIsAskedForWhereThePolicySaysSo() {
        cluster.add(shop(Syncing.MANUAL));
        String commit = git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.1.0"));
        Policy policy = new Policy(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ZERO,
                ArgoCd.Refresh.NORMAL,
                Set.of(Policy.Option.SYNC));

        waits.await(request(commit, "1.1.0", policy), listener);

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void anApplicationThatIsDeletedMeanwhileFails() {
        cluster.add(shop(Syncing.MANUAL));
        SyncWait wait = waits.await(request("f".repeat(40), "9.9.9", Policy.DEFAULT), listener);
        await().until(() -> wait.status().summary().contains("not related"));

        cluster.remove(SHOP);

        SyncStatus end = listener.awaitEnd();
        assertThat(end.summary()).isEqualTo("shop-prod: it was deleted during the wait");
    }

    @Test
    void aCancelledWaitSaysNothingMore() {
        cluster.add(shop(Syncing.AUTOMATIC));
        SyncWait wait = waits.await(request("f".repeat(40), "9.9.9", Policy.DEFAULT), listener);
        await().until(() -> !listener.heard().isEmpty());

        wait.cancel();

        assertThat(listener.ended()).isEmpty();
    }

    @Test
    void theDeadlineEndsAWaitWithWhatItStillWaitedFor() {
        cluster.add(shop(Syncing.MANUAL));
        String commit = git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.1.0"));
        SyncWait wait = waits.await(request(commit, "1.1.0", Policy.DEFAULT), listener);
        await().until(() -> wait.status().summary().contains("auto-sync is off"));

        ahead = Duration.ofHours(1);
        cluster.turn(SHOP, new Outcome(HealthState.PROGRESSING, "any news makes the wait look"));

        SyncStatus end = listener.awaitEnd();
        assertThat(end.kind()).isEqualTo(Verdict.Kind.TIMED_OUT);
        assertThat(end.summary()).contains("auto-sync is off");
    }

    private ArgoCd connected() {
        try {
            return connect();
        } catch (Exception cause) {
            throw new IllegalStateException(cause);
        }
    }

    private void awaitLive(String image) {
        try (ArgoCd argoCd = cluster.connect("argocd")) {
            await().until(() -> argoCd.observe(SHOP)
                    .filter(app -> app.isLive() && app.images().equals(List.of(image)))
                    .isPresent());
        }
    }

    private static Definition shop(Syncing syncing) {
        return new Definition(
                SHOP,
                "https://git.example.com/acme/config.git",
                "main",
                "shop",
                syncing,
                tree -> tree.read("shop/image").map(String::strip).map(List::of).orElse(List.of()));
    }

    private SyncRequest request(String commit, String tag, Policy policy) {
        return new SyncRequest(
                UUID.randomUUID().toString(),
                List.of(AwaitedApplications.named("main", "shop-prod")),
                new Expectation(
                        Optional.of(commit),
                        Map.of("api", ImageReference.parse("ghcr.io/acme/shop:" + tag)),
                        Optional.of("git@git.example.com:acme/config.git"),
                        Optional.of("main")),
                policy,
                Optional.of(git::isAncestor),
                Instant.now().plusSeconds(150));
    }
}
