package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What git's own server does not do: JGit words refusals in its way and leaves out by a filter what was asked for. */
class JGitServerTest {

    /** How a repository of JGit's server may be set up. */
    enum Setup {
        /** As it comes: protocol 2, no filters. */
        PLAIN,
        WITH_FILTERS,
        WITH_FILTERS_AND_ANY_ID,
        PROTOCOL_0;

        void prepare(JGitHttpServer server) {
            switch (this) {
                case PLAIN -> {}
                case WITH_FILTERS -> server.configure("uploadpack.allowFilter", "true");
                case WITH_FILTERS_AND_ANY_ID -> {
                    server.configure("uploadpack.allowFilter", "true");
                    server.configure("uploadpack.allowAnySHA1InWant", "true");
                }
                case PROTOCOL_0 -> server.configure("protocol.version", "0");
            }
        }
    }

    @TempDir
    Path directory;

    private JGitHttpServer server;
    private GitConfigRepositories repositories;

    @BeforeEach
    void start() throws Exception {
        server = new JGitHttpServer(Files.createDirectories(directory.resolve("served")));
        repositories = new GitConfigRepositories(directory.resolve("caches"));
    }

    @AfterEach
    void stop() throws IOException {
        repositories.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void firstContactReadsAndWrites(Setup setup) {
        setup.prepare(server);
        server.commitWithGit("apps/shop/values.yaml", "tag: 1\n");
        List<String> said = new ArrayList<>();
        ConfigRepository repository = repositories.open(server.remote());

        byte[] file =
                repository.tip("main", said::add).file("apps/shop/values.yaml").orElseThrow();
        repository.commit(request(append("log", "a")), said::add);
        repository.tip("main", said::add);

        assertThat(new String(file, StandardCharsets.UTF_8)).isEqualTo("tag: 1\n");
        assertThat(server.git("show", "main:log")).isEqualTo("a");
        // JGit hands out no single objects, and that is said once.
        assertThat(said).singleElement().asString().contains("fetching all files of the tip");
        verify();
    }

    @Test
    void aWarmBumpIsTwoRequests() {
        ConfigRepository repository = repositories.open(server.remote());
        repository.commit(request(append("log", "a")), Progress.SILENT);
        server.forgetRequests();

        repository.commit(request(append("log", "b")), Progress.SILENT);

        assertThat(server.requests()).containsExactly("GET /config.git/info/refs", "POST /config.git/git-receive-pack");
    }

    @ParameterizedTest
    @EnumSource
    void aLostRaceIsAppliedAgain(Setup setup) {
        setup.prepare(server);
        ConfigRepository repository = repositories.open(server.remote());
        repository.commit(request(append("log", "a")), Progress.SILENT);
        server.beforeNextPush(() -> server.commitWithGit("log", "a\nby hand\n"));

        CommitOutcome outcome = repository.commit(request(append("log", "b")), Progress.SILENT);

        assertThat(outcome.commit()).isEqualTo(server.git("rev-parse", "main"));
        assertThat(server.git("show", "main:log")).isEqualTo("a\nby hand\nb");
        verify();
    }

    @Test
    void aHooksRefusalIsShown() {
        server.refuseWith((receive, commands) -> {
            receive.sendMessage("Changes to prod need a ticket");
            commands.forEach(
                    command -> command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "ticket missing"));
        });

        assertThatThrownBy(
                        () -> repositories.open(server.remote()).commit(request(append("log", "a")), Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("The server refused the push")
                .hasMessageContaining("ticket missing")
                .hasMessageContaining("Changes to prod need a ticket");
        assertThat(server.git("rev-list", "--count", "main")).isEqualTo("1");
    }

    @Test
    void writersOfTwoControllersShareTheBranch() throws Exception {
        try (GitConfigRepositories other = new GitConfigRepositories(directory.resolve("others"))) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                String name = "w" + w;
                ConfigRepository repository = (w % 2 == 0 ? repositories : other).open(server.remote());
                writers.add(threads.submit(() -> {
                    for (int c = 0; c < 5; c++) {
                        String bump = name + "-" + c;
                        repository.commit(request(bump, append("log", bump)), Progress.SILENT);
                    }
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        assertThat(server.git("show", "main:log").lines()).hasSize(40).doesNotHaveDuplicates();
        assertThat(server.git("rev-list", "--count", "main")).isEqualTo("41");
        assertThat(server.requests().stream().filter(request -> request.endsWith("POST /config.git/git-receive-pack")))
                .hasSizeLessThan(40);
        verify();
    }

    private void verify() {
        server.git("fsck", "--full", "--strict", "--no-dangling");
        assertThat(server.git("rev-list", "--merges", "main")).isEmpty();
    }
}
