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

    /** Every step opens the repository with its own form of messages. */
    @Test
    void thoseThatDifferInHowTheyCommitShareWhatIsRead() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("apps/f1", "x"));
            String commit = fixture.git("rev-parse", "main");
            ConfigRepository first = fixture.open().with(new CommitTemplate("A-1 {subject}", List.of()));
            first.at("main", commit, Progress.SILENT).file("apps/f1");
            fixture.server.forgetRequests();

            ConfigRepository second = fixture.open().with(new CommitTemplate("B-2 {subject}", List.of()));

            assertThat(second.reader()).isSameAs(first.reader());
            assertThat(second.at("main", commit, Progress.SILENT).file("apps/f1"))
                    .isPresent();
            assertThat(fixture.server.requests()).isEmpty();
        }
    }
}
