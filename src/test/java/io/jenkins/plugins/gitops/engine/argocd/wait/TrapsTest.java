package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdApi;
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
import io.jenkins.plugins.gitops.engine.argocd.Traps;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole waits against what a real Argo CD does to those who take its word too literally, for every way to connect. */
@Timeout(240)
class TrapsTest {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop");
    private static final ApplicationName CHILD = new ApplicationName("argocd", "shop-child");
    private static final int HISTORIES = 24;

    @TempDir
    Path directory;

    private BareRepository git;
    private SimulatedArgoCd cluster;
    private ArgoCdApi api;
    private SyncWaits waits;
    private volatile Backend backend;
    private final RecordingListener listener = new RecordingListener();
    /** The waits' clock is so much ahead. */
    private volatile Duration ahead = Duration.ZERO;

    /** The two APIs an Argo CD can be reached through. */
    enum Backend {
        KUBERNETES,
        ARGO_CD
    }

    @BeforeEach
    void start() throws IOException {
        git = BareRepository.create(directory);
        git.commit(Map.of("shop/image", "ghcr.io/acme/shop:1.0.0"));
        cluster = new SimulatedArgoCd(git.directory(), Pace.FAST, InstantSource.system());
        api = new ArgoCdApi(cluster.backing());
        waits = new SyncWaits(name -> connect(), () -> Instant.now().plus(ahead), new Random(1));
    }

    @AfterEach
    void stop() {
        waits.close();
        api.close();
        cluster.close();
        git.close();
    }

    private ArgoCd connect() {
        return backend == Backend.KUBERNETES ? cluster.connect("argocd") : api.connect("argocd");
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshThatAnotherOneSwallowsIsRequestedAgain(Backend kind) {
        backend = kind;
        add(SHOP, Traps.slow(Duration.ofSeconds(1)));
        awaitLive(SHOP, 0);
        requestRefresh(SHOP);
        await().until(() -> !cluster.refreshes(SHOP).isEmpty());
        String commit = bump(SHOP, 1);

        waits.await(request(SHOP, commit, 1, Policy.DEFAULT), listener);

        assertThat(listener.awaitEnd().summary())
                .isEqualTo("shop: synced to your commit " + commit.substring(0, 7) + " and Healthy");
        assertThat(cluster.refreshes(SHOP)).hasSizeBetween(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void aSyncWindowThatOpensIsToldToArgoCd(Backend kind) {
        backend = kind;
        add(SHOP, Traps.NONE);
        awaitLive(SHOP, 0);
        closeWindow(true);
        SyncWait wait = waits.await(request(SHOP, bump(SHOP, 1), 1, Policy.DEFAULT), listener);
        await().until(() -> wait.status().summary().endsWith("waiting for auto-sync"));
        passUntil(() -> wait.status().summary().endsWith("the sync window is closed, by deny '* * * * *' for 1h"));
        int before = cluster.refreshes(SHOP).size();

        closeWindow(false);
        passUntil(() -> listener.ended().isPresent());

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(cluster.refreshes(SHOP)).hasSizeGreaterThan(before);
    }

    @ParameterizedTest
    @EnumSource
    void aSyncWindowThatOpensBeforeTheWaitAsksAboutItIsToldToArgoCd(Backend kind) {
        backend = kind;
        add(SHOP, Traps.NONE);
        awaitLive(SHOP, 0);
        closeWindow(true);
        SyncWait wait = waits.await(request(SHOP, bump(SHOP, 1), 1, Policy.DEFAULT), listener);
        await().until(() -> wait.status().summary().endsWith("waiting for auto-sync"));

        closeWindow(false);
        passUntil(() -> listener.ended().isPresent());

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
        assertThat(cluster.refreshes(SHOP)).hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void whileACommitIsHydratedItIsNotLive(Backend kind) {
        backend = kind;
        add(SHOP, new Traps(Duration.ZERO, false, 0, true, List.of()));
        awaitLive(SHOP, 0);
        cluster.setPace(new Pace(Duration.ofSeconds(1), Duration.ofMillis(30), Duration.ofMinutes(3)));
        String commit = bump(SHOP, 1);

        Ended end = new Ended(commit);
        waits.await(request(SHOP, commit, 1, Policy.DEFAULT), end);

        await().until(end::hasEnded);
        assertThat(end.summary()).isEqualTo("shop: synced to your commit " + commit.substring(0, 7) + " and Healthy");
        assertThat(end.at).isGreaterThanOrEqualTo(liveAt(SHOP, commit));
        assertThat(end.heard).anyMatch(line -> line.contains("hydrating"));
    }

    @ParameterizedTest
    @EnumSource
    void anAppOfAppsIsLiveWhenItsChildrenAre(Backend kind) {
        backend = kind;
        add(CHILD, Traps.NONE);
        add(SHOP, new Traps(Duration.ZERO, false, 0, false, List.of(CHILD)));
        awaitLive(CHILD, 0);
        cluster.rolloutsEnd(CHILD, new Outcome(HealthState.SUSPENDED, ""));
        String commit = git.commit(
                Map.of("shop/image", "ghcr.io/acme/shop:1.1.0", "shop-child/image", "ghcr.io/acme/shop-child:1.1.0"));
        SyncWait wait = waits.await(request(SHOP, commit, 1, Policy.DEFAULT), listener);
        await().until(() -> wait.status().summary().matches("shop-child: .* health Suspended, .*"));

        cluster.heal(CHILD);

        assertThat(listener.awaitEnd().summary()).matches("shop: .* and Healthy; shop-child: .* and Healthy");
    }

    @ParameterizedTest
    @EnumSource
    void aChildInANamespaceThatIsNotWatchedIsNamed(Backend kind) {
        backend = kind;
        add(SHOP, new Traps(Duration.ZERO, false, 0, false, List.of(new ApplicationName("team-a", "api"))));

        waits.await(request(SHOP, bump(SHOP, 1), 1, Policy.DEFAULT), listener);

        assertThat(listener.awaitEnd().summary())
                .isEqualTo("shop: its child Application team-a/api is in a namespace that is not watched, so that its"
                        + " health is unknown: wait for the children themselves, by name or selector");
    }

    /**
     * Good, broken and refused releases, with traps at random, all at once: a good one is healthy, no sooner than it is
     * live; the others never.
     */
    @ParameterizedTest
    @EnumSource
    void generatedHistoriesEndAsTheyShould(Backend kind) {
        backend = kind;
        Random random = new Random(42 + kind.ordinal());
        List<History> histories = new ArrayList<>();
        for (int i = 0; i < HISTORIES; i++) {
            histories.add(new History(new ApplicationName("argocd", "shop-" + i), random));
        }
        git.commit(Map.of("done", "all are there"));
        histories.forEach(history -> awaitLive(history.name, 0));

        histories.forEach(History::begin);

        for (History history : histories) {
            await().untilAsserted(() ->
                    assertThat(history.end.hasEnded()).as(history.toString()).isTrue());
            history.check();
        }
    }

    private enum Fate {
        GOOD,
        BROKEN,
        REFUSED
    }

    /** One Application, one release, and what becomes of it. */
    private final class History {

        final ApplicationName name;
        final Traps traps;
        final Fate fate;
        final boolean refreshing;
        Ended end;

        History(ApplicationName name, Random random) {
            this.name = name;
            this.fate = List.of(Fate.GOOD, Fate.GOOD, Fate.BROKEN, Fate.REFUSED).get(random.nextInt(4));
            this.refreshing = random.nextInt(3) == 0;
            this.traps = new Traps(
                    Duration.ofMillis(random.nextInt(3) * 200L),
                    random.nextBoolean(),
                    random.nextInt(3),
                    random.nextInt(4) == 0,
                    List.of());
            add(name, traps);
        }

        void begin() {
            if (fate == Fate.BROKEN) {
                cluster.rolloutsEnd(name, new Outcome(HealthState.DEGRADED, "CrashLoopBackOff"));
            } else if (fate == Fate.REFUSED) {
                cluster.failSyncs(name, "one or more objects failed to apply");
            }
            if (refreshing) {
                requestRefresh(name);
            }
            String commit = bump(name, 1);
            end = new Ended(commit);
            Policy policy = new Policy(
                    Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ZERO, ArgoCd.Refresh.NORMAL, Set.of());
            waits.await(request(name, commit, 1, policy), end);
        }

        void check() {
            assertThat(end.kind())
                    .as(toString())
                    .isEqualTo(fate == Fate.GOOD ? Verdict.Kind.HEALTHY : Verdict.Kind.FAILED);
            if (fate == Fate.GOOD) {
                assertThat(end.at).as(toString()).isGreaterThanOrEqualTo(liveAt(name, end.commit));
            }
        }

        @Override
        public String toString() {
            return name + " " + fate + " " + traps + (refreshing ? " refreshing " : " ") + end.heard + " " + end.last;
        }
    }

    /** Keeps what a wait says, and when it ended. */
    private static final class Ended implements Consumer<SyncStatus> {

        final String commit;
        final List<String> heard = new CopyOnWriteArrayList<>();
        volatile Optional<SyncStatus> last = Optional.empty();
        volatile long at;

        Ended(String commit) {
            this.commit = commit;
        }

        @Override
        public void accept(SyncStatus status) {
            heard.add(status.summary());
            if (!status.isPending()) {
                at = System.nanoTime();
                last = Optional.of(status);
            }
        }

        boolean hasEnded() {
            return last.isPresent();
        }

        Verdict.Kind kind() {
            return last.orElseThrow().kind();
        }

        String summary() {
            return last.orElseThrow().summary();
        }
    }

    private void add(ApplicationName name, Traps traps) {
        git.commit(Map.of(name.name() + "/image", image(name, 0)));
        cluster.add(
                new Definition(
                        name,
                        "https://git.example.com/acme/config.git",
                        "main",
                        name.name(),
                        Syncing.AUTOMATIC,
                        tree -> tree.read(name.name() + "/image").map(List::of).orElse(List.of())),
                traps);
    }

    private static String image(ApplicationName name, int version) {
        return "ghcr.io/acme/" + name.name() + ":1." + version + ".0";
    }

    private String bump(ApplicationName name, int version) {
        return git.commit(Map.of(name.name() + "/image", image(name, version)));
    }

    /** As somebody else does. */
    private void requestRefresh(ApplicationName name) {
        try (ArgoCd other = cluster.connect("argocd")) {
            other.refresh(other.observe(name).orElseThrow(), ArgoCd.Refresh.NORMAL);
        }
    }

    private void closeWindow(boolean closed) {
        cluster.closeSyncWindow(closed);
        api.syncWindows(
                closed
                        ? "{\"activeWindows\": [{\"kind\": \"deny\", \"schedule\": \"* * * * *\", \"duration\":"
                                + " \"1h\"}]}"
                        : "{}");
    }

    /** Lets time pass and makes the wait look, until this holds. */
    private void passUntil(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            ahead = ahead.plusSeconds(3);
            cluster.label(SHOP, "looked", String.valueOf(ahead.toSeconds()));
            return condition.call();
        });
    }

    /** The first moment at which the commit, or one after it, was live. */
    private long liveAt(ApplicationName name, String commit) {
        return cluster.liveAt(name).entrySet().stream()
                .filter(live -> isOrFollows(live.getKey(), commit))
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElseThrow();
    }

    /** A hydrated commit is named by its dry one's id in reverse. */
    private boolean isOrFollows(String revision, String commit) {
        String dry = new StringBuilder(revision).reverse().toString();
        return revision.equals(commit)
                || dry.equals(commit)
                || git.isAncestor(commit, revision)
                || git.isAncestor(commit, dry);
    }

    private void awaitLive(ApplicationName name, int version) {
        try (ArgoCd argoCd = cluster.connect("argocd")) {
            await().until(() -> argoCd.observe(name)
                    .filter(app -> app.isLive() && app.images().equals(List.of(image(name, version))))
                    .isPresent());
        }
    }

    private SyncRequest request(ApplicationName name, String commit, int version, Policy policy) {
        return new SyncRequest(
                name.name() + "-wait",
                List.of(AwaitedApplications.named("main", name.name())),
                new Expectation(
                        Optional.of(commit),
                        Map.of("api", ImageReference.parse(image(name, version))),
                        Optional.of("git@git.example.com:acme/config.git"),
                        Optional.of("main")),
                policy,
                Optional.of(git::isAncestor),
                Instant.now().plus(Duration.ofHours(1)));
    }
}
