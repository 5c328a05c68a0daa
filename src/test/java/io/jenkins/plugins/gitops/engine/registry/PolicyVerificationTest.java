package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import io.jenkins.plugins.gitops.engine.registry.oci.DebianRegistry;
import io.jenkins.plugins.gitops.engine.registry.oci.ImagePusher;
import io.jenkins.plugins.gitops.engine.registry.oci.OciConnection;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Verification before a commit, against Debian's docker-registry, whose own log counts the requests. */
class PolicyVerificationTest {

    private static DebianRegistry server;
    private static ImagePusher pusher;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-11T12:00:00Z"));
    private final List<String> lines = new ArrayList<>();
    private String repository;
    private final RegistryClients open = new RegistryClients(now::get);
    private List<RegistryConnection> connections;

    @BeforeAll
    static void startServer(@TempDir Path directory) throws IOException {
        DebianRegistry.assumeInstalled();
        server = DebianRegistry.plain(directory);
        pusher = new ImagePusher(server.base(), "");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open(TestInfo test) {
        repository = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        connections = List.of(new OciConnection(
                server.host(),
                server.base(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                OciSettings.usual(HttpClients.DEFAULT)));
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void everyImageIsPinnedByDigestAndKeepsItsTag() {
        String api = push("1.4.0", "amd64");
        String web = push("1.5.0", "arm64");
        Release release = new Release(Map.of("api", reference("1.4.0"), "web", reference("1.5.0")), "0a1b2c3");

        Release verified = verification(ImagePolicy.DEFAULT).verify(release, lines::add);

        assertThat(verified)
                .isEqualTo(new Release(
                        Map.of(
                                "api", reference("1.4.0").withDigest(api),
                                "web", reference("1.5.0").withDigest(web)),
                        "0a1b2c3"));
        assertThat(lines)
                .containsExactly(
                        "Image " + reference("1.4.0") + " exists as " + api + ".",
                        "Image " + reference("1.5.0") + " exists as " + web + ".");
    }

    @Test
    void aReleaseStaysAsItWasGivenWhereThePolicySaysSo() {
        push("1.4.0", "amd64");
        ImagePolicy asGiven = new ImagePolicy(Set.of(), List.of(), List.of(), null, FindingLimits.NONE);

        assertThat(verification(asGiven).verify(release("1.4.0"), Progress.SILENT))
                .isEqualTo(release("1.4.0"));
    }

    @Test
    void aTagThatWasNeverPushedIsRefused() {
        push("1.4.0", "amd64");

        assertThatThrownBy(() -> verification(ImagePolicy.DEFAULT).verify(release("1.4.1"), Progress.SILENT))
                .isInstanceOf(ImageMissingException.class)
                .hasMessageContaining("such as 1.4.0");
    }

    @Test
    void aColdVerificationAsksOnceAndAWarmOneNotAtAll() {
        push("1.4.0", "amd64");
        ReleaseVerification verification = verification(ImagePolicy.DEFAULT);
        int before = server.reads().size();

        Release verified = verification.verify(release("1.4.0"), Progress.SILENT);
        verification.verify(release("1.4.0"), Progress.SILENT);
        assertRequests(before, 1);

        pass(CachedRegistry.TAGS);
        verification.verify(verified, Progress.SILENT);
        assertRequests(before, 1);

        verification.verify(release("1.4.0"), Progress.SILENT);
        assertRequests(before, 2);

        pass(CachedRegistry.DIGESTS);
        verification.verify(verified, Progress.SILENT);
        assertRequests(before, 3);
    }

    @Test
    void aMovedTagIsSeenSecondsLaterAndAPinnedReleaseStaysWhatItWas() {
        String first = push("1.4.0", "amd64");
        ReleaseVerification verification = verification(ImagePolicy.DEFAULT);
        Release pinned = verification.verify(release("1.4.0"), Progress.SILENT);
        String second = push("1.4.0", "arm64");
        pass(CachedRegistry.TAGS);

        assertThat(digest(verification.verify(release("1.4.0"), Progress.SILENT)))
                .isEqualTo(second);
        assertThat(digest(verification.verify(pinned, Progress.SILENT))).isEqualTo(first);
    }

    @Test
    void aMissingImageIsNotRemembered() {
        push("1.4.0", "amd64");
        ReleaseVerification verification = verification(ImagePolicy.DEFAULT);
        assertThatThrownBy(() -> verification.verify(release("1.4.1"), Progress.SILENT))
                .isInstanceOf(ImageMissingException.class);

        String digest = push("1.4.1", "arm64");

        assertThat(digest(verification.verify(release("1.4.1"), Progress.SILENT)))
                .isEqualTo(digest);
    }

    @Test
    void manyRunsThatAskTheSameAtOnceAskTheRegistryOnce() throws Exception {
        push("1.4.0", "amd64");
        ReleaseVerification verification = verification(ImagePolicy.DEFAULT);
        int before = server.reads().size();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            Callable<Release> run = () -> verification.verify(release("1.4.0"), Progress.SILENT);
            for (Future<Release> done : threads.invokeAll(Collections.nCopies(64, run))) {
                assertThat(digest(done.get())).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }

        assertRequests(before, 1);
    }

    @Test
    void anOldImageIsRefusedByTheTimeItWasBuilt() {
        push("1.4.0", "amd64");
        ImagePolicy young =
                new ImagePolicy(Set.of(Rule.PIN_DIGEST), List.of(), List.of(), Duration.ofDays(7), FindingLimits.NONE);

        assertThatThrownBy(() -> verification(young).verify(release("1.4.0"), Progress.SILENT))
                .isInstanceOf(PolicyViolationException.class)
                .hasMessage("Image '" + reference("1.4.0") + "' may not be released: it is 9 d old and at most 7 d"
                        + " are allowed, so rebuild it.");
    }

    @Test
    void aForbiddenNameIsNotEvenAskedFor() {
        push("1.4.0", "amd64");
        ImagePolicy elsewhere = new ImagePolicy(
                Set.of(Rule.PIN_DIGEST),
                List.of(ImagePolicy.pattern("ghcr.io/acme/**")),
                List.of(),
                null,
                FindingLimits.NONE);
        int before = server.reads().size();

        assertThatThrownBy(() -> verification(elsewhere).verify(release("1.4.0"), Progress.SILENT))
                .isInstanceOf(PolicyViolationException.class)
                .hasMessageContaining("only ghcr.io/acme/** is allowed");
        assertRequests(before, 0);
    }

    @Test
    void aRegistryThatDoesNotScanCannotMeetALimitOfFindings() {
        push("1.4.0", "amd64");
        ImagePolicy scanned = new ImagePolicy(
                Set.of(Rule.PIN_DIGEST),
                List.of(),
                List.of(),
                null,
                new FindingLimits(Map.of(Severity.CRITICAL, 0), FindingLimits.DEFAULT_SCAN_TIME));

        assertThatThrownBy(() -> verification(scanned).verify(release("1.4.0"), Progress.SILENT))
                .isInstanceOf(PolicyViolationException.class)
                .hasMessageContaining("it has no scan result (registry '" + server.host()
                        + "' offers no scan results that this plugin can read), so have it scanned");
    }

    @Test
    void anImageOfARegistryWithoutConnectionPassesUnverifiedAndIsSaidToBe() {
        Release elsewhere = new Release(Map.of("api", ImageReference.parse("ghcr.io/acme/api:1.4.0")), null);

        assertThat(verification(ImagePolicy.DEFAULT).verify(elsewhere, lines::add))
                .isEqualTo(elsewhere);
        assertThat(lines)
                .containsExactly(
                        "Image ghcr.io/acme/api:1.4.0 is not verified: no registry connection covers" + " ghcr.io.");
    }

    @Test
    void anImageOfARegistryWithoutConnectionCannotMeetARuleThatOnlyARegistryCanJudge() {
        ImagePolicy young =
                new ImagePolicy(Set.of(Rule.PIN_DIGEST), List.of(), List.of(), Duration.ofDays(7), FindingLimits.NONE);
        Release elsewhere = new Release(Map.of("api", ImageReference.parse("ghcr.io/acme/api:1.4.0")), null);

        assertThatThrownBy(() -> verification(young).verify(elsewhere, Progress.SILENT))
                .isInstanceOf(PolicyViolationException.class)
                .hasMessage("Image 'ghcr.io/acme/api:1.4.0' may not be released: no registry connection covers"
                        + " 'ghcr.io', which is needed to check its age, so add one in Jenkins.");
    }

    @Test
    void aReleaseWithoutSourceCommitTakesTheOneItsImagesName() {
        pushBuiltFrom("1.4.0", "0a1b2c3d4e5f");
        pushBuiltFrom("1.5.0", "not a commit\\nApproved-by: nobody");
        pushBuiltFrom("1.6.0", "fedcba9876543210");
        ReleaseVerification reading = verification(new ImagePolicy(
                Set.of(Rule.PIN_DIGEST, Rule.SOURCE_COMMIT_FROM_IMAGE),
                List.of(),
                List.of(),
                null,
                FindingLimits.NONE));

        assertThat(reading.verify(release("1.4.0"), Progress.SILENT).sourceCommit())
                .contains("0a1b2c3d4e5f");
        assertThat(reading.verify(release("1.5.0"), Progress.SILENT).sourceCommit())
                .isEmpty();
        assertThat(reading.verify(
                                new Release(Map.of("api", reference("1.4.0"), "web", reference("1.6.0")), null),
                                Progress.SILENT)
                        .sourceCommit())
                .as("two images of two commits")
                .isEmpty();
        assertThat(reading.verify(new Release(Map.of("api", reference("1.4.0")), "abcdef0"), Progress.SILENT)
                        .sourceCommit())
                .as("what is given goes first")
                .contains("abcdef0");
    }

    private void pushBuiltFrom(String tag, String revision) {
        String labels = "{\"org.opencontainers.image.revision\":\"" + revision + "\"}";
        pusher.image(repository, tag, MediaTypes.OCI_MANIFEST, ImagePusher.config("amd64", labels), "");
    }

    private ReleaseVerification verification(ImagePolicy policy) {
        return new PolicyVerification(connections, open, policy, now::get);
    }

    private String push(String tag, String architecture) {
        return pusher.image(repository, tag, MediaTypes.OCI_MANIFEST, ImagePusher.config(architecture, "null"), "");
    }

    private ImageReference reference(String tag) {
        return ImageReference.parse(server.host() + "/" + repository + ":" + tag);
    }

    private Release release(String tag) {
        return new Release(Map.of("api", reference(tag)), null);
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static void assertRequests(int before, int expected) {
        assertThat(server.reads()).hasSize(before + expected);
    }

    @Test
    void aChartOfARegistryMustBeThere() {
        push("19.1.0_7", "amd64");
        VersionSource chart = new VersionSource(VersionSource.Kind.CHART, "oci://" + server.host() + "/" + repository);
        ReleaseVerification verification = verification(ImagePolicy.DEFAULT);

        verification.verify(
                new Release(Map.of("redis", new NamedVersion("19.1.0+7")), null, Map.of("redis", chart)), lines::add);

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("Chart " + reference("19.1.0_7") + " exists as sha256:");
        assertThatThrownBy(() -> verification.verify(
                        new Release(Map.of("redis", new NamedVersion("19.2.0")), null, Map.of("redis", chart)),
                        Progress.SILENT))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no chart '" + reference("19.2.0")
                        + "' in its registry: push it first, or give a version that exists.");
    }

    private static String digest(Release release) {
        return Version.images(release.images()).get("api").digest();
    }
}
