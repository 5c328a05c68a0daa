package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What repositories that are opened several times have in common. */
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
            long begun = System.nanoTime();

            List<Callable<String>> reads = Collections.nCopies(500, () -> {
                Snapshot tip = repository.seenSince(begun).tip("main", Progress.SILENT);
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

    /** The declaration, the notes and the locks: all that gates read. */
    @Test
    void readersOfSeveralBranchesCostOneLookAndAFetchOfWhatMoved() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("apps/f1", "x"));
            fixture.git("update-ref", "refs/notes/gitops", "refs/heads/main");
            ConfigRepository repository = fixture.open();
            String begun = fixture.git("rev-parse", "main");
            assertThat(tips(repository, Duration.ZERO)).containsExactly(begun, begun, "");
            fixture.server.forgetRequests();

            repository.seenSince(System.nanoTime()).tip("main", Progress.SILENT);
            assertThat(tips(repository, Duration.ofMinutes(1))).containsExactly(begun, begun, "");
            assertThat(fixture.server.requests()).hasSize(1);

            fixture.commitWithGit(Map.of("apps/f1", "y"));
            fixture.git("update-ref", "refs/gitops/locks", "refs/heads/main");
            fixture.server.forgetRequests();

            repository.seenSince(System.nanoTime()).tip("main", Progress.SILENT);
            String now = fixture.git("rev-parse", "main");
            assertThat(tips(repository, Duration.ofMinutes(1))).containsExactly(now, begun, now);
            assertThat(fixture.server.requests()).hasSize(2);
        }
    }

    /** Empty where there is no branch. */
    private static List<String> tips(ConfigRepository repository, Duration age) {
        return Stream.of("main", "refs/notes/gitops", "refs/gitops/locks")
                .map(branch -> {
                    try {
                        return repository
                                .seenSince(System.nanoTime() - age.toNanos())
                                .tip(branch, Progress.SILENT)
                                .commit();
                    } catch (BranchMissingException absent) {
                        return "";
                    }
                })
                .toList();
    }

    /** Only what changed here is looked at again before the time is over. */
    @Test
    void whatIsPushedFromHereIsReadAtOnce() throws Exception {
        try (ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory)) {
            fixture.commitWithGit(Map.of("log", ""));
            ConfigRepository repository = fixture.open();
            tips(repository, Duration.ZERO);

            String pushed = fixture.commit(request(append("log", "a"))).commit();

            assertThat(tips(repository, Duration.ofMinutes(1))).startsWith(pushed);
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
