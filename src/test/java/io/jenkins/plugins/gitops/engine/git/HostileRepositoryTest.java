package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees that would lead an edit astray, and those that only look odd. */
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
        for (String path : List.of("module", "module/f", "module/envs/prod/kustomization.yaml")) {
            String sentence = "\"module\" in the config repository is a submodule, which is never followed; name the"
                    + " file itself";
            assertThatThrownBy(() -> tip.file(path)).hasMessageContaining(sentence);
            assertThatThrownBy(() -> fixture.commit(request(write(path, "x")))).hasMessageContaining(sentence);
        }
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
