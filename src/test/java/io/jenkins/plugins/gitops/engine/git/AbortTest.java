package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Direction;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Fault;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is aborted while its Git server is silent: no timeout is waited for, and nothing is tried again. */
class AbortTest {

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

    /** @param bytes after which the server falls silent: before its headers, in them, in a body */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 300})
    void aReadEndsAtOnce(int bytes) throws Exception {
        endsAtOnce(bytes, (repository, progress) -> repository.tip("main", progress));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 300})
    void aCommitEndsAtOnceAndSoDoesItsPush(int bytes) throws Exception {
        endsAtOnce(
                bytes, (repository, progress) -> repository.commit(request("aborted", append("log", "a")), progress));

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().startsWith("GitOps: commits"))
                        .noneMatch(
                                thread -> List.of(thread.getValue()).toString().contains("GroupCommit")));
    }

    private void endsAtOnce(int bytes, BiConsumer<ConfigRepository, Progress> operation) throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        try (FaultProxy proxy =
                        new FaultProxy(fixture.server.port(), () -> new Fault.Stall(Direction.TO_CLIENT, bytes));
                GitConfigRepositories repositories = new GitConfigRepositories(directory.resolve("aborted"))) {
            ConfigRepository repository =
                    repositories.open(new Remote("http://127.0.0.1:" + proxy.port() + "/config.git"));
            Thread run = new Thread(() -> {
                try {
                    operation.accept(repository, log::add);
                } catch (RuntimeException e) {
                    end.set(e);
                }
            });
            run.start();
            await().until(() -> fixture.server.requests().stream().anyMatch(request -> request.status() == 200));

            run.interrupt();
            run.join(Duration.ofSeconds(10).toMillis());

            assertThat(run.isAlive()).isFalse();
            assertThat(end.get()).isInstanceOf(RepositoryException.class).hasMessageContaining("was interrupted");
            assertThat(log).noneMatch(line -> line.contains("Retrying"));
        }
    }
}
