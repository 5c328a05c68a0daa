package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mistyped address is found out in seconds; a server that goes away in the middle is waited for. */
class UnreachableTest {

    private static final String NEVER_REACHED = "given up after 8 attempts";

    @TempDir
    Path directory;

    @Test
    void aRefusedConnectionIsSoonGivenUp() throws IOException {
        Remote remote = new Remote("http://127.0.0.1:" + closedPort() + "/config.git");

        try (GitConfigRepositories repositories = new GitConfigRepositories(directory, withoutPauses())) {
            assertThatThrownBy(() -> repositories.open(remote).tip("main", Progress.SILENT))
                    .hasMessageContaining("no connection: nothing is listening at 127.0.0.1; check the address")
                    .hasMessageContaining(NEVER_REACHED);
        }
    }

    @Test
    void anUnknownNameIsSoonGivenUp() throws IOException {
        Remote remote = new Remote("https://git.example.invalid/config.git");

        try (GitConfigRepositories repositories = new GitConfigRepositories(directory, withoutPauses())) {
            assertThatThrownBy(() -> repositories.open(remote).commit(request(append("log", "a")), Progress.SILENT))
                    .hasMessageContaining("the name git.example.invalid, or that of the proxy, is unknown")
                    .hasMessageContaining(NEVER_REACHED);
        }
    }

    @Test
    void aServerThatWentAwayInTheMiddleIsWaitedFor() throws IOException {
        ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory, withoutPauses());
        try (fixture) {
            fixture.commitWithGit(Map.of("log", ""));
            fixture.server.intercept(request -> {
                if (request.method().equals("POST")) {
                    fixture.server.close();
                }
                return Optional.empty();
            });

            assertThatThrownBy(() -> fixture.open().tip("main", Progress.SILENT))
                    .hasMessageContaining("no connection: nothing is listening at 127.0.0.1")
                    .hasMessageContaining("given up after 12 attempts");
        }
    }

    /** It may be restarting, and what a run brought with it, such as approvals, would be lost with the run. */
    @Test
    void aServerThatWasReachedBeforeIsWaitedForAndTheReasonSaidOnce() throws IOException {
        ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory, withoutPauses());
        List<String> said = new ArrayList<>();
        try (fixture) {
            fixture.commitWithGit(Map.of("log", ""));
            ConfigRepository repository = fixture.open();
            repository.tip("main", Progress.SILENT);
            fixture.server.close();

            assertThatThrownBy(() -> repository.tip("main", said::add))
                    .hasMessageContaining("given up after 12 attempts");
            assertThatThrownBy(() -> repository.commit(request(append("log", "a")), said::add))
                    .hasMessageContaining("given up after 12 attempts");
        }
        assertThat(said)
                .doesNotHaveDuplicates()
                .contains(
                        "Retrying to read: no connection: nothing is listening at 127.0.0.1",
                        "Retrying the push: no connection: nothing is listening at 127.0.0.1");
    }

    @Test
    void aServerThatAControllerBeforeThisOneReachedIsWaitedFor() throws IOException {
        ConfigRepositoryFixture fixture = new ConfigRepositoryFixture(directory, withoutPauses());
        Remote remote;
        try (fixture) {
            fixture.commitWithGit(Map.of("log", ""));
            remote = fixture.remote();
            fixture.open().tip("main", Progress.SILENT);
        }

        try (GitConfigRepositories restarted = new GitConfigRepositories(fixture.cacheRoot(), withoutPauses())) {
            ConfigRepository repository = restarted.open(remote);
            assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                    .hasMessageContaining("given up after 12 attempts");
            assertThatThrownBy(() -> repository.commit(request(append("log", "a")), Progress.SILENT))
                    .hasMessageContaining("given up after 12 attempts");
        }
    }

    /** The pauses are drawn from zero to a bound. */
    private static RepositorySettings withoutPauses() {
        return RepositorySettings.DEFAULT
                .with(new OperationLimits(12, Duration.ofSeconds(60), 1 << 20, 1 << 20))
                .with((RandomGenerator) () -> 0L);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
