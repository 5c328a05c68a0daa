package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

    @TempDir
    Path directory;

    private ConfigRepositoryFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("log", "", "by-hand", ""));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void fourProcessesAndPlainGitWriteToOneBranch() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            // The same cache root for all: each process takes a directory of its own.
            processes.add(WriterProcess.start(
                    fixture.server.url(ConfigRepositoryFixture.NAME), directory.resolve("shared"), "p" + p, 4, 5));
        }
        int byHand = pushByHandWhile(processes);
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }

        System.out.printf(
                "4 processes x 4 writers x 5 commits and %d by hand: %d pushes%n", byHand, fixture.server.pushes());
        assertThat(byHand).isPositive();
        assertThat(fixture.bumpIds()).hasSize(80).doesNotHaveDuplicates();
        assertThat(fixture.onServer("log").lines()).containsExactlyInAnyOrderElementsOf(fixture.bumpIds());
        assertThat(fixture.onServer("by-hand").lines()).hasSize(byHand);
        assertThat(fixture.git("rev-list", "--count", "main")).isEqualTo(String.valueOf(1 + 80 + byHand));
        fixture.verify();
    }

    /** Somebody who commits with the git command line meanwhile, and rebases when told to. */
    private int pushByHandWhile(List<Process> processes) throws IOException {
        Path clone = directory.resolve("clone");
        TestGit.run(directory, "clone", "--quiet", fixture.server.url(ConfigRepositoryFixture.NAME), clone.toString());
        int pushed = 0;
        while (processes.stream().anyMatch(Process::isAlive)) {
            Files.writeString(clone.resolve("by-hand"), "line " + pushed + "\n", StandardOpenOption.APPEND);
            TestGit.run(clone, "commit", "--quiet", "--all", "--message", "By hand " + pushed);
            boolean accepted = false;
            while (!accepted) {
                try {
                    TestGit.run(clone, "push", "--quiet", "origin", "HEAD:main");
                    accepted = true;
                } catch (AssertionError e) {
                    assertThat(e).hasMessageMatching("(?s).*(rejected|remote rejected).*");
                    TestGit.run(clone, "pull", "--quiet", "--rebase", "origin", "main");
                }
            }
            pushed++;
        }
        return pushed;
    }
}
