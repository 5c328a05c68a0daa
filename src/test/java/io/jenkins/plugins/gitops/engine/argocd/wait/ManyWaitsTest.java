package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait costs no thread, no stream and no request of its own. */
@Timeout(240)
class ManyWaitsTest {

    private static final int APPLICATIONS = 200;
    private static final String COMMIT = "a".repeat(40);
    private static final String BEFORE = "c".repeat(40);

    /** A loop, 2 for requests, 16 for orders and one that closes; those without work end soon. */
    private static final int BUSY = 20;

    private static final int IDLE = 9;

    @Test
    void aThousandWaitsShareOneStreamAndAFewThreads() {
        ScriptedArgoCd argoCd = run(1_000, IDLE);

        assertThat(argoCd.lists).hasValue(1);
        assertThat(argoCd.watches).hasValue(1);
    }

    @Test
    void tenThousandWaitsAskNoMoreThanAThousand() {
        int few = run(1_000, BUSY).refreshes.get();
        int many = run(10_000, BUSY).refreshes.get();

        assertThat(few).isEqualTo(APPLICATIONS);
        assertThat(many).isEqualTo(APPLICATIONS);
    }

    private static ScriptedArgoCd run(int count, int mostThreads) {
        ScriptedArgoCd argoCd = new ScriptedArgoCd();
        for (int i = 0; i < APPLICATIONS; i++) {
            argoCd.put(Applications.waiting("shop-" + i, BEFORE));
        }
        AtomicInteger healthy = new AtomicInteger();
        // The clock stands still: requests are repeated as time goes by, however many wait.
        try (SyncWaits waits = new SyncWaits(name -> argoCd, InstantSource.fixed(Instant.now()), new Random(7))) {
            List<SyncWait> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(waits.await(
                        ConnectionFaultsTest.request(
                                "shop-" + i % APPLICATIONS, Duration.ofSeconds(90), Duration.ofSeconds(60)),
                        counting(healthy)));
            }
            await().until(() ->
                    all.stream().allMatch(wait -> wait.status().summary().contains("before your commit")));
            await().until(() -> threads() <= mostThreads);

            for (int i = 0; i < APPLICATIONS; i++) {
                argoCd.change(Applications.live("shop-" + i, COMMIT, 1));
            }

            await().untilAtomic(healthy, org.hamcrest.Matchers.is(count));
        }
        return argoCd;
    }

    /** Of all waits in this JVM; those of a test before end soon. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gitops-sync-"))
                .count();
    }

    private static Consumer<SyncStatus> counting(AtomicInteger healthy) {
        return status -> {
            if (status.kind() == Verdict.Kind.HEALTHY) {
                healthy.incrementAndGet();
            }
        };
    }
}
