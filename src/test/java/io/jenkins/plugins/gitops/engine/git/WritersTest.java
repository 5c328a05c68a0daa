package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritersTest {

    private static final int WRITERS = 16;
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("log", ""));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    /** With few attempts, and some seconds. */
    private ConfigRepositoryFixture hasty(Path under, int seconds) throws IOException {
        ConfigRepositoryFixture hasty = new ConfigRepositoryFixture(
                under,
                RepositorySettings.DEFAULT.with(new OperationLimits(3, Duration.ofSeconds(seconds), 1 << 20, 1 << 20)));
        hasty.commitWithGit(Map.of("log", ""));
        return hasty;
    }

    /** Somebody else commits before each push, at most so often. */
    private static AtomicInteger overtake(ConfigRepositoryFixture busy, int most) {
        AtomicInteger others = new AtomicInteger();
        busy.server.intercept(request -> {
            if (request.method().equals("POST") && request.isPush() && others.get() < most) {
                busy.commitWithGit("By hand", Map.of("other", String.valueOf(others.incrementAndGet())));
            }
            return Optional.empty();
        });
        return others;
    }

    @Test
    void whoIsOvertakenGoesOnWhileThereIsTime() throws IOException {
        ConfigRepositoryFixture busy = hasty(directory.resolve("busy"), 60);
        try {
            overtake(busy, 20);

            busy.commit(request(append("log", "a")));

            assertThat(busy.onServer("log")).isEqualTo("a");
            assertThat(busy.git("rev-list", "--count", "main")).isEqualTo("22");
            busy.verify();
        } finally {
            busy.close();
        }
    }

    @Test
    void whoIsAlwaysOvertakenReadsSoWhenTheTimeIsUp() throws IOException {
        ConfigRepositoryFixture busy = hasty(directory.resolve("busier"), 2);
        try {
            AtomicInteger others = overtake(busy, Integer.MAX_VALUE);

            assertThatThrownBy(() -> busy.commit(request(append("log", "a"))))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageMatching(
                            "Branch main of \\S+ moved before each push \\(\\d+ attempts in \\d+ s\\); try again"
                                    + " when fewer pushes are under way");
            assertThat(others).hasValueGreaterThan(3);
        } finally {
            busy.close();
        }
    }

    /** All that ask while a push is under way go out together in the next one. */
    @Test
    void sixteenWritersShareTheirPushes() throws Exception {
        ConfigRepository repository = fixture.open();
        for (int round = 0; round < ROUNDS; round++) {
            String name = "r" + round;
            CountDownLatch pushUnderWay = new CountDownLatch(1);
            CountDownLatch mayGoOn = new CountDownLatch(1);
            fixture.server.forgetRequests();
            fixture.server.intercept(request -> {
                if (request.method().equals("POST") && request.isPush()) {
                    pushUnderWay.countDown();
                    waitFor(mayGoOn);
                }
                return Optional.empty();
            });
            FutureTask<CommitOutcome> first = write(repository, name + "-first");
            new Thread(first).start();
            pushUnderWay.await();

            Map<Thread, FutureTask<CommitOutcome>> writers = new LinkedHashMap<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                FutureTask<CommitOutcome> commit = write(repository, name + "-" + writer);
                writers.put(new Thread(commit), commit);
            }
            writers.keySet().forEach(Thread::start);
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            writers.keySet().stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
            mayGoOn.countDown();

            assertThat(first.get()).isInstanceOf(CommitOutcome.Committed.class);
            for (FutureTask<CommitOutcome> commit : writers.values()) {
                assertThat(commit.get()).isInstanceOf(CommitOutcome.Committed.class);
            }
            assertThat(fixture.server.pushes()).isEqualTo(2);
        }

        assertThat(fixture.bumpIds().stream().filter(bump -> bump.startsWith("r")))
                .hasSize(ROUNDS * (1 + WRITERS))
                .doesNotHaveDuplicates();
        assertThat(fixture.onServer("log").lines()).hasSize(ROUNDS * (1 + WRITERS));
        fixture.verify();
    }

    private static FutureTask<CommitOutcome> write(ConfigRepository repository, String bump) {
        return new FutureTask<>(() -> repository.commit(request(bump, append("log", bump)), Progress.SILENT));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
