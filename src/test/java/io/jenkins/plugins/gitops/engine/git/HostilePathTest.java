package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that lead out of the tree or into Git's own files; one repository for all, as none is to change it. */
class HostilePathTest {

    @TempDir
    static Path directory;

    private static ConfigRepositoryFixture fixture;

    @BeforeAll
    static void start() throws IOException {
        fixture = new ConfigRepositoryFixture(directory);
        fixture.commitWithGit(Map.of("apps/f", "x\n"));
    }

    @AfterAll
    static void stop() throws IOException {
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
}
