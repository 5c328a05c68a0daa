package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that many ask on behalf of, such as the checks of open gates. */
class SharedReadsTest {

    @TempDir
    Path directory;

    @Test
    void fiveHundredReadersCostOneLook() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("apps/f1", "x"));
            ConfigRepository repository = fixture.open();
            repository.tip("main", Progress.SILENT).file("apps/f1");
            fixture.server.forgetRequests();
            ExecutorService gates = Executors.newFixedThreadPool(50);

            List<Callable<String>> reads = Collections.nCopies(500, () -> {
                Snapshot tip = repository.seenWithin(Duration.ofMinutes(1)).tip("main", Progress.SILENT);
                tip.file("apps/f1");
                return tip.commit();
            });
            List<Future<String>> commits = gates.invokeAll(reads);
            gates.shutdown();

            for (Future<String> commit : commits) {
                assertThat(commit.get()).isEqualTo(fixture.git("rev-parse", "main"));
            }
            assertThat(fixture.server.requests()).hasSizeLessThanOrEqualTo(2);
        }
    }
}
