package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 200 deployments under observation for half an hour, each with a metric that is asked for every 15 seconds. */
@Timeout(60)
class ManyVerificationsTest {

    private static final int MANY = 200;
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final VirtualScheduler time = new VirtualScheduler(Instant.parse("2026-03-02T12:00:00Z"));
    private final Map<String, AtomicInteger> queries = new ConcurrentHashMap<>();
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();
    private final Queue<Duration> tooSoon = new ConcurrentLinkedQueue<>();
    private final KeptVerifications kept = new KeptVerifications();

    @Test
    void theyCostNoThreadAndAQueryAnInterval() throws Exception {
        Verifications all = new Verifications(time, Runnable::run, time, time::nanos);
        // Threads that it starts belong to its group, those of other tests do not.
        ThreadGroup group = new ThreadGroup("verifications");
        AtomicInteger threads = new AtomicInteger();
        Thread beginning = new Thread(group, () -> {
            IntStream.range(0, MANY).forEach(number -> all.begin(begun(number), probes("shop-" + number), kept));
            threads.set(group.activeCount());
        });
        beginning.start();
        beginning.join();

        assertThat(threads).as("threads, with the one that begins them").hasValue(1);
        assertThat(time.waiting()).as("a timer for each check").isEqualTo(2L * MANY);
        Duration most = Duration.ZERO;
        for (; most.compareTo(HALF_AN_HOUR) < 0; most = most.plus(INTERVAL)) {
            queries.values().forEach(count -> count.set(0));
            time.pass(INTERVAL);
            assertThat(queries.values()).allSatisfy(count -> assertThat(count).hasValueLessThanOrEqualTo(1));
        }

        assertThat(tooSoon).as("also where a look completes the time").isEmpty();
        assertThat(kept.recorded())
                .hasSize(MANY)
                .allMatch(verification -> verification.status() == Verification.Status.VERIFIED);
        assertThat(all.all()).isEmpty();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void anAlertReachesTheOneThatItConcerns() {
        Verifications all = new Verifications(time, Runnable::run, time, time::nanos);
        IntStream.range(0, MANY).forEach(number -> all.begin(begun(number), probes("shop-" + number), kept));

        Alert alert = new Alert(Alert.Status.FIRING, "c0ffee", Map.of("service", "shop-17"), "", time.instant());
        all.all().forEach(live -> live.hear(alert));

        assertThat(kept.recorded())
                .singleElement()
                .satisfies(failed -> assertThat(failed.deployed().application()).isEqualTo("shop-17"));
        assertThat(all.all()).hasSize(MANY - 1);
    }

    private Verification begun(int number) {
        String application = "shop-" + number;
        return Verification.begin(
                new Verification.Deployed("https://git/config.git", application, "prod", "main", "c0ffee", Map.of()),
                new VerificationDefinition(
                        Duration.ofMinutes(20).plusSeconds(number % 40 + number % 7),
                        List.of(
                                new Prometheus(
                                        "errors",
                                        "observability",
                                        "sum(errors)",
                                        null,
                                        0.01,
                                        NoData.WAIT,
                                        Duration.ofMinutes(20).plusSeconds(number % 40),
                                        INTERVAL),
                                new Alerts(Map.of("service", application), HALF_AN_HOUR))),
                1,
                time.instant());
    }

    private Map<String, CheckProbe> probes(String application) {
        return Map.of(
                "errors",
                () -> {
                    queries.computeIfAbsent(application, first -> new AtomicInteger())
                            .incrementAndGet();
                    Instant before = asked.put(application, time.instant());
                    if (before != null && before.plus(INTERVAL).isAfter(time.instant())) {
                        tooSoon.add(Duration.between(before, time.instant()));
                    }
                    return CompletableFuture.completedFuture(new Sample(Sample.Kind.GOOD, "0.004"));
                },
                "alerts",
                () -> CompletableFuture.completedFuture(new Sample(Sample.Kind.GOOD, "no alert")));
    }
}
