package io.jenkins.plugins.gitops.engine.repository;

import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.request;
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
        repository.commit(request("first", append("first", "contact")), Progress.SILENT);
        fixture.server.forgetRequests();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String name = "w" + w;
            writers.add(threads.submit(() -> {
                start.await();
                for (int c = 0; c < COMMITS; c++) {
                    String bump = name + "-" + c;
                    long begun = System.nanoTime();
                    CommitOutcome outcome = repository.commit(request(bump, append("log", bump)), Progress.SILENT);
                    millis.add((System.nanoTime() - begun) / 1_000_000);
                    assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();

        Collections.sort(millis);
        System.out.printf(
                "16 writers x 5 commits: %d pushes, median %d ms, p95 %d ms%n",
                fixture.server.pushes(), millis.get(millis.size() / 2), millis.get(millis.size() * 95 / 100));
        assertThat(fixture.bumpIds()).hasSize(1 + WRITERS * COMMITS).doesNotHaveDuplicates();
        assertThat(fixture.onServer("log").lines()).hasSize(WRITERS * COMMITS);
        assertThat(fixture.server.pushes()).isLessThanOrEqualTo(20);
        assertThat(millis.get(millis.size() * 95 / 100)).isLessThanOrEqualTo(1000);
        fixture.verify();
    }
}
