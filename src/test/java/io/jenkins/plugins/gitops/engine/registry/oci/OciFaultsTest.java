package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What can go wrong between Jenkins and a registry: one sentence each. */
class OciFaultsTest extends ScriptedRegistry {

    @Test
    void aRegistryThatIsDown() {
        server.close();

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' cannot be reached (ConnectException): check its address and the"
                        + " network between it and Jenkins.");
    }

    @Test
    void aHostThatDoesNotExist() {
        OciRegistry nowhere = setting.at(URI.create("http://registry.invalid"), ANONYMOUS);

        assertThatThrownBy(() -> nowhere.resolve(ImageReference.parse("registry.invalid/shop/api:1.4.0")))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("Registry 'registry.invalid' cannot be reached (");
    }

    @Test
    void aPullThatIsForbidden() {
        server.on(HEAD, says(403, ""));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' does not allow its connection to read 'shop/api': grant its"
                        + " credentials the right to pull, or check the name.");
    }

    @Test
    void anErrorOfTheRegistry() {
        server.on(HEAD, says(500, ""));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' returned status 500 for 'shop/api': try again, or check its"
                        + " log.");
    }

    @Test
    void aManifestThatIsTooBig() {
        String big = " ".repeat(OciHttp.LARGEST_BODY + 1);
        server.on(
                "GET /v2/shop/api/manifests/" + OTHER_DIGEST, says(200, big, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertSentence(
                () -> registry.contents(details(OTHER_DIGEST)),
                "Registry '" + server.host() + "' returned more than 4 MiB for /v2/shop/api/manifests/" + OTHER_DIGEST
                        + ", which is too large for an image manifest: check what was pushed.");
    }

    @Test
    void anAnswerThatNeverEnds() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        server.on(GET, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", MediaTypes.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(ended);
        });
        server.on(HEAD, says(405, ""));
        OciRegistry impatient = setting.within(Duration.ofSeconds(1), server.base("http"));

        assertThatThrownBy(() -> impatient.resolve(reference("1.4.0")))
                .isInstanceOf(RegistryException.class)
                .hasMessage("Registry '" + server.host() + "' did not respond within 1 s: try again, or check the"
                        + " network between it and Jenkins.");
        ended.countDown();
    }

    @Test
    void anInterruptEndsTheQuestionAndIsNotLost() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
