package io.jenkins.plugins.gitops.engine.repository;

import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.repository.FaultProxy.Direction;
import io.jenkins.plugins.gitops.engine.repository.FaultProxy.Fault;
import io.jenkins.plugins.gitops.engine.repository.GitHttpServer.Answer;
import io.jenkins.plugins.gitops.engine.repository.Remote.Login;
import io.jenkins.plugins.gitops.engine.repository.RepositorySettings.Limits;
import io.jenkins.plugins.gitops.engine.repository.wire.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in a storm: connections cut and stalled at any byte, errors instead of and after the server's work, hooks
 * that refuse, caches that rot, a clock that jumps. What is told to the user and what stands on the branch must agree.
 */
class FaultsTest {

    private static final int FAULTS = 200;
    private static final int WRITERS = 6;
    private static final long SEED = 20_260_815;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final AtomicInteger answersFaked = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger cachesDamaged = new AtomicInteger();
    private ConfigRepositoryFixture fixture;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        InstantSource jumping = () -> Instant.now().plusSeconds(within(-40_000, 40_000));
        RepositorySettings settings = RepositorySettings.DEFAULT
                .with(new Limits(6, Duration.ofSeconds(20), 1 << 20, 1 << 20))
                .with(new Timeouts(Duration.ofSeconds(2), Duration.ofMillis(400)))
                .with(jumping);
        fixture = new ConfigRepositoryFixture(directory, settings);
        fixture.commitWithGit(Map.of("log", "", "README.md", "x\n"));
        Path hook = fixture.bare.resolve("hooks").resolve("pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, """
                #!/bin/sh
                if [ -e "$GIT_DIR/refuse" ]; then
                  rm -f "$GIT_DIR/refuse"
                  echo "GH006: Protected branch update failed" >&2
                  exit 1
                fi
                """);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        proxy = new FaultProxy(fixture.server.port(), this::connectionFault);
        fixture.server.intercept(this::answerFault);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        proxy.close();
    }

    @Test
    void nothingIsLostOrDoubledInAStorm() throws Exception {
        ConfigRepository repository = fixture.repositories.open(
                new Remote("http://127.0.0.1:" + proxy.port() + "/config.git", new Login.Anonymous()));
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<List<String>>> results = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String writer = "w" + i;
            results.add(writers.submit(() -> writeUntilStormEnds(repository, writer)));
        }
        List<String> reported = new ArrayList<>();
        for (Future<List<String>> result : results) {
            reported.addAll(result.get());
        }
        writers.shutdown();

        System.out.printf(
                "%d commits through %d faults: %d connections, %d answers, %d refusals, %d caches%n",
                reported.size(), faults(), proxy.injected(), answersFaked.get(), refusals.get(), cachesDamaged.get());
        assertThat(faults()).isGreaterThanOrEqualTo(FAULTS);
        assertThat(fixture.bumpIds()).containsExactlyInAnyOrderElementsOf(reported);
        assertThat(fixture.onServer("log").lines()).containsExactlyInAnyOrderElementsOf(reported);
        fixture.verify();
    }

    /** One commit after the other, each asked for again until it is told to be on the branch. */
    private List<String> writeUntilStormEnds(ConfigRepository repository, String writer) {
        List<String> done = new ArrayList<>();
        for (int i = 0; faults() < FAULTS; i++) {
            String bump = writer + "-" + i;
            Instant begun = Instant.now().minusSeconds(50_000);
            CommitRequest request = request(bump, append("log", bump));
            boolean told = false;
            while (!told) {
                try {
                    repository.commit(request, Progress.SILENT);
                    told = true;
                } catch (RepositoryException e) {
                    assertThat(e.getMessage()).doesNotContain("\n", "Exception").hasSizeBetween(20, 900);
                    request = request.triedSince(begun);
                }
            }
            done.add(bump);
        }
        return done;
    }

    private int faults() {
        return proxy.injected() + answersFaked.get() + refusals.get() + cachesDamaged.get();
    }

    private Fault connectionFault() {
        Direction direction = within(0, 1) == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
        // Early enough that most connections meet their fate, late enough that some carry a whole push first.
        int bytes = within(0, direction == Direction.TO_SERVER ? 3000 : 1500);
        return within(0, 7) == 0 ? new Fault.Stall(direction, bytes) : new Fault.Cut(direction, bytes);
    }

    private Optional<Answer> answerFault(GitHttpServer.Request request) {
        Optional<Answer> answer =
                switch (within(0, 29)) {
                    case 0 -> Optional.of(Answer.instead(500));
                    case 1 -> Optional.of(Answer.instead(401));
                    case 2 -> Optional.of(Answer.instead(403));
                    case 3 -> Optional.of(Answer.instead(429).with("Retry-After", "0"));
                    case 4 -> Optional.of(Answer.instead(503).with("Retry-After", "1"));
                    case 5 -> Optional.of(Answer.afterwards(500));
                    case 6 -> Optional.of(Answer.afterwards(504));
                    default -> Optional.empty();
                };
        answer.ifPresent(a -> answersFaked.incrementAndGet());
        if (request.isPush() && request.method().equals("POST")) {
            switch (within(0, 14)) {
                case 0 -> refuse();
                case 1 -> damageCache();
                default -> {}
            }
        }
        return answer;
    }

    private void refuse() {
        try {
            Files.writeString(fixture.bare.resolve("refuse"), "");
            refusals.incrementAndGet();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Cuts some file of the cache short, as a crash of the machine would. */
    private void damageCache() {
        try (Stream<Path> files = Files.walk(fixture.cacheRoot())) {
            List<Path> candidates = files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
            Path victim = candidates.get(within(0, candidates.size() - 1));
            victim.toFile().setWritable(true);
            byte[] content = Files.readAllBytes(victim);
            Files.write(victim, new byte[content.length / 2]);
            cachesDamaged.incrementAndGet();
        } catch (IOException | java.io.UncheckedIOException e) {
            // The file went away meanwhile: no fault took place.
        }
    }

    private synchronized int within(int from, int to) {
        return random.nextInt(from, to + 1);
    }
}
