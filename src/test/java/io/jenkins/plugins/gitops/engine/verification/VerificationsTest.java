package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Verifications under way, with checks that answer as a test says. */
@Timeout(60)
class VerificationsTest {

    private static final Pipeline STEPS = new Pipeline("e2e#1", "step");
    private static final Duration SOON = Duration.ofMillis(20);

    private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(4);
    private final AtomicLong passed = new AtomicLong();
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-03-02T12:00:00Z"));
    private final Verifications all = new Verifications(pool, pool, wall::get, () -> System.nanoTime() + passed.get());
    private final List<Verification> recorded = new CopyOnWriteArrayList<>();
    private final AtomicReference<Verification> kept = new AtomicReference<>();

    private final Verifications.Owner owner = new Verifications.Owner() {
        @Override
        public void changed(Verification now) {
            kept.set(now);
        }

        @Override
        public Verification ended(Verification last) {
            recorded.add(last);
            return last;
        }
    };

    @AfterEach
    void stop() {
        all.close();
        pool.shutdownNow();
    }

    @Test
    void everyCheckMustPass() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "fast", "slow"),
                Map.of(
                        "fast",
                        says(Sample.Kind.GOOD),
                        "slow",
                        () -> answer(looks.incrementAndGet() < 5 ? Sample.Kind.BAD : Sample.Kind.GOOD)),
                owner);

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);

        assertThat(ended.status()).isEqualTo(Verification.Status.VERIFIED);
        assertThat(ended.lines()).containsExactly("fast passed: good", "slow passed: good");
        assertThat(recorded).containsExactly(ended);
        assertThat(all.all()).isEmpty();
    }

    @Test
    void oneThatFailsEndsItAndTheOthersAreLookedAtNoMore() throws Exception {
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "bad", "waits"),
                Map.of("bad", says(Sample.Kind.FAILED), "waits", says(Sample.Kind.MISSED)),
                owner);

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);

        assertThat(ended.status()).isEqualTo(Verification.Status.FAILED);
        assertThat(ended.summary()).isEqualTo("bad failed: failed");
        assertThat(ended.isAgainstRelease()).isTrue();
    }

    @Test
    void theTimeIsOverWhenItIsOverAndNotWhenSomebodySetsTheClock() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "slow"),
                Map.of("slow", () -> {
                    wall.updateAndGet(now -> now.plus(Duration.ofHours(1)));
                    return answer(looks.incrementAndGet() < 5 ? Sample.Kind.MISSED : Sample.Kind.GOOD);
                }),
                owner);

        assertThat(live.ended().get(30, TimeUnit.SECONDS).status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void whatDoesNotPassInTimeHasFailed() throws Exception {
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMillis(300), "silent"), Map.of("silent", says(Sample.Kind.MISSED)), owner);

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);

        assertThat(ended.summary()).isEqualTo("silent failed: not verified in time: missed");
        assertThat(ended.isAgainstRelease()).isFalse();
    }

    @Test
    void aLookThatThrowsIsOneThatCouldNotBeTaken() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "flaky"),
                Map.of("flaky", () -> {
                    if (looks.incrementAndGet() < 3) {
                        throw new IllegalStateException("no route");
                    }
                    return answer(Sample.Kind.GOOD);
                }),
                owner);

        assertThat(live.ended().get(30, TimeUnit.SECONDS).status()).isEqualTo(Verification.Status.VERIFIED);
    }

    @Test
    void whoeverWaitsForTheSameDeploymentJoins() {
        Verification begun = begun("c1", Duration.ofMinutes(10), "waits");
        LiveVerification first = all.begin(begun, Map.of("waits", says(Sample.Kind.MISSED)), owner);

        assertThat(all.begin(begun, Map.of("waits", says(Sample.Kind.FAILED)), owner))
                .isSameAs(first);
    }

    @Test
    void aNewerDeploymentOfTheTargetTakesThePlaceOfAnOlder() throws Exception {
        LiveVerification older = all.begin(
                begun("c1", Duration.ofMinutes(10), "waits"), Map.of("waits", says(Sample.Kind.MISSED)), owner);
        wall.updateAndGet(now -> now.plusSeconds(60));

        LiveVerification newer = all.begin(
                begun("c2", Duration.ofMinutes(10), "waits"), Map.of("waits", says(Sample.Kind.MISSED)), owner);

        assertThat(older.ended().get(30, TimeUnit.SECONDS).status()).isEqualTo(Verification.Status.SUPERSEDED);
        assertThat(all.all()).containsExactly(newer);
    }

    @Test
    void itGoesOnAfterARestartAsItWasKept() throws Exception {
        all.begin(
                begun("c1", Duration.ofMinutes(10), "done", "waits"),
                Map.of("done", says(Sample.Kind.GOOD), "waits", says(Sample.Kind.MISSED)),
                owner);
        org.awaitility.Awaitility.await().until(() -> kept.get().checks().get(0).state() == CheckProgress.State.PASSED);
        all.close();

        Verifications again = new Verifications(pool, pool, wall::get, System::nanoTime);
        Verification ended = again.resume(
                        Verification.read(kept.get().json()),
                        Map.of("done", says(Sample.Kind.FAILED), "waits", says(Sample.Kind.GOOD)),
                        owner)
                .ended()
                .get(30, TimeUnit.SECONDS);

        assertThat(ended.lines()).containsExactly("done passed: good", "waits passed: good");
    }

    @Test
    void twoHundredThatWaitForAnswersHoldNoThreadAndAskOnceEach() {
        int threads = Thread.activeCount();
        AtomicInteger looks = new AtomicInteger();
        for (int at = 0; at < 200; at++) {
            Verification.Deployed deployed =
                    new Verification.Deployed("https://git/config.git", "shop" + at, "prod", "main", "c1", Map.of());
            all.begin(
                    Verification.begin(
                            deployed,
                            begun("c1", Duration.ofMinutes(10), "slow").definition(),
                            1,
                            wall.get()),
                    Map.of("slow", () -> {
                        looks.incrementAndGet();
                        return new CompletableFuture<>();
                    }),
                    owner);
        }

        org.awaitility.Awaitility.await().until(() -> looks.get() == 200);
        assertThat(Thread.activeCount() - threads).isLessThanOrEqualTo(8);
        assertThat(looks).hasValue(200);
    }

    @Test
    void stepsThatJoinSayThemselvesHowTheyEndAndNoDeadlineIsTheirs() throws Exception {
        CompletableFuture<Sample> good = new CompletableFuture<>();
        CompletableFuture<Sample> late = new CompletableFuture<>();
        LiveVerification live =
                all.begin(begun("c1", Duration.ofMinutes(10), "good"), Map.of("good", () -> good), owner);

        assertThat(live.join(STEPS, () -> late)).isTrue();
        good.complete(new Sample(Sample.Kind.GOOD, "good"));
        org.awaitility.Awaitility.await().until(() -> live.now().isDeclaredPassed());
        passed.set(Duration.ofHours(5).toNanos());
        late.complete(new Sample(Sample.Kind.MISSED, "is running"));
        org.awaitility.Awaitility.await().until(() -> live.now().lines().contains("pipeline waits: is running"));
        assertThat(live.ended()).isNotDone();
        live.decide(Pipeline.NAME, new Sample(Sample.Kind.GOOD, "e2e#1"));

        assertThat(live.ended().get(30, TimeUnit.SECONDS).lines())
                .containsExactly("good passed: good", "pipeline passed: e2e#1");
        assertThat(live.join(STEPS, says(Sample.Kind.MISSED))).isFalse();
    }

    @Test
    void stepsThatFailSpeakAgainstTheRelease() throws Exception {
        LiveVerification live = withSteps("good");

        live.decide(Pipeline.NAME, new Sample(Sample.Kind.FAILED, "e2e#1: exit code 1"));

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);
        assertThat(ended.summary()).isEqualTo("pipeline failed: e2e#1: exit code 1");
        assertThat(ended.isAgainstRelease()).isTrue();
    }

    @Test
    void stepsThatAreStoppedLeaveTheVerdictToWhatIsDeclared() throws Exception {
        LiveVerification live = withSteps("good");

        live.decide(Pipeline.NAME, new Sample(Sample.Kind.ABORTED, "Aborted by Mary"));

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);
        assertThat(ended.status()).isEqualTo(Verification.Status.VERIFIED);
        assertThat(ended.lines()).containsExactly("good passed: good", "pipeline aborted: Aborted by Mary");
    }

    @Test
    void whereNothingIsDeclaredStepsThatAreStoppedSayNothing() throws Exception {
        LiveVerification live = withSteps();

        live.decide(Pipeline.NAME, new Sample(Sample.Kind.ABORTED, "Aborted by Mary"));

        Verification ended = live.ended().get(30, TimeUnit.SECONDS);
        assertThat(ended.status()).isEqualTo(Verification.Status.ABORTED);
        assertThat(ended.summary()).isEqualTo("pipeline aborted: Aborted by Mary");
        assertThat(Verification.read(ended.json())).isEqualTo(ended);
    }

    @Test
    void stepsGoOnAfterARestartAndNobodyElseMayHaveMissedThem() throws Exception {
        LiveVerification live = withSteps("good");
        org.awaitility.Awaitility.await().until(() -> live.now().isDeclaredPassed());
        Verification stopped = live.now();
        all.close();

        Verifications again = new Verifications(pool, pool, wall::get, System::nanoTime);
        wall.updateAndGet(now -> now.plus(Duration.ofHours(5)));
        LiveVerification resumed =
                again.resume(Verification.read(stopped.json()), Map.of(Pipeline.NAME, says(Sample.Kind.MISSED)), owner);
        assertThat(resumed.now().openSteps()).contains(STEPS);
        resumed.decide(Pipeline.NAME, new Sample(Sample.Kind.GOOD, "e2e#1"));

        assertThat(resumed.ended().get(30, TimeUnit.SECONDS).lines())
                .containsExactly("good passed: good", "pipeline passed: e2e#1");
    }

    private LiveVerification withSteps(String... checks) {
        Verification begun = begun("c1", Duration.ofMinutes(10), checks);
        return all.begin(
                Verification.begin(
                        begun.deployed(),
                        VerificationDefinition.of(Optional.of(begun.definition()), STEPS),
                        1,
                        wall.get()),
                Map.of("good", says(Sample.Kind.GOOD), Pipeline.NAME, says(Sample.Kind.MISSED)),
                owner);
    }

    @Test
    void theOwnerHasTheLastWord() throws Exception {
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "good"),
                Map.of("good", says(Sample.Kind.GOOD)),
                new Verifications.Owner() {
                    @Override
                    public void changed(Verification now) {}

                    @Override
                    public Verification ended(Verification last) {
                        return last.replacedBy("runs commit c2", wall.get());
                    }
                });

        assertThat(live.ended().get(30, TimeUnit.SECONDS).summary()).isEqualTo("runs commit c2");
    }

    @Test
    void whatACheckHasBegunEndsOnceItsEndIsKept() throws Exception {
        List<String> ends = new CopyOnWriteArrayList<>();
        LiveVerification live = all.begin(
                begun("c1", Duration.ofMinutes(10), "early", "waits", "last"),
                Map.of(
                        "early",
                        heard("early", ends, () -> answer(Sample.Kind.GOOD)),
                        "waits",
                        heard("waits", ends, () -> answer(Sample.Kind.MISSED)),
                        "last",
                        heard("last", ends, () -> answer(ends.isEmpty() ? Sample.Kind.MISSED : Sample.Kind.FAILED))),
                new Verifications.Owner() {
                    /** Looks of two checks may come in at once. */
                    @Override
                    public synchronized void changed(Verification now) {
                        now.checks().stream()
                                .filter(check -> check.state() == CheckProgress.State.PASSED)
                                .filter(check -> !ends.contains("kept " + check.check()))
                                .forEach(check -> ends.add("kept " + check.check()));
                    }

                    @Override
                    public Verification ended(Verification last) {
                        ends.add("kept");
                        return last;
                    }
                });

        live.ended().get(30, TimeUnit.SECONDS);

        assertThat(ends.subList(0, 3)).containsExactly("kept early", "early", "kept");
        assertThat(ends.subList(3, ends.size())).containsExactlyInAnyOrder("waits", "last");
    }

    private static CheckProbe heard(String name, List<String> ends, CheckProbe looks) {
        return new CheckProbe() {
            @Override
            public CompletionStage<Sample> look() {
                return looks.look();
            }

            @Override
            public void ended() {
                ends.add(name);
            }
        };
    }

    private Verification begun(String commit, Duration within, String... checks) {
        return Verification.begin(
                new Verification.Deployed("https://git/config.git", "shop", "prod", "main", commit, Map.of()),
                new VerificationDefinition(
                        within,
                        List.of(checks).stream()
                                .map(name -> (VerificationDefinition.Check)
                                        new Http(name, "http://shop", 200, null, Duration.ZERO, SOON))
                                .toList()),
                1,
                wall.get());
    }

    private static CheckProbe says(Sample.Kind kind) {
        return () -> answer(kind);
    }

    private static CompletableFuture<Sample> answer(Sample.Kind kind) {
        return CompletableFuture.completedFuture(new Sample(kind, kind.name().toLowerCase(java.util.Locale.ROOT)));
    }
}
