package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A registry whose answers a test writes, and the image that the tests ask it for. */
abstract class ScriptedRegistry {

    static final String HEAD = "HEAD /v2/shop/api/manifests/1.4.0";
    static final String GET = "GET /v2/shop/api/manifests/1.4.0";
    static final String MANIFEST = "{\"schemaVersion\":2}";
    static final String DIGEST = Digests.sha256(MANIFEST.getBytes(UTF_8));
    static final String OTHER_DIGEST = "sha256:" + "0".repeat(64);
    static final Optional<RegistryLogin> ROBOT = Optional.of(new RegistryLogin("robot", "s3cret"));
    static final Optional<RegistryLogin> ANONYMOUS = Optional.empty();

    final RegistryUnderTest setting = new RegistryUnderTest();
    ScriptedServer server;
    OciRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        registry = setting.at(server.base("http"), ANONYMOUS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    ImageDetails resolve(String tag) {
        return registry.resolve(reference(tag));
    }

    ImageReference reference(String tag) {
        return ImageReference.parse(server.host() + "/shop/api:" + tag);
    }

    ImageDetails details(String digest) {
        return new ImageDetails(new ImageName(server.host(), "shop/api"), digest, MediaTypes.OCI_MANIFEST, null);
    }

    static ScriptedServer.Script found() {
        return says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST, "Docker-Content-Digest", DIGEST);
    }

    static void assertSentence(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(RegistryException.class).hasMessage(sentence);
    }
}
