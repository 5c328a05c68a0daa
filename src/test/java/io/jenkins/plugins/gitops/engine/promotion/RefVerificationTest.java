package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryAddress;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the Git tags of a release exist, asked of a server on loopback. */
@Timeout(60)
class RefVerificationTest {

    private static final Map<String, VersionSource> NOWHERE = sources("https://git.example/acme/platform");

    private static Map<String, VersionSource> sources(String address) {
        return Map.of("platform", new VersionSource(VersionSource.Kind.GIT, address));
    }

    private static List<String> said(ReleaseVerification verification, String version, Map<String, VersionSource> of) {
        List<String> said = new ArrayList<>();
        verification.verify(new Release(Map.of("platform", new NamedVersion(version)), null, of), said::add);
        return said;
    }

    @Test
    void aTagHasToBeThere(@TempDir Path folder) throws Exception {
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
                GitConfigRepositories repositories = new GitConfigRepositories(folder.resolve("cache"))) {
            Path bare = server.create("platform.git");
            Path work = Files.createDirectories(folder.resolve("work"));
            TestGit.run(work, "init", "-q", "-b", "main");
            TestGit.run(work, "commit", "-q", "--allow-empty", "-m", "Begin");
            TestGit.run(work, "tag", "-a", "-m", "First", "v1.4.0");
            TestGit.run(work, "push", "-q", bare.toString(), "main", "v1.4.0", "main:release-2");
            String address = server.url("platform.git");
            RefVerification verification = new RefVerification(
                    ReleaseVerification.NONE, other -> Optional.of(repositories.open(new Remote(other))));

            assertThat(said(verification, "v1.4.0", sources(address)))
                    .containsExactly("Tag v1.4.0 of " + address + " exists.");
            assertThat(said(verification.beforeGate(), "1.4.0", sources(address)))
                    .containsExactly("Tag 1.4.0 of " + address + " exists.");
            for (String missing : List.of("v1.5.0", "release-2")) {
                assertThatThrownBy(() -> said(verification, missing, sources(address)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessage("There is no tag '" + missing + "' in " + address
                                + ": push it first, or give a tag that exists.");
            }
            String gone = server.url("gone.git");
            assertThat(said(verification, "v1.4.0", sources(gone)))
                    .singleElement()
                    .asString()
                    .startsWith("Tag v1.4.0 of " + gone + " is not verified: ");
        }
    }

    @Test
    void whatNobodyCanBeAskedIsSaidToBeUnverified() {
        RefVerification verification = new RefVerification(ReleaseVerification.NONE, address -> Optional.empty());

        assertThat(said(verification, "v1", NOWHERE))
                .containsExactly("Tag v1 of https://git.example/acme/platform is not verified: no configured repository"
                        + " is on its server.");
        assertThat(said(verification, "c0ffee1", NOWHERE))
                .containsExactly("Commit c0ffee1 of https://git.example/acme/platform is not verified: a Git server"
                        + " lists tags alone.");
    }

    @Test
    void aGateAsksOnlyAboutReleasesThatCarryMoreThanImages() {
        RefVerification verification = new RefVerification(ReleaseVerification.NONE, address -> Optional.empty());

        assertThat(verification.asksFor(Map.of("api", ImageReference.parse("ghcr.io/acme/api:1"))))
                .isFalse();
        assertThat(verification.asksFor(Map.of("platform", new NamedVersion("v1"))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        true, https://git.example/a/b.git, https://GIT.example:443/c/d
        true, git@git.example:a/b.git, ssh://git.example/c
        false, https://git.example/a/b, http://git.example/a/b
        false, https://git.example/a/b, https://git.example:8443/a/b
        false, https://git.example/a/b, https://git.example.evil.example/a/b
        false, https://git.example/a/b, git@git.example:a/b
        false, git.example/a/b, git.example/a/b
        """)
    void credentialsGoToTheServerThatTheyAreConfiguredFor(boolean same, String configured, String declared) {
        assertThat(RepositoryAddress.isSameServer(declared, configured)).isEqualTo(same);
    }
}
