package io.jenkins.plugins.gitops.engine.repository;

import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.repository.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileRepositoryTest {

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("apps/f", "x\n"));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../secret",
                "apps/../../secret",
                "apps/./f",
                "apps//f",
                "apps/",
                ".git/config",
                "apps/.GIT/hooks/post-receive",
                "apps/git~1/config",
                "apps\\..\\f",
                "apps/.g\u200cit/config",
                "apps/\0",
                "C:/f"
            })
    void aPathThatIsNoneInsideTheTreeIsRefused(String path) {
        Snapshot tip = fixture.open().tip("main", Progress.SILENT);

        assertThatThrownBy(() -> tip.file(path))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the config repository")
                .hasMessageNotContaining("\0");
        assertThatThrownBy(() -> fixture.commit(request(write(path, "y"))))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the config repository");
        assertThat(fixture.git("rev-list", "--count", "main")).isEqualTo("1");
    }

    @Test
    void symbolicLinksAndSubmodulesAreNotFollowed() {
        String target = TestGit.output(fixture.bare, bytes("/etc"), "hash-object", "-w", "--stdin");
        commitTree(
                "120000 blob " + target + "\tlink\n160000 commit " + fixture.git("rev-parse", "main") + "\tmodule\n");
        Snapshot tip = fixture.open().tip("main", Progress.SILENT);

        assertThatThrownBy(() -> tip.file("link"))
                .hasMessageContaining("\"link\"")
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> tip.file("link/passwd")).hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> tip.file("module/f")).hasMessageContaining("submodule");
        assertThatThrownBy(() -> fixture.commit(request(write("link/passwd", "x"))))
                .hasMessageContaining("symbolic link");
    }

    @Test
    void whatIsNotAskedForSurvivesAsItWas() {
        String blob = TestGit.output(fixture.bare, bytes("x\n"), "hash-object", "-w", "--stdin");
        String link = TestGit.output(fixture.bare, bytes("target"), "hash-object", "-w", "--stdin");
        String longName = "n".repeat(3000);
        String inner = TestGit.output(
                fixture.bare,
                bytes("100644 blob " + blob + "\tünïcødé-文件.yaml\n100755 blob " + blob + "\trun.sh\n120000 blob " + link
                        + "\tlink\n160000 commit " + fixture.git("rev-parse", "main") + "\tmodule\n100644 blob " + blob
                        + "\t.gitattributes\n100644 blob " + blob + "\t" + longName + "\n"),
                "mktree");
        commitTree(
                "040000 tree " + inner + "\tdir\n100644 blob " + blob + "\tdir.txt\n100644 blob " + blob + "\tdir0\n");
        String before = fixture.git("-c", "core.quotePath=false", "ls-tree", "-r", "-t", "main:dir");

        fixture.commit(request(write("dir/run.sh", "changed\n")));
        fixture.commit(request(write("dir/added/deep/file.yaml", "new\n")));
        fixture.commit(request(write("dir/ünïcødé-文件.yaml", "changed\n")));

        assertThat(fixture.git("ls-tree", "main", "dir/run.sh")).startsWith("100755 ");
        assertThat(fixture.git("-c", "core.quotePath=false", "diff", "--name-only", "main~3", "main")
                        .lines())
                .containsExactlyInAnyOrder("dir/added/deep/file.yaml", "dir/run.sh", "dir/ünïcødé-文件.yaml");
        String after = fixture.git("-c", "core.quotePath=false", "ls-tree", "-r", "-t", "main:dir");
        assertThat(after.lines().filter(line -> !line.matches(".*\t(added.*|run\\.sh|ünïcødé-文件\\.yaml)")))
                .containsExactlyElementsOf(before.lines()
                        .filter(line -> !line.matches(".*\t(run\\.sh|ünïcødé-文件\\.yaml)"))
                        .toList());
        fixture.verify();
    }

    @Test
    void aFileWhereADirectoryIsNeededIsRefused() {
        assertThatThrownBy(() -> fixture.commit(request(write("apps/f/g", "x"))))
                .hasMessageContaining("\"apps/f\"")
                .hasMessageContaining("cannot be both a file and a directory");
        assertThatThrownBy(() -> fixture.commit(request(write("apps", "x"))))
                .hasMessageContaining("cannot be both a file and a directory");
    }

    /** In a process whose heap would not hold them. */
    @Test
    void aHugeFileAndAHugeDirectoryAreRefusedInLittleMemory() throws Exception {
        byte[] huge = new byte[100 << 20];
        String hugeBlob = TestGit.output(fixture.bare, huge, "hash-object", "-w", "--stdin");
        String small = TestGit.output(fixture.bare, bytes("x\n"), "hash-object", "-w", "--stdin");
        StringBuilder entries = new StringBuilder(70 << 20);
        for (int i = 0; i < 1_000_000; i++) {
            entries.append("100644 blob ").append(small).append("\tf").append(i).append('\n');
        }
        String hugeTree = TestGit.output(fixture.bare, bytes(entries.toString()), "mktree", "--missing");
        commitTree("100644 blob " + hugeBlob + "\thuge.yaml\n040000 tree " + hugeTree + "\tmany\n100644 blob " + small
                + "\tok.yaml\n");
        refusesInLittleMemory("parts", "ok.yaml: 2 bytes");
        fixture.git("config", "uploadpack.allowFilter", "false");
        refusesInLittleMemory("whole", "ok.yaml: 4 bytes");
    }

    private void refusesInLittleMemory(String cache, String read) throws IOException, InterruptedException {
        Path said = directory.resolve("said");
        Process reader = LittleMemoryReader.start(
                fixture.server.url(ConfigRepositoryFixture.NAME), directory.resolve(cache), said);
        assertThat(reader.waitFor()).isZero();
        assertThat(Files.readAllLines(said))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("huge.yaml: \"huge.yaml\" in the config repository is larger than"
                                        + " 10485760 bytes; only small text files are read and written"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "many/f1: Directory \"many\" of the config repository has too many"
                                                + " entries (its listing is larger than 16777216 bytes); spread them over subdirectories"),
                        line -> assertThat(line).isEqualTo(read),
                        line -> assertThat(line)
                                .startsWith("overwriting huge.yaml: \"huge.yaml\" in the config repository is larger"),
                        line -> assertThat(line).isEqualTo("ok.yaml: Committed"),
                        line -> assertThat(residentKiB(line)).isLessThan(256 * 1024));
        System.out.println("Beside a huge file and a huge directory, " + cache + ": "
                + Files.readAllLines(said).get(5));
    }

    private static int residentKiB(String line) {
        assumeFalse(line.endsWith("unknown"), "needs proc(5)");
        return Integer.parseInt(line.split(" ")[1]);
    }

    @Test
    void anEditThatFailsTakesNobodyAlong() {
        assertThatThrownBy(() -> fixture.commit(request(tip -> {
                    throw new RepositoryException("There is no image in apps/f; add one");
                })))
                .hasMessage("There is no image in apps/f; add one");

        fixture.commit(request(append("apps/f", "y")));

        assertThat(fixture.onServer("apps/f")).isEqualTo("x\ny");
    }

    private void commitTree(String entries) {
        String tree = TestGit.output(fixture.bare, bytes(entries), "mktree");
        String commit = TestGit.output(fixture.bare, "commit-tree", tree, "-p", "main", "-m", "Tree");
        fixture.git("update-ref", "refs/heads/main", commit);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
