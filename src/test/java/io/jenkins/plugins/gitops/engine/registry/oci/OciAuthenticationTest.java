package io.jenkins.plugins.gitops.engine.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry with passwords and with a token server. */
class OciAuthenticationTest {

    private static final Optional<RegistryLogin> ROBOT =
            Optional.of(new RegistryLogin(DebianRegistry.USER, DebianRegistry.PASSWORD));
    private static final Optional<RegistryLogin> STRANGER =
            Optional.of(new RegistryLogin(DebianRegistry.USER, "wrong"));

    @TempDir
    private Path directory;

    @BeforeAll
    static void assumeInstalled() {
        DebianRegistry.assumeInstalled();
    }

    @Test
    void aPasswordIsSentOnceTheRegistryAsksAndAtOnceFromThenOn() throws Exception {
        try (DebianRegistry server = DebianRegistry.withBasicAuthentication(directory)) {
            String digest = push(server, "Basic " + base64(DebianRegistry.USER + ":" + DebianRegistry.PASSWORD));
            OciRegistry registry = new RegistryUnderTest().at(server.base(), ROBOT);
            int before = server.reads().size();

            assertThat(registry.resolve(reference(server)).digest()).isEqualTo(digest);
            assertThat(registry.resolve(reference(server)).digest()).isEqualTo(digest);

            assertReads(
                    server,
                    before,
                    "HEAD /v2/shop/api/manifests/1.4.0 401",
                    "HEAD /v2/shop/api/manifests/1.4.0 200",
                    "HEAD /v2/shop/api/manifests/1.4.0 200");
        }
    }

    @Test
    void aWrongPasswordIsOneSentence() throws Exception {
        try (DebianRegistry server = DebianRegistry.withBasicAuthentication(directory)) {
            OciRegistry registry = new RegistryUnderTest().at(server.base(), STRANGER);

            assertThatThrownBy(() -> registry.resolve(reference(server)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("Registry '" + server.host() + "' refused the credentials of its connection for"
                            + " 'shop/api': check the user and the password or token.");
        }
    }

    @Test
    void aRegistryThatAsksForCredentialsThereAreNoneOfIsOneSentence() throws Exception {
        try (DebianRegistry server = DebianRegistry.withBasicAuthentication(directory)) {
            OciRegistry registry = new RegistryUnderTest().at(server.base(), Optional.empty());

            assertThatThrownBy(() -> registry.resolve(reference(server)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("Registry '" + server.host() + "' requires credentials to read 'shop/api': add"
                            + " credentials to its connection in Jenkins, or check the name.");
        }
    }

    @Test
    void aTokenIsFetchedWhereTheRegistrySaysAndKeptUntilItExpires() throws Exception {
        try (TokenServer tokens = new TokenServer(directory);
                DebianRegistry server = DebianRegistry.withTokenServer(directory, tokens)) {
            String digest = push(server, "Bearer " + tokens.token("shop/api", "pull,push"));
            AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
            OciRegistry registry = new RegistryUnderTest().at(server.base(), ROBOT, now::get);
            int before = server.reads().size();

            assertThat(registry.resolve(reference(server)).digest()).isEqualTo(digest);
            registry.resolve(reference(server));
            assertThat(tokens.requests())
                    .containsExactly("scope=repository:shop/api:pull&service=" + TokenServer.SERVICE);

            now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(291)));
            registry.resolve(reference(server));
            assertThat(tokens.requests()).hasSize(2);
            assertReads(
                    server,
                    before,
                    "HEAD /v2/shop/api/manifests/1.4.0 401",
                    "HEAD /v2/shop/api/manifests/1.4.0 200",
                    "HEAD /v2/shop/api/manifests/1.4.0 200",
                    "HEAD /v2/shop/api/manifests/1.4.0 200");
        }
    }

    @Test
    void aTokenServerThatKnowsNoSuchPasswordIsOneSentence() throws Exception {
        try (TokenServer tokens = new TokenServer(directory);
                DebianRegistry server = DebianRegistry.withTokenServer(directory, tokens)) {
            OciRegistry registry = new RegistryUnderTest().at(server.base(), STRANGER);

            assertThatThrownBy(() -> registry.resolve(reference(server)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage("Registry '" + server.host() + "' refused the credentials of its connection for"
                            + " 'shop/api': check the user and the password or token.");
        }
    }

    private static String push(DebianRegistry server, String authorization) {
        return new ImagePusher(server.base(), authorization)
                .image("shop/api", "1.4.0", MediaTypes.OCI_MANIFEST, ImagePusher.config("amd64", "null"), "");
    }

    private static void assertReads(DebianRegistry server, int before, String... expected) {
        List<String> reads = server.reads();
        assertThat(reads.subList(before, reads.size())).containsExactly(expected);
    }

    private static ImageReference reference(DebianRegistry server) {
        return ImageReference.parse(server.host() + "/shop/api:1.4.0");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
