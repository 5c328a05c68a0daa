package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer.Answer;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.Storm.Fault;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers of two controllers in a storm: connections cut and stalled at any byte, errors instead of and after the
 * server's work, servers that go away before they answer, hooks that refuse, caches that rot, a disk that is full, a
 * clock that jumps, and writers killed on both sides of their push. What is told to the user and what stands on the
 * branch must agree.
 */
class FaultsTest {

    private static final int FAULTS = 200;
    private static final int WRITERS = 3;
    private static final int KILLS = 4;
    private static final long SEED = 20_260_815;

    /** The server's repository by another name, so that the writer to be killed is told from the others. */
    private static final String DOOMED = "doomed.git";

    @TempDir
    Path directory;

    private final AtomicReference<Process> doomed = new AtomicReference<>();
    private volatile Moment moment = Moment.BEFORE_THE_SERVER_READ_THE_PUSH;
    private ConfigRepositoryFixture fixture;
    private Optional<SmallDisk> disk = Optional.empty();
    private Storm storm;
    private FaultProxy proxy;

    enum Moment {
        BEFORE_THE_SERVER_READ_THE_PUSH,
        AFTER_THE_SERVER_READ_THE_PUSH
    }

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("log", "", "README.md", "x\n"));
        Files.createSymbolicLink(fixture.bare.resolveSibling(DOOMED), fixture.bare);
        disk = SmallDisk.mount(directory.resolve("disk"), "8m");
        Path roomy = Files.createDirectories(directory.resolve("roomy"));
        storm = new Storm(
                SEED, fixture.bare, List.of(roomy, disk.map(SmallDisk::root).orElse(roomy)), disk);
        proxy = new FaultProxy(
                fixture.server.port(), storm::connection, () -> storm.struck(Fault.CONNECTION_CUT_OR_STALLED));
        fixture.server.intercept(
                request -> request.path().startsWith("/" + DOOMED) ? kill(request) : storm.answer(request));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        proxy.close();
        disk.ifPresent(SmallDisk::close);
    }

    @Test
    void nothingIsLostOrDoubledInAStorm() throws Exception {
        List<String> reported = new ArrayList<>();
        try (GitConfigRepositories first = controller(directory.resolve("roomy"));
                GitConfigRepositories second = controller(directory.resolve("disk"))) {
            reported.addAll(writeAll(List.of(first.open(remote()), second.open(remote()))));
        }
        System.out.printf("%d commits through %d faults:", reported.size(), storm.faults());
        for (Fault kind : Fault.values()) {
            System.out.printf(" %s %d", kind, storm.faults(kind));
        }
        System.out.println();
        assertThat(storm.isOver(FAULTS)).isTrue();
        assertThat(storm.faults(Fault.WRITER_KILLED)).isEqualTo(KILLS);
        assertThat(fixture.bumpIds()).containsExactlyInAnyOrderElementsOf(reported);
        assertThat(fixture.onServer("log").lines()).containsExactlyInAnyOrderElementsOf(reported);
        fixture.verify();
    }

    private List<String> writeAll(List<ConfigRepository> controllers) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<List<String>>> results = new ArrayList<>();
        results.add(threads.submit(() -> writeAndDie(controllers.get(0))));
        for (int i = 0; i < WRITERS * controllers.size(); i++) {
            String writer = "w" + i;
            ConfigRepository repository = controllers.get(i % controllers.size());
            results.add(threads.submit(() -> writeUntilStormEnds(repository, writer)));
        }
        threads.shutdown();
        List<String> reported = new ArrayList<>();
        for (Future<List<String>> result : results) {
            reported.addAll(result.get());
        }
        return reported;
    }

    /** One commit after the other. */
    private List<String> writeUntilStormEnds(ConfigRepository repository, String writer) {
        List<String> done = new ArrayList<>();
        for (int i = 0; !storm.isOver(FAULTS); i++) {
            String bump = writer + "-" + i;
            writeUntilTold(repository, request(bump, append("log", bump)));
            done.add(bump);
        }
        return done;
    }

    /** Asks again until the commit is told to be on the branch. */
    private void writeUntilTold(ConfigRepository repository, CommitRequest wish) {
        Instant begun = Instant.now().minusSeconds(50_000);
        CommitRequest request = wish;
        while (true) {
            try {
                repository.commit(request, Progress.SILENT);
                return;
            } catch (RepositoryException e) {
                assertThat(e.getMessage()).doesNotContain("\n", "Exception").hasSizeBetween(20, 900);
                if (e.getMessage().contains("is full; free space there")) {
                    storm.freeDisk();
                }
                request = request.triedSince(begun);
            }
        }
    }

    /** Writers in processes of their own, each killed with its first push; the next to come takes its wish up again. */
    private List<String> writeAndDie(ConfigRepository successor) throws Exception {
        List<String> done = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            moment = Moment.values()[i % Moment.values().length];
            String name = "killed-" + i;
            String bump = WriterProcess.bumpId(name, 0, 0);
            doomed.set(WriterProcess.start(fixture.server.url(DOOMED), directory.resolve(DOOMED), name, 1, 1));
            // 128 + SIGKILL
            assertThat(doomed.get().waitFor()).isEqualTo(137);
            storm.struck(Fault.WRITER_KILLED);

            writeUntilTold(
                    successor,
                    request(bump, append("log", bump)).triedSince(Instant.now().minusSeconds(50_000)));
            done.add(bump);
        }
        return done;
    }

    private Optional<Answer> kill(GitHttpServer.Request request) {
        if (!request.isPush() || !request.method().equals("POST")) {
            return Optional.empty();
        }
        doomed.get().destroyForcibly();
        return moment == Moment.BEFORE_THE_SERVER_READ_THE_PUSH ? Optional.of(Answer.instead(500)) : Optional.empty();
    }

    private Remote remote() {
        return new Remote("http://127.0.0.1:" + proxy.port() + "/" + ConfigRepositoryFixture.NAME);
    }

    /** Impatient, with a cache that is often made anew, and with pauses an eighth as long. */
    private GitConfigRepositories controller(Path caches) {
        RandomGenerator random = RandomGenerator.getDefault();
        RandomGenerator hasty = new RandomGenerator() {
            @Override
            public long nextLong() {
                return random.nextLong();
            }

            @Override
            public long nextLong(long bound) {
                return random.nextLong(bound) / 8;
            }
        };
        return new GitConfigRepositories(
                caches,
                RepositorySettings.DEFAULT
                        .with(new OperationLimits(6, Duration.ofSeconds(20), 1 << 20, 1 << 20))
                        .caching(1 << 30, Duration.ofDays(1), 300)
                        .within(Duration.ofSeconds(2), Duration.ofSeconds(2))
                        .with(storm.clock())
                        .with(hasty));
    }
}
