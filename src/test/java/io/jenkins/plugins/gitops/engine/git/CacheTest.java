package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CacheTest {

    private static final RepositorySettings ONE_ATTEMPT =
            RepositorySettings.DEFAULT.with(new OperationLimits(1, Duration.ofMinutes(5), 1 << 20, 1 << 20));

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;
    private Path caches;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("log", "", "other", ""));
        caches = directory.resolve("mine");
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void aRestartFindsTheCacheWarm() throws IOException {
        try (GitConfigRepositories before = new GitConfigRepositories(caches)) {
            before.open(fixture.remote()).commit(request(append("log", "a")), Progress.SILENT);
        }
        fixture.server.forgetRequests();

        try (GitConfigRepositories after = new GitConfigRepositories(caches)) {
            after.open(fixture.remote()).commit(request(append("log", "b")), Progress.SILENT);
        }

        assertThat(fixture.server.requests()).hasSize(2);
    }

    @Test
    void gitItselfReadsTheCache() throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches)) {
            repositories.open(fixture.remote()).commit(request(append("log", "a")), Progress.SILENT);
        }

        Path store = stores().get(0);

        assertThat(TestGit.output(store, "log", "--format=%H", "main").lines())
                .startsWith(fixture.git("rev-parse", "main"));
    }

    @Test
    void eachDamagedFileIsHealed() throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches)) {
            repositories.open(fixture.remote()).commit(request(append("log", "begin")), Progress.SILENT);
        }
        List<Path> names;
        try (Stream<Path> files = Files.walk(stores().get(0))) {
            names = files.filter(Files::isRegularFile).toList();
        }
        int damaged = 0;
        for (int i = 0; i < names.size(); i++) {
            List<Path> now;
            try (Stream<Path> files = Files.walk(stores().get(0))) {
                now = files.filter(Files::isRegularFile).toList();
            }
            Path victim = now.get(i % now.size());
            assertThat(victim.toFile().setWritable(true)).isTrue();
            Files.write(victim, new byte[] {1, 2, 3});
            String line = "line " + i;
            try (GitConfigRepositories repositories = new GitConfigRepositories(caches, ONE_ATTEMPT)) {
                repositories.open(fixture.remote()).commit(request(append("log", line)), Progress.SILENT);
            }
            damaged++;
            assertThat(fixture.onServer("log")).endsWith(line);
        }

        assertThat(damaged).isGreaterThan(5);
        assertThat(fixture.onServer("log").lines()).hasSize(1 + damaged);
        fixture.verify();
    }

    /** What may happen to a file of the cache. */
    enum Damage {
        DELETED,
        TRUNCATED,
        BIT_FLIPPED;

        void to(Path file) throws IOException {
            byte[] content = Files.readAllBytes(file);
            assertThat(file.toFile().setWritable(true)).isTrue();
            switch (this) {
                case DELETED -> Files.delete(file);
                case TRUNCATED -> Files.write(file, Arrays.copyOf(content, content.length / 2));
                case BIT_FLIPPED -> {
                    content[content.length / 2] ^= 0x10;
                    Files.write(file, content);
                }
            }
        }
    }

    /** In one attempt: the server is not to blame. */
    @ParameterizedTest
    @EnumSource
    void aCacheThatIsDamagedUnderARunningControllerIsReadAndWrittenRight(Damage damage) throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches, ONE_ATTEMPT)) {
            ConfigRepository repository = repositories.open(fixture.remote());
            for (int i = 0; i < 3; i++) {
                fixture.commitWithGit(Map.of("other", "other " + i));
                repository.commit(request(append("log", "line " + i)), Progress.SILENT);
                for (Path file : filesOfStores()) {
                    damage.to(file);
                }
                HistoryQuery all = new HistoryQuery(info -> true, 100, 100);

                Snapshot tip = repository.tip("main", Progress.SILENT);
                assertThat(tip.commit()).isEqualTo(fixture.git("rev-parse", "main"));
                assertThat(tip.file("other")).hasValue(("other " + i).getBytes(StandardCharsets.UTF_8));
                assertThat(repository.history("main", all, Progress.SILENT)).hasSize(3 + 2 * i);
            }
        }

        assertThat(fixture.onServer("log")).isEqualTo("line 0\nline 1\nline 2");
        fixture.verify();
    }

    private List<Path> filesOfStores() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path store : stores()) {
            try (Stream<Path> files = Files.walk(store)) {
                files.filter(Files::isRegularFile).forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void aStoreOfManyPacksIsMadeAnew() throws IOException {
        RepositorySettings settings = RepositorySettings.DEFAULT.caching(1 << 30, Duration.ofDays(1), 20);
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches, settings)) {
            ConfigRepository repository = repositories.open(fixture.remote());
            for (int i = 0; i < 12; i++) {
                fixture.commitWithGit(Map.of("other", i + "\n"));
                repository.commit(request(append("log", "line " + i)), Progress.SILENT);
            }
        }

        assertThat(fixture.onServer("log").lines()).hasSize(12);
        try (Stream<Path> files = Files.walk(stores().get(0).resolve("objects"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSizeLessThan(40);
        }
    }

    @Test
    void oldCachesAndTheLongestUnusedGo() throws IOException {
        fixture.server.create("second.git");
        fixture.server.create("third.git");
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches)) {
            for (String name : List.of("config.git", "second.git")) {
                repositories.open(new Remote(fixture.server.url(name)));
            }
            repositories.open(fixture.remote()).tip("main", Progress.SILENT);
        }
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(30)));
        try (Stream<Path> slots = Files.list(caches)) {
            for (Path slot : slots.toList()) {
                Files.setLastModifiedTime(slot.resolve("lock"), longAgo);
            }
        }

        try (GitConfigRepositories repositories = new GitConfigRepositories(caches)) {
            repositories.open(new Remote(fixture.server.url("third.git")));
        }

        assertThat(stores()).hasSize(1);
    }

    /** A cache that is let go of is found again in its first directory; one that is held makes a second. */
    @Test
    void addressesThatAreNamedDoNotKeepTheirCachesOpen() throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches);
                GitConfigRepositories another = new GitConfigRepositories(caches)) {
            for (int i = 0; i < 60; i++) {
                repositories.open(remote(i));
            }

            another.open(remote(0));
            another.open(remote(59));
        }

        try (Stream<Path> directories = Files.list(caches)) {
            assertThat(directories.map(Path::toString).filter(name -> name.endsWith("-1")))
                    .hasSize(1);
        }
    }

    private static Remote remote(int number) {
        return new Remote("https://git.example.com/" + number + ".git");
    }

    @Test
    void aCacheInUseStays() throws IOException {
        RepositorySettings tiny = RepositorySettings.DEFAULT.caching(1, Duration.ZERO, 1000);
        try (GitConfigRepositories repositories = new GitConfigRepositories(caches, tiny)) {
            repositories.open(fixture.remote()).tip("main", Progress.SILENT);
            repositories.open(new Remote(fixture.server.url("other.git")));

            assertThat(stores()).hasSize(2);
        }
    }

    @Test
    void aFullDiskIsNamed() throws IOException {
        Optional<SmallDisk> mounted = SmallDisk.mount(directory.resolve("disk"), "300k");
        assumeTrue(mounted.isPresent(), "needs to mount a tmpfs");
        try (SmallDisk disk = mounted.get();
                GitConfigRepositories repositories = new GitConfigRepositories(disk.root())) {
            ConfigRepository repository = repositories.open(fixture.remote());
            repository.commit(request(append("log", "a")), Progress.SILENT);
            disk.fill();
            fixture.commitWithGit(Map.of("other", "x\n"));

            assertThatThrownBy(() -> repository.commit(request("full", append("log", "b")), Progress.SILENT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining(disk.root().toString())
                    .hasMessageContaining("full");
            assertThat(fixture.bumpIds()).doesNotContain("full");

            disk.free();
            repository.commit(request("full", append("log", "b")), Progress.SILENT);
            assertThat(fixture.onServer("log")).isEqualTo("a\nb");
        }
    }

    private List<Path> stores() throws IOException {
        try (Stream<Path> files = Files.walk(caches, 2)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]+"))
                    .toList();
        }
    }
}
