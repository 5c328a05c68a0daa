package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Where a registry may lead, and what goes along. */
class OciRedirectsTest extends ScriptedRegistry {

    @Test
    void aManifestOnAnotherHostIsRefusedAndTheHostSeesNothing() throws IOException {
        try (ScriptedServer other = ScriptedServer.start()) {
            server.on(HEAD, says(307, "", "Location", other.base("http") + "/v2/shop/api/manifests/1.4.0"));

            assertSentence(
                    () -> resolve("1.4.0"),
                    "Registry '" + server.host() + "' redirects 'shop/api' to 127.0.0.1, which is not followed:"
                            + " configure the registry by the address it redirects to.");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aBlobOnAnotherHostIsReadWithoutCredentials() throws IOException {
        String config = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Labels\":{\"team\":\"shop\"}}}";
        String configDigest = Digests.sha256(config.getBytes(UTF_8));
        String manifest = "{\"schemaVersion\":2,\"config\":{\"digest\":\"" + configDigest + "\"}}";
        String digest = Digests.sha256(manifest.getBytes(UTF_8));
        try (ScriptedServer store = ScriptedServer.start()) {
            ScriptedServer.Script challenge = says(401, "", "WWW-Authenticate", "Basic realm=\"loopback\"");
            server.on(
                    "GET /v2/shop/api/manifests/" + digest,
                    exchange -> (exchange.getRequestHeaders().containsKey("Authorization")
                                    ? says(200, manifest, "Content-Type", MediaTypes.OCI_MANIFEST)
                                    : challenge)
                            .answer(exchange));
            server.on("GET /v2/shop/api/blobs/" + configDigest, says(307, "", "Location", store.base("http") + "/b"));
            store.on("GET /b", says(200, config));
            OciRegistry authenticated = setting.at(server.base("http"), ROBOT);

            assertThat(authenticated.contents(details(digest)).labels()).containsEntry("team", "shop");
            assertThat(server.requests()).last().asString().contains("Basic ");
            assertThat(store.requests()).containsExactly("GET /b");
        }
    }

    @Test
    void aRedirectWithinTheRegistryIsFollowed() {
        server.on(HEAD, says(301, "", "Location", "/v2/moved/api/manifests/1.4.0"));
        server.on("HEAD /v2/moved/api/manifests/1.4.0", found());

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void aRedirectThatNeverEnds() {
        server.on(HEAD, says(301, "", "Location", "/v2/shop/api/manifests/1.4.0"));

        assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("which is not followed");
        assertThat(server.requests()).hasSize(4);
    }
}
