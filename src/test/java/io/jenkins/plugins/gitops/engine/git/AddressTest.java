package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that are not opened. */
class AddressTest {

    @TempDir
    Path directory;

    private GitConfigRepositories repositories;

    @BeforeEach
    void start() {
        repositories = new GitConfigRepositories(directory);
    }

    @AfterEach
    void stop() throws IOException {
        repositories.close();
    }

    @Test
    void anAddressWithAPasswordIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> repositories.open(new Remote("https://me:s3cret@git.example.com/config.git")))
                .hasMessageContaining("git.example.com")
                .hasMessageContaining("holds credentials")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.com/config.git?private_token=s3cret",
                "https://git.example.com/con fig.git?private_token=s3cret",
                "ssh://git@git.example.com/config.git?private_token=s3cret",
                "ftp://git.example.com/config.git#s3cret"
            })
    void anAddressWithATokenIsRefusedWithoutShowingIt(String url) {
        assertThatThrownBy(() -> repositories.open(new Remote(url)))
                .hasMessageContaining("git.example.com")
                .hasMessageNotContaining("s3cret")
                .satisfies(refused ->
                        assertThat(String.valueOf(refused.getCause())).doesNotContain("s3cret"));
    }

    /** A host is never an option of a command: there is no command. */
    @ParameterizedTest
    @ValueSource(strings = {"ssh://-oProxyCommand=id/config.git", "git@-oProxyCommand=id:config.git"})
    void aHostThatLooksLikeAnOptionStartsNoCommand(String url) {
        assertThatThrownBy(() -> repositories.open(new Remote(url))).isInstanceOf(RepositoryException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "config",
                "file:///srv/config.git",
                "FILE:/srv/config.git",
                "/srv/config.git",
                "ftp://host/x",
                "https:///x",
                "C:\\repo",
                "http://host/x?y=z",
                "ext::sh -c id",
                "ext::ssh -oProxyCommand=id x",
                "fd::17/config",
                "-oProxyCommand=id",
                "--upload-pack=id",
                "git://host/x",
                "\\\\server\\share\\config.git",
                "//server/share/config.git",
                "file://server/share/config.git",
                "https://host/x#y",
                "https://host:port/x",
                "http:///etc/passwd",
                "javascript://host/x"
            })
    void whatIsNoAddressIsRefused(String url) {
        assertThatThrownBy(() -> repositories.open(new Remote(url)))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("address");
    }
}
