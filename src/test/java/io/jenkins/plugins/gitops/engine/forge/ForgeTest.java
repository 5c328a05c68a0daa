package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.Forge.Provider;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgeTest {

    private final Forge forge = new Forge(HttpClients.DEFAULT, InstantSource.system());

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/config.git, GITHUB",
        "git@github.com:acme/config.git, GITHUB",
        "https://acme.ghe.com/acme/config, GITHUB",
        "https://github.example.org/acme/config, GITHUB",
        "https://gitlab.com/acme/platform/config.git, GITLAB",
        "ssh://git@gitlab.example.org:2222/acme/config.git, GITLAB",
        "https://codeberg.org/acme/config.git, GITEA",
        "https://forgejo.example.org/acme/config.git, GITEA",
        "https://bitbucket.org/acme/config.git, BITBUCKET",
        "https://bitbucket.example.org/scm/acme/config.git, BITBUCKET",
        "https://bot@dev.azure.com/acme/shop/_git/config, AZURE",
        "git@ssh.dev.azure.com:v3/acme/shop/config, AZURE",
        "https://acme.visualstudio.com/shop/_git/config, AZURE",
        "https://git.example.org/acme/config.git,",
        "file:///srv/config.git,"
    })
    void theAddressTellsTheKindOfServer(String address, Provider expected) {
        assertThat(Forge.provider(address).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "git@github.com:acme/config.git, https://github.com/acme/config/commit/",
        "http://gitlab.example.org:8080/acme/platform/config.git,"
                + " http://gitlab.example.org:8080/acme/platform/config/-/commit/",
        "https://codeberg.org/acme/config.git, https://codeberg.org/acme/config/commit/",
        "https://bitbucket.org/acme/config.git, https://bitbucket.org/acme/config/commits/",
        "https://bitbucket.example.org/git/scm/ACME/config.git,"
                + " https://bitbucket.example.org/git/projects/ACME/repos/config/commits/",
        "ssh://git@bitbucket.example.org:7999/ACME/config.git,"
                + " https://bitbucket.example.org/projects/ACME/repos/config/commits/",
        "git@ssh.dev.azure.com:v3/acme/shop/config, https://dev.azure.com/acme/shop/_git/config/commit/",
        "https://bot@dev.azure.com/acme/shop/_git/config, https://dev.azure.com/acme/shop/_git/config/commit/",
        "https://git.example.org/acme/config.git,",
        "https://github.com/acme/config.git?token=secret,",
        "https://github.com/acme/<b>config,"
    })
    void aServerWhoseKindIsKnownShowsCommits(String address, String expected) {
        assertThat(Forge.commits(address).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/config.git, , https://api.github.com/repos/acme/config",
        "git@github.com:acme/config.git, , https://api.github.com/repos/acme/config",
        "https://acme.ghe.com/acme/config, , https://api.acme.ghe.com/repos/acme/config",
        "https://git.example.org:8443/acme/config, GITHUB, https://git.example.org:8443/api/v3/repos/acme/config",
        "https://gitlab.com/acme/platform/config.git, , https://gitlab.com/api/v4/projects/acme%2Fplatform%2Fconfig",
        "https://git.example.org/tools/gitea/acme/config.git, GITEA,"
                + " https://git.example.org/tools/gitea/api/v1/repos/acme/config",
        "https://bitbucket.org/acme/config.git, , https://api.bitbucket.org/2.0/repositories/acme/config",
        "https://git.example.org/stash/scm/acme/config.git, BITBUCKET,"
                + " https://git.example.org/stash/rest/api/latest/projects/acme/repos/config",
        "ssh://git@bitbucket.example.org:7999/acme/config.git, ,"
                + " https://bitbucket.example.org/rest/api/latest/projects/acme/repos/config",
        "https://bot@dev.azure.com/acme/shop/_git/config, ,"
                + " https://dev.azure.com/acme/shop/_apis/git/repositories/config",
        "https://dev.azure.com/acme/_git/config, ,"
                + " https://dev.azure.com/acme/config/_apis/git/repositories/config",
        "git@ssh.dev.azure.com:v3/acme/shop/config, ,"
                + " https://dev.azure.com/acme/shop/_apis/git/repositories/config",
        "https://acme.visualstudio.com/shop/_git/config, ,"
                + " https://acme.visualstudio.com/shop/_apis/git/repositories/config"
    })
    void theApiIsWhereTheProviderHasIt(String address, Provider provider, String api) {
        assertThat(forge.of(new Remote(address, new UserPassword("bot", "t0ken")), provider)
                        .client
                        .api())
                .hasToString(api);
    }

    @Test
    void aNameThatTellsNothingNeedsTheProvider() {
        assertThatThrownBy(() -> forge.of(new Remote("https://git.example.org/acme/config"), null))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("add 'provider' to 'deliver'")
                .hasMessageContaining("github, gitlab, gitea, bitbucket, azure");
    }

    @Test
    void anSshKeyOpensNoApi() {
        Remote remote = new Remote("git@github.com:acme/config.git", new SshKey("git", "key", null, ""));

        assertThatThrownBy(() -> forge.of(remote, null))
                .hasMessageContaining("configure its https address with a token");
    }

    @Test
    void aLoginForTheApiGoesBeforeThatOfTheRepository() {
        Remote remote = new Remote("git@github.com:acme/config.git", new SshKey("git", "key", null, ""));

        assertThat(forge.of(remote.withApi(new UserPassword("bot", "t0ken")), null)
                        .client
                        .api())
                .hasToString("https://api.github.com/repos/acme/config");
    }

    @Test
    void oneRepositoryIsOpenedOnceForALogin() {
        Remote remote = new Remote("https://github.com/acme/config", new UserPassword("bot", "t0ken"));

        assertThat(forge.of(remote, null)).isSameAs(forge.of(remote, Provider.GITHUB));
        assertThat(forge.of(remote, null))
                .isNotSameAs(forge.of(new Remote(remote.url(), new UserPassword("bot", "other")), null));
    }
}
