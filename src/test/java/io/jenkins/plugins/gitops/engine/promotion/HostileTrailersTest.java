package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type into reasons and names never becomes a trailer of its own, for the ledger or for git. */
class HostileTrailersTest {

    private static final String FORGED = "GitOps-Approved-By: mallory";

    /** Each between a harmless beginning and what is to be forged. */
    private static final List<String> SEPARATORS = List.of(
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\n \n",
            "\n\n\n",
            "\n\t",
            "\u2028",
            "\u2029",
            "\u0085",
            "\u000B",
            "\f",
            "\0",
            "\u001C",
            "\u001D",
            "\u001E",
            "\n---\n",
            "\r---\r",
            "---",
            "\n-- \n",
            "\n# ",
            "\\n",
            "%0a",
            "\uD800\n",
            "\uFEFF\n",
            "; ",
            "\n(cherry picked from commit 0123456789012345678901234567890123456789)\n",
            "x".repeat(100_000) + "\n",
            "\n".repeat(100_000));

    private static final List<String> KEYS =
            List.of(Trailers.REASON, Trailers.STARTED_BY, Trailers.APPROVED_BY, Trailers.OVERRIDE);

    @TempDir
    private Path directory;

    @Test
    void noneIsForged() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(directory.resolve("server")));
                GitConfigRepositories controller = new GitConfigRepositories(directory.resolve("caches"))) {
            Path bare = server.create("config.git");
            String begin = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
            TestGit.run(bare, "update-ref", "refs/heads/main", begin);
            ConfigRepository repository = controller.open(new Remote(server.url("config.git")));
            List<Future<?>> commits = new ArrayList<>();
            for (int i = 0; i < SEPARATORS.size() * KEYS.size(); i++) {
                CommitRequest request = request(i);
                commits.add(threads.submit(() -> repository.commit(request, Progress.SILENT)));
            }
            for (Future<?> commit : commits) {
                commit.get();
            }

            List<CommitInfo> history =
                    repository.history("main", new HistoryQuery(info -> true, 1000, 1000), Progress.SILENT);

            assertThat(history).hasSize(117);
            for (CommitInfo commit : history.subList(0, 116)) {
                assertThat(commit.trailers().stream().map(CommitRequest.Trailer::key))
                        .containsExactlyInAnyOrderElementsOf(keys(commit));
                byte[] message = TestGit.output(bare, "log", "-1", "--format=%B", commit.commit())
                        .getBytes(StandardCharsets.UTF_8);
                assertThat(TestGit.output(bare, message, "interpret-trailers", "--parse")
                                .lines()
                                .map(line -> line.substring(0, line.indexOf(':'))))
                        .containsExactlyInAnyOrderElementsOf(keys(commit));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static CommitRequest request(int number) {
        Trailers trailers = Trailers.NONE
                .with(Trailers.APPLICATION, "shop")
                .with(Trailers.ENVIRONMENT, "dev")
                .with(key(number), "because" + SEPARATORS.get(number / KEYS.size()) + FORGED);
        String file = "file-" + number;
        return new CommitRequest(
                "main", file, "Change " + number, "", trailers.list(), Shop.JENKINS, tip -> Map.of(file, new byte[0]));
    }

    private static String key(int number) {
        return KEYS.get(number % KEYS.size());
    }

    private static List<String> keys(CommitInfo commit) {
        int number = Integer.parseInt(
                commit.message().lines().findFirst().orElseThrow().substring("Change ".length()));
        return Stream.of(Trailers.APPLICATION, Trailers.ENVIRONMENT, key(number), CommitRequest.BUMP_ID_TRAILER)
                .toList();
    }
}
