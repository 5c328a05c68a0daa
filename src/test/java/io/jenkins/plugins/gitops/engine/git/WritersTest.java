package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritersTest {

    private static final int WRITERS = 16;
    private static final int COMMITS = 5;
    private static final int ALONE = 6;
    private static final int ROUNDS = 3;

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

    @Test
    void sixteenWritersShareTheirPushes() throws Exception {
        ConfigRepository repository = fixture.open();
        long alone = slowestAlone(repository);
        long p95 = Long.MAX_VALUE;
        // A second is what is wanted. Other work on the machine is waited out, if it lasts only for a round or two.
        for (int round = 0; round < ROUNDS && p95 > 1000; round++) {
            p95 = Math.min(p95, p95OfRound(repository, "r" + round));
        }

        assertThat(p95).isLessThanOrEqualTo(Math.max(1000, 20 * alone));
        fixture.verify();
    }

    private long p95OfRound(ConfigRepository repository, String round) throws Exception {
        String log = "log-" + round;
        fixture.server.forgetRequests();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String name = round + "-w" + w;
            writers.add(threads.submit(() -> {
                start.await();
                for (int c = 0; c < COMMITS; c++) {
                    String bump = name + "-" + c;
                    long pushes = fixture.server.pushes();
                    long begun = System.nanoTime();
                    CommitOutcome outcome = repository.commit(request(bump, append(log, bump)), Progress.SILENT);
                    millis.add((System.nanoTime() - begun) / 1_000_000);
                    assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
                    // The one under way, if it had not arrived yet, and its own.
                    assertThat(fixture.server.pushes() - pushes).isLessThanOrEqualTo(2);
                }
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> writer : writers) {
            writer.get();
        }

        Collections.sort(millis);
        long p95 = millis.get(millis.size() * 95 / 100);
        System.out.printf(
                "16 writers x 5 commits: %d pushes, median %d ms, p95 %d ms%n",
                fixture.server.pushes(), millis.get(millis.size() / 2), p95);
        assertThat(fixture.bumpIds().stream().filter(bump -> bump.startsWith(round)))
                .hasSize(WRITERS * COMMITS)
                .doesNotHaveDuplicates();
        assertThat(fixture.onServer(log).lines()).hasSize(WRITERS * COMMITS);
        assertThat(fixture.server.pushes()).isLessThanOrEqualTo(20);
        return p95;
    }

    /** In milliseconds, first contact left out. */
    private static long slowestAlone(ConfigRepository repository) {
        long slowest = 0;
        for (int i = 0; i < ALONE; i++) {
            long begun = System.nanoTime();
            repository.commit(request("alone-" + i, append("alone", "line " + i)), Progress.SILENT);
            slowest = i == 0 ? 0 : Math.max(slowest, (System.nanoTime() - begun) / 1_000_000);
        }
        return slowest;
    }
}
