package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        repository.commit(request("first", append("log", "first contact")), Progress.SILENT);
        fixture.server.forgetRequests();
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String name = "w" + w;
            writers.add(threads.submit(() -> {
                start.await();
                for (int c = 0; c < COMMITS; c++) {
                    String bump = name + "-" + c;
                    long pushes = fixture.server.pushes();
                    CommitOutcome outcome = repository.commit(request(bump, append("log", bump)), Progress.SILENT);
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

        assertThat(fixture.bumpIds().stream().filter(bump -> bump.startsWith("w")))
                .hasSize(WRITERS * COMMITS)
                .doesNotHaveDuplicates();
        assertThat(fixture.onServer("log").lines()).hasSize(1 + WRITERS * COMMITS);
        assertThat(fixture.server.pushes()).isLessThanOrEqualTo(20);
        fixture.verify();
    }
}
