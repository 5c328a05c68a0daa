package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.config.ConfiguredImagePolicy;
import io.jenkins.plugins.gitops.config.ConfiguredRegistry;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.oci.DebianRegistry;
import io.jenkins.plugins.gitops.engine.registry.oci.ImagePusher;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** gitopsBumpImage with a registry that it asks: Debian's docker-registry in the place of ghcr.io. */
class VerifiedBumpTest {

    @TempDir
    private static Path folder;

    @RegisterExtension
    private static final PlaygroundFixture playground = new PlaygroundFixture();

    private static DebianRegistry server;
    private static ImagePusher pusher;

    @BeforeAll
    static void open() throws Exception {
        DebianRegistry.assumeInstalled();
        server = DebianRegistry.plain(Files.createDirectory(folder.resolve("registry")));
        pusher = new ImagePusher(server.base(), "");
        ConfiguredRegistry registry = new ConfiguredRegistry("ghcr.io");
        registry.setUrl(server.base().toString());
        GitOpsConfiguration.get().setRegistries(List.of(registry));
    }

    @AfterEach
    void dropPolicy() {
        GitOpsConfiguration.get().setImagePolicy(null);
    }

    @AfterAll
    static void close() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aBumpWritesTheDigestBesideTheTagAndAsksTheRegistryOnce() throws Exception {
        String digest = push("v90");
        int before = server.reads().size();

        PlaygroundFixture.Ended ended = bump("v90");

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains("Image ghcr.io/acme/shop-api:v90 exists as " + digest + ".");
        assertThat(playground.repository().run("show", "main")).contains("v90").contains(digest);
        assertThat(server.reads().subList(before, server.reads().size()))
                .containsExactly("HEAD /v2/acme/shop-api/manifests/v90 200");
    }

    @Test
    void aTagThatWasNeverPushedNamesTheNearestAndLeavesNoCommit() throws Exception {
        push("v91");

        assertRefused("v92", "There is no image 'ghcr.io/acme/shop-api:v92' in its registry: push it first, or give a");
    }

    @Test
    void aRuleThatIsBrokenLeavesNoCommit() throws Exception {
        push("v93");
        ConfiguredImagePolicy policy = new ConfiguredImagePolicy();
        policy.setTagForms("semver");
        GitOpsConfiguration.get().setImagePolicy(policy);

        assertRefused(
                "v93",
                "Image 'ghcr.io/acme/shop-api:v93' may not be released: its tag 'v93' is not of the form semver, so"
                        + " use a tag of that form.");
    }

    @Test
    void aRegistryThatIsDownLeavesNoCommit() throws Exception {
        ConfiguredRegistry down = new ConfiguredRegistry("ghcr.io");
        down.setUrl("http://127.0.0.1:1");
        List<ConfiguredRegistry> before = GitOpsConfiguration.get().getRegistries();
        GitOpsConfiguration.get().setRegistries(List.of(down));
        try {
            assertRefused("v94", "Registry 'ghcr.io' cannot be reached (ConnectException): check its address");
        } finally {
            GitOpsConfiguration.get().setRegistries(before);
        }
    }

    private static String push(String tag) {
        return pusher.image("acme/shop-api", tag, MediaTypes.OCI_MANIFEST, ImagePusher.config("amd64", "null"), "");
    }

    private static PlaygroundFixture.Ended bump(String tag) throws Exception {
        return playground.runSteps(
                "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: '" + tag + "']");
    }

    private static void assertRefused(String tag, String sentence) throws Exception {
        int before = playground.commits();

        PlaygroundFixture.Ended ended = bump(tag);

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains(sentence);
        assertThat(ended.log()).doesNotContain("\tat ");
        assertThat(playground.commits()).isEqualTo(before);
    }
}
