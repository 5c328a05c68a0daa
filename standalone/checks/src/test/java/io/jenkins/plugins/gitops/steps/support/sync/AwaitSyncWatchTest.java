package io.jenkins.plugins.gitops.steps.support.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two waits of one controller, the log of one of which hangs. */
@Timeout(180)
class AwaitSyncWatchTest {

    private static final String COMMIT = "c".repeat(40);

    @TempDir
    private Path folder;

    private final CountDownLatch logGoesOn = new CountDownLatch(1);
    private final CountDownLatch logHangs = new CountDownLatch(1);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private ShopController shop;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        shop.degraded("shop-prod", COMMIT);
        shop.degraded("shop-east", COMMIT);
    }

    @AfterEach
    void end() throws Exception {
        logGoesOn.countDown();
        shop.close();
    }

    @Test
    void aLogThatHangsHoldsUpNoOtherWait() throws Exception {
        watch("shop-prod", this::hang, status -> {}).begin();
        logHangs.await();
        CompletableFuture<SyncStatus> other = new CompletableFuture<>();
        watch("shop-east", Progress.SILENT, other::complete).begin();

        shop.live("shop-east", COMMIT);

        assertThat(other.get(60, TimeUnit.SECONDS).kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void theEndComesAfterAllThatWasSaid() throws Exception {
        AwaitSyncWatch watch = watch("shop-prod", this::hang, status -> heard.add("end"));
        watch.begin();
        logHangs.await();
        shop.live("shop-prod", COMMIT);
        await().atMost(60, TimeUnit.SECONDS).until(() -> watch.kinds().containsValue(Verdict.Kind.HEALTHY));

        logGoesOn.countDown();

        await().atMost(60, TimeUnit.SECONDS).until(() -> heard.contains("end"));
        assertThat(heard).hasSizeGreaterThan(1).last().isEqualTo("end");
    }

    private void hang(String line) {
        logHangs.countDown();
        Uninterruptibles.awaitUninterruptibly(logGoesOn);
        heard.add(line);
    }

    private static AwaitSyncWatch watch(String application, Progress log, Consumer<SyncStatus> ended) {
        AwaitedApplications watched = AwaitedApplications.named("cluster", application);
        AwaitSyncPlan.Leg leg = new AwaitSyncPlan.Leg(
                application, null, null, null, COMMIT, new LinkedHashMap<>(), null, new ArrayList<>(List.of(watched)));
        AwaitSyncPlan plan = new AwaitSyncPlan(
                application,
                GitOpsServices.get().clock().instant().plus(Duration.ofHours(1)),
                new ArrayList<>(List.of(leg)));
        return new AwaitSyncWatch(
                GitOpsServices.get(),
                plan,
                Policy.DEFAULT,
                Optional.empty(),
                log,
                Optional.empty(),
                (begun, status) -> ended.accept(status));
    }
}
