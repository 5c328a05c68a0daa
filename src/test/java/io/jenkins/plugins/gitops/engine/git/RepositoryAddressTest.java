package io.jenkins.plugins.gitops.engine.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/acme/config.git",
                "https://github.com/acme/config",
                "https://github.com/acme/config/",
                "https://github.com/acme/config.git/",
                "HTTPS://GitHub.com/acme/config.git",
                "https://someone@github.com/acme/config.git",
                "https://someone:secret@github.com:443/acme//config"
            })
    void theSameRepositoryIsKnownHoweverItIsWritten(String written) {
        assertThat(RepositoryAddress.isSame("https://github.com/acme/config.git", written))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"git@github.com:acme/config.git", "github.com:acme/config", "ssh://git@GITHUB.com:22/acme/config"
            })
    void anScpLikeAddressIsOneOfSsh(String written) {
        assertThat(RepositoryAddress.isSame("ssh://git@github.com/acme/config.git", written))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/config.git, https://github.com/acme/Config.git",
        "https://github.com/acme/config.git, https://github.com:8443/acme/config.git",
        "https://github.com/acme/config.git, https://github.com.evil.example/acme/config.git",
        "https://github.com/acme/config.git, https://evil.example/@github.com/acme/config.git",
        "https://github.com/acme/config.git, ssh://git@github.com/acme/config.git",
        "https://github.com/acme/config.git, https://github.com/acme/config.gitx",
        "https://github.com/acme/config.git, config"
    })
    void anotherRepositoryIsNot(String one, String other) {
        assertThat(RepositoryAddress.isSame(one, other)).isFalse();
    }
}
