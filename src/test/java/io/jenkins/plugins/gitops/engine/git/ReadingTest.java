package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read, from servers that can do much and from those that cannot. */
class ReadingTest {

    private static final int COMMITS = 300;

    /** Kinds of servers. */
    enum Server {
        PARTIAL {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                // As the fixture makes it.
            }
        },
        WITHOUT_FILTERS {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                fixture.git("config", "uploadpack.allowFilter", "false");
            }
        },
        PROTOCOL_0 {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                fixture.server.newestProtocol(0);
            }
        },
        PROTOCOL_1 {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                fixture.server.newestProtocol(1);
            }
        },
        WITHOUT_SHALLOW {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                fixture.server.hideShallow();
            }
        },
        WITHOUT_ANYTHING {
            @Override
            void prepare(ConfigRepositoryFixture fixture) {
                fixture.server.hideShallow();
                fixture.server.newestProtocol(0);
            }
        };

        abstract void prepare(ConfigRepositoryFixture fixture);
    }

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    void start(Server server) throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        server.prepare(fixture);
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < COMMITS; i++) {
            String message = "Commit " + i + "\n\nGitOps-Environment: " + (i % 100 == 0 ? "prod" : "dev") + "\n";
            stream.append(
                    "commit refs/heads/main\ncommitter A <a@example.com> " + (1_700_000_000 + i * 60) + " +0000\n");
            stream.append("data " + message.length() + "\n" + message);
            String content = "n: " + i + "\n";
            stream.append("M 100644 inline apps/f" + i % 7 + "\ndata " + content.length() + "\n" + content + "\n");
        }
        TestGit.output(fixture.bare, stream.toString().getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet");
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void filesOfTheTipAndOfAnOldCommit(Server server) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        String old = fixture.git("rev-parse", "main~200");

        assertThat(text(repository.tip("main", Progress.SILENT).file("apps/f6")))
                .isEqualTo("n: " + lastOf(6) + "\n");
        assertThat(text(repository.at("main", old, Progress.SILENT).file("apps/f1")))
                .isEqualTo(fixture.git("show", old + ":apps/f1") + "\n");
        assertThat(text(repository
                        .at("main", old.substring(0, 12), Progress.SILENT)
                        .file("apps/f1")))
                .isEqualTo(fixture.git("show", old + ":apps/f1") + "\n");
    }

    @ParameterizedTest
    @EnumSource
    void historyIsFetchedAsFarAsTheQueryNeeds(Server server) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        HistoryQuery prod =
                new HistoryQuery(info -> info.trailers().contains(new Trailer("GitOps-Environment", "prod")), 2, 1000);

        List<CommitInfo> found = repository.history("main", prod, Progress.SILENT);

        assertThat(found)
                .extracting(CommitInfo::commit)
                .containsExactly(fixture.git("rev-parse", "main~99"), fixture.git("rev-parse", "main~199"));
        assertThat(found.get(0).message()).startsWith("Commit 200\n");
        assertThat(found.get(0).committedAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000 + 200 * 60));
        assertThat(repository.history("main", new HistoryQuery(info -> false, 1, 50), Progress.SILENT))
                .isEmpty();
        assertThat(repository.history("main", new HistoryQuery(info -> true, 1000, 1000), Progress.SILENT))
                .hasSize(COMMITS);
    }

    /** GitHub hands out the commits of every fork by their ids: nobody's review stands behind those. */
    @ParameterizedTest
    @EnumSource
    void aCommitThatIsNotOfTheBranchIsUnknown(Server server) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        String aside = TestGit.output(
                fixture.bare, "commit-tree", fixture.git("rev-parse", "main^{tree}"), "-p", "main~100", "-m", "Aside");

        assertThatThrownBy(() -> repository.at("main", aside, Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageStartingWith("There is no commit " + aside + " in branch main of");
        fixture.git("update-ref", "refs/heads/aside", aside);
        assertThat(repository.at("aside", aside, Progress.SILENT).commit()).isEqualTo(aside);
        assertThatThrownBy(() -> repository.at("main", aside, Progress.SILENT))
                .hasMessageStartingWith("There is no commit " + aside + " in branch main of");
    }

    /** The ledger asks like this for every page and gate. */
    @ParameterizedTest
    @EnumSource
    void historyThatWasFetchedIsNotFetchedAgain(Server server) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        HistoryQuery all = new HistoryQuery(info -> true, 5000, 5000);
        repository.history("main", all, Progress.SILENT);
        fixture.server.forgetRequests();

        assertThat(repository.history("main", all, Progress.SILENT)).hasSize(COMMITS);
        assertThat(fixture.server.requests()).hasSize(1);

        fixture.commitWithGit(Map.of("apps/f1", "changed\n"));
        fixture.server.forgetRequests();

        assertThat(repository.history("main", all, Progress.SILENT)).hasSize(COMMITS + 1);
        assertThat(fixture.server.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.sent()).isLessThan(2000));
        repository.isAncestor(
                "main", fixture.git("rev-parse", "main~250"), fixture.git("rev-parse", "main"), Progress.SILENT);
        assertThat(fixture.server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void ancestorsAreTold(Server server) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        String tip = fixture.git("rev-parse", "main");
        String old = fixture.git("rev-parse", "main~250");
        String aside = TestGit.output(
                fixture.bare, "commit-tree", fixture.git("rev-parse", "main^{tree}"), "-p", old, "-m", "Aside");

        assertThat(repository.isAncestor("main", tip, tip, Progress.SILENT)).isTrue();
        assertThat(repository.isAncestor("main", old, tip, Progress.SILENT)).isTrue();
        assertThat(repository.isAncestor("main", tip, old, Progress.SILENT)).isFalse();
        assertThat(repository.isAncestor("main", aside, tip, Progress.SILENT)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void bumpsAreWritten(Server server) throws IOException {
        start(server);

        fixture.commit(request(write("apps/f0", "a\n")));
        fixture.commitWithGit(Map.of("apps/f0", "b\n"));
        fixture.commit(request(append("apps/f0", "c")));

        assertThat(fixture.onServer("apps/f0")).isEqualTo("b\nc");
        fixture.verify();
    }

    @ParameterizedTest
    @EnumSource
    void aWishOfAnotherTimeIsFoundInHistoryThatIsNotAtHand(Server server) throws IOException {
        start(server);
        String message = "Bump\n\n" + CommitRequest.BUMP_ID_TRAILER + ": long-ago";
        fixture.commitWithGit(message, Map.of("log", "x\n"));
        String committed = fixture.git("rev-parse", "main");
        for (int i = 0; i < 3; i++) {
            fixture.commitWithGit(Map.of("other", i + "\n"));
        }

        CommitOutcome outcome = fixture.commit(
                request("long-ago", append("log", "x")).triedSince(Instant.now().minusSeconds(60)));

        assertThat(outcome).isEqualTo(new CommitOutcome.AlreadyCommitted(committed));
    }

    /** What it cannot do stands in the log once, whoever reads or writes and however often. */
    @ParameterizedTest
    @CsvSource({
        "WITHOUT_FILTERS, The server does not support filters (uploadpack.allowFilter): fetching all files of the tip",
        "PROTOCOL_0, The server does not support filters (uploadpack.allowFilter): fetching all files of the tip",
        "WITHOUT_SHALLOW, The server does not support shallow fetches: fetching the whole repository once",
        "WITHOUT_ANYTHING, The server does not support shallow fetches: fetching the whole repository once"
    })
    void whatAServerCannotDoIsSaidOnce(Server server, String sentence) throws IOException {
        start(server);
        List<String> said = new ArrayList<>();
        ConfigRepository another = fixture.repositories.open(
                new Remote(fixture.server.url("config.git"), new Login.UserPassword("jenkins", "x")));

        fixture.open().commit(request(append("log", "a")), said::add);
        fixture.open().tip("main", said::add).file("apps/f1");
        another.tip("main", said::add);
        another.history("main", new HistoryQuery(info -> true, 1000, 1000), said::add);
        another.commit(request(append("log", "b")), said::add);

        assertThat(said).containsExactly(sentence);
    }

    @Test
    void aServerThatCanDoEverythingIsNotTalkedAbout() throws IOException {
        start(Server.PARTIAL);
        List<String> said = new ArrayList<>();

        fixture.open().commit(request(append("log", "a")), said::add);

        assertThat(said).isEmpty();
    }

    /** A store of many packs is made anew while somebody still reads from a commit of the old one. */
    @ParameterizedTest
    @EnumSource
    void aCommitIsReadOnWhenTheCacheWasMadeAnew(Server server) throws IOException {
        start(server);
        RepositorySettings forgetful = RepositorySettings.DEFAULT.caching(1 << 30, Duration.ofDays(1), 1);
        try (GitConfigRepositories repositories = new GitConfigRepositories(directory.resolve("other"), forgetful)) {
            ConfigRepository repository = repositories.open(fixture.remote());
            Snapshot before = repository.tip("main", Progress.SILENT);
            fixture.commitWithGit(Map.of("apps/f1", "changed\n"));
            repository.tip("main", Progress.SILENT);

            assertThat(text(before.file("apps/f1"))).isEqualTo("n: " + lastOf(1) + "\n");
        }
    }

    /** Before protocol 2 a server does not say that it is one; so much is taken for news. */
    @ParameterizedTest
    @CsvSource({"PARTIAL, 1", "WITHOUT_FILTERS, 1", "PROTOCOL_0, 64", "PROTOCOL_1, 64"})
    void ofABranchThatWasRewrittenLittleHistoryIsFetched(Server server, String commits) throws IOException {
        start(server);
        ConfigRepository repository = fixture.open();
        repository.tip("main", Progress.SILENT);
        fixture.git("update-ref", "-d", "refs/heads/main");
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < COMMITS; i++) {
            stream.append("commit refs/heads/main\ncommitter B <b@example.com> " + (1_800_000_000 + i) + " +0000\n")
                    .append("data 3\nnew\nM 100644 inline file\ndata 4\n" + String.format("%03d", i) + "\n\n");
        }
        TestGit.output(fixture.bare, stream.toString().getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet");

        Snapshot tip = repository.tip("main", Progress.SILENT);

        assertThat(tip.commit()).isEqualTo(fixture.git("rev-parse", "main"));
        assertThat(tip.file("file"))
                .hasValueSatisfying(file -> assertThat(file).asString().isEqualTo("299\n"));
        try (Stream<Path> caches = Files.list(directory.resolve("caches"))) {
            Path cache = caches.findFirst().orElseThrow().resolve("0");
            assertThat(TestGit.output(cache, "rev-list", "--count", tip.commit()))
                    .isEqualTo(commits);
        }
    }

    @Test
    void aPartialServerIsAskedForWhatStandsNearTheRoot() throws IOException {
        start(Server.PARTIAL);

        fixture.open().tip("main", Progress.SILENT).file("apps/f1");

        Path packs = onlyStore().resolve("objects").resolve("pack");
        long objects = 0;
        try (var files = Files.list(packs)) {
            for (Path pack : files.filter(f -> f.toString().endsWith(".idx")).toList()) {
                objects += TestGit.output(packs, Files.readAllBytes(pack), "show-index")
                        .lines()
                        .count();
            }
        }
        // The commit and what stands near the root: JGit has no filter that leaves those files out.
        assertThat(objects).isEqualTo(10);
    }

    @Test
    void aRepositoryOnDiskIsNotOpened() throws IOException {
        start(Server.PARTIAL);
        Remote onDisk = new Remote(fixture.bare.toUri().toString());

        assertThatThrownBy(() -> fixture.repositories.open(onDisk))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(
                        "is the address of a repository on the controller's own disk, which is not allowed");
    }

    @Test
    void aMissingBranchIsNamed() throws IOException {
        start(Server.PARTIAL);

        assertThatThrownBy(() -> fixture.open().tip("production", Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageEndingWith("has no branch production; create it or correct the name");
    }

    @Test
    void theCacheAnswersNobodyTheServerDoesNotLetIn() throws IOException {
        start(Server.PARTIAL);
        fixture.server.require("jenkins", "secret");
        String tip = fixture.git("rev-parse", "main");
        ConfigRepository allowed = fixture.repositories.open(
                new Remote(fixture.server.url("config.git"), new Login.UserPassword("jenkins", "secret")));
        assertThat(allowed.at("main", tip, Progress.SILENT).file("apps/f0")).isPresent();

        ConfigRepository wrong = fixture.repositories.open(
                new Remote(fixture.server.url("config.git"), new Login.UserPassword("jenkins", "guess")));

        assertThatThrownBy(() -> wrong.at("main", tip, Progress.SILENT))
                .hasMessageContaining("the credentials are refused");
    }

    private String lastOf(int remainder) {
        int last = COMMITS - 1;
        while (last % 7 != remainder) {
            last--;
        }
        return String.valueOf(last);
    }

    private Path onlyStore() throws IOException {
        try (var files = Files.walk(fixture.cacheRoot(), 2)) {
            return files.filter(f -> f.getFileName().toString().equals("0"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String text(Optional<byte[]> content) {
        return new String(content.orElseThrow(), StandardCharsets.UTF_8);
    }
}
