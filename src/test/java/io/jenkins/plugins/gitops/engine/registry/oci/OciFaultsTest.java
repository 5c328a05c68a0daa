package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong between Jenkins and a registry: one sentence each. */
class OciFaultsTest {

    private static final String HEAD = "HEAD /v2/shop/api/manifests/1.4.0";
    private static final String GET = "GET /v2/shop/api/manifests/1.4.0";
    private static final String MANIFEST = "{\"schemaVersion\":2}";
    private static final String DIGEST = Digests.sha256(MANIFEST.getBytes(UTF_8));
    private static final String OTHER_DIGEST = "sha256:" + "0".repeat(64);
    private static final RegistryLogin ROBOT = new RegistryLogin.UserPassword("robot", "s3cret");
    private static final RegistryLogin NOBODY = new RegistryLogin.Anonymous();

    private final RegistryUnderTest setting = new RegistryUnderTest();
    private ScriptedServer server;
    private OciRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        registry = setting.at(server.base("http"), NOBODY);
    }

    @AfterEach
    void stop() {
        server.close();
    }

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
        OciRegistry nowhere = setting.at(URI.create("http://registry.invalid"), NOBODY);

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
                "Registry '" + server.host() + "' answers with status 500 for 'shop/api': try again, or look into its"
                        + " log.");
    }

    @Test
    void aShortRetryAfterIsWaitedFor() {
        AtomicInteger asked = new AtomicInteger();
        server.on(HEAD, exchange -> {
            boolean limited = asked.getAndIncrement() < 2;
            (limited ? says(429, "", "Retry-After", "3") : found()).answer(exchange);
        });

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
        assertThat(setting.pauses()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    @Test
    void aRetryAfterCanBeADate() {
        AtomicInteger asked = new AtomicInteger();
        server.on(HEAD, exchange -> {
            boolean busy = asked.getAndIncrement() == 0;
            (busy ? says(503, "", "Retry-After", "Sat, 01 Aug 2026 12:00:07 GMT") : found()).answer(exchange);
        });
        Instant noon = Instant.parse("2026-08-01T12:00:00Z");

        setting.at(server.base("http"), NOBODY, InstantSource.fixed(noon)).resolve(reference("1.4.0"));

        assertThat(setting.pauses()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void aLongRetryAfterIsNotWaitedFor() {
        server.on(HEAD, says(429, "", "Retry-After", "300"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' limits requests and asks to wait 300 s: try again later, or give its"
                        + " connection credentials with a higher limit.");
        assertThat(setting.pauses()).isEmpty();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aLimitWithoutRetryAfterIsTriedAgainAFewTimesWithGrowingPauses() {
        server.on(HEAD, says(429, ""));

        assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("limits requests");
        assertThat(server.requests()).hasSize(4);
        assertThat(setting.pauses()).hasSize(3).isSorted();
    }

    @Test
    void aLoginPageInsteadOfAManifest() {
        server.on(HEAD, says(200, "", "Content-Type", "text/html; charset=utf-8"));
        server.on(GET, says(200, "<html>Sign in</html>", "Content-Type", "text/html; charset=utf-8"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' answers '" + server.host() + "/shop/api:1.4.0' with text/html, which"
                        + " is no image manifest: push it in OCI or Docker schema 2 form, or correct the address.");
    }

    @Test
    void aLoginPageInsteadOfTags() {
        server.on("GET /v2/shop/api/tags/list", says(200, "<html>Sign in</html>", "Content-Type", "text/html"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' answers /v2/shop/api/tags/list with text/html that is not JSON: check"
                        + " that its address is the registry's own, not a login page or proxy.");
    }

    @Test
    void aMissingImageIsMissingEvenWhereTagsMayNotBeListed() {
        server.on("GET /v2/shop/api/tags/list", says(403, "{}"));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no image '" + server.host() + "/shop/api:1.4.0' in its registry: push it first,"
                        + " or give a tag that exists.");
    }

    @Test
    void anImageOfTheOldestFormat() {
        server.on(
                HEAD,
                says(
                        200,
                        "",
                        "Content-Type",
                        "application/vnd.docker.distribution.manifest.v1+prettyjws",
                        "Docker-Content-Digest",
                        DIGEST));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("manifest.v1+prettyjws, which is no image manifest");
    }

    @Test
    void aRegistryWithoutDigestHeaderHasItsManifestsHashed() {
        server.on(HEAD, says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST));
        server.on(GET, says(200, MANIFEST, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void anotherImageThanTheOneAskedForByDigest() {
        server.on(
                "HEAD /v2/shop/api/manifests/" + OTHER_DIGEST,
                says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST, "Docker-Content-Digest", DIGEST));
        ImageReference wanted = ImageReference.parse(server.host() + "/shop/api@" + OTHER_DIGEST);

        assertSentence(
                () -> registry.resolve(wanted),
                "Registry '" + server.host() + "' answers '" + wanted + "' with another image, " + DIGEST
                        + ": do not use it before you know why.");
    }

    @Test
    void contentThatDoesNotHaveItsDigest() {
        server.on(
                "GET /v2/shop/api/manifests/" + OTHER_DIGEST,
                says(200, MANIFEST, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertSentence(
                () -> registry.contents(details(OTHER_DIGEST)),
                "Registry '" + server.host() + "' gives content for " + OTHER_DIGEST + " of 'shop/api' that has"
                        + " another digest: do not use it before you know why.");
    }

    @Test
    void aManifestThatIsTooBig() {
        String big = " ".repeat(Wire.LARGEST_BODY + 1);
        server.on(
                "GET /v2/shop/api/manifests/" + OTHER_DIGEST, says(200, big, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertSentence(
                () -> registry.contents(details(OTHER_DIGEST)),
                "Registry '" + server.host() + "' answers /v2/shop/api/manifests/" + OTHER_DIGEST + " with more than"
                        + " 4 MiB, which no image manifest has: check what was pushed.");
    }

    @Test
    void aManifestOnAnotherHostIsRefusedAndTheHostSeesNothing() throws IOException {
        try (ScriptedServer other = ScriptedServer.start()) {
            server.on(HEAD, says(307, "", "Location", other.base("http") + "/v2/shop/api/manifests/1.4.0"));

            assertSentence(
                    () -> resolve("1.4.0"),
                    "Registry '" + server.host() + "' redirects 'shop/api' to 127.0.0.1, which is not followed: name"
                            + " the registry by the address it redirects to.");
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

    @Test
    void aCertificateThatNobodyTrusts(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.create(directory);
        try (ScriptedServer tls = ScriptedServer.startWithTls(certificate.serverContext())) {
            OciRegistry encrypted = setting.at(tls.base("https"), NOBODY);

            assertThatThrownBy(() -> encrypted.resolve(ImageReference.parse(tls.host() + "/shop/api:1.4.0")))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageStartingWith("Registry '" + tls.host() + "' cannot be trusted (")
                    .hasMessageEndingWith(
                            "): let the Java that runs Jenkins trust its certificate authority, or correct the"
                                    + " address.");
        }
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
        OciRegistry impatient = setting.at(server.base("http"), NOBODY, InstantSource.system(), Duration.ofSeconds(1));

        assertThatThrownBy(() -> impatient.resolve(reference("1.4.0")))
                .isInstanceOf(RegistryException.class)
                .hasMessage("Registry '" + server.host() + "' did not answer within 1 s: try again, or check the"
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

    @Test
    void aTokenServerThatShowsALoginPage() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"" + server.base("http") + "/token\""));
        server.on("GET /token", says(200, "<html>Sign in</html>", "Content-Type", "text/html"));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("answers /token with text/html that is not JSON");
    }

    @Test
    void aTokenServerThatGivesNoToken() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"" + server.base("http") + "/token\""));
        server.on("GET /token", says(200, "{}"));

        assertSentence(
                () -> resolve("1.4.0"),
                "The token server 127.0.0.1 of registry '" + server.host() + "' gives no token: check the registry's"
                        + " address and its authentication settings.");
    }

    @Test
    void aTokenServerThatGetsNoPasswordBecauseItIsNoWebAddress() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"file:///etc/passwd\",service=\"x\""));

        assertThatThrownBy(() -> setting.at(server.base("http"), ROBOT).resolve(reference("1.4.0")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("names the token server 'file:///etc/passwd', which gets no password");
    }

    @Test
    void tagsAreReadPageByPageButNotFromAnotherHost() throws IOException {
        try (ScriptedServer other = ScriptedServer.start()) {
            AtomicInteger page = new AtomicInteger();
            server.on(
                    "GET /v2/shop/api/tags/list",
                    exchange -> (page.getAndIncrement() == 0
                                    ? says(
                                            200,
                                            "{\"tags\":[\"1.4.1\"]}",
                                            "Link",
                                            "</v2/shop/api/tags/list?last=1.4.1>; rel=\"next\"")
                                    : says(
                                            200,
                                            "{\"tags\":[\"1.4.2\"]}",
                                            "Link",
                                            "<" + other.base("http") + "/v2/shop/api/tags/list>; rel=\"next\""))
                            .answer(exchange));

            assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("such as 1.4.1, 1.4.2.");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aProxysPasswordAndTheRegistrysGoToEachOfThem() {
        AtomicReference<String> seen = new AtomicReference<>();
        server.on(HEAD, exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            boolean known = exchange.getRequestHeaders().containsKey("Authorization");
            (known ? found() : says(401, "", "WWW-Authenticate", "Basic realm=\"loopback\"")).answer(exchange);
        });
        HttpClient throughProxy = HttpClient.newBuilder()
                .proxy(ProxySelector.of(
                        new InetSocketAddress("127.0.0.1", server.base("http").getPort())))
                .build();
        OciRegistry behind = new OciRegistry(
                OciEndpoint.plain("registry.invalid", ROBOT),
                throughProxy,
                OciSettings.usual(Optional.of("Basic cHJveHk6cGFzcw==")));

        assertThat(behind.resolve(ImageReference.parse("registry.invalid/shop/api:1.4.0"))
                        .digest())
                .isEqualTo(DIGEST);
        assertThat(seen.get()).isEqualTo("Basic cHJveHk6cGFzcw==");
        assertThat(server.requests())
                .containsExactly(
                        "HEAD http://registry.invalid/v2/shop/api/manifests/1.4.0",
                        "HEAD http://registry.invalid/v2/shop/api/manifests/1.4.0 Basic cm9ib3Q6czNjcmV0");
    }

    @Test
    void aProxysPasswordDoesNotReachARegistryThatNeedsNoProxy() {
        AtomicReference<String> seen = new AtomicReference<>();
        server.on(HEAD, exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            found().answer(exchange);
        });
        OciRegistry direct = new OciRegistry(
                OciEndpoint.plain(server.host(), NOBODY),
                HttpClient.newHttpClient(),
                OciSettings.usual(Optional.of("Basic cHJveHk6cGFzcw==")));

        direct.resolve(reference("1.4.0"));

        assertThat(seen.get()).isNull();
    }

    private ImageDetails resolve(String tag) {
        return registry.resolve(reference(tag));
    }

    private ImageReference reference(String tag) {
        return ImageReference.parse(server.host() + "/shop/api:" + tag);
    }

    private ImageDetails details(String digest) {
        return new ImageDetails(new ImageName(server.host(), "shop/api"), digest, MediaTypes.OCI_MANIFEST, null);
    }

    private static ScriptedServer.Script found() {
        return says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST, "Docker-Content-Digest", DIGEST);
    }

    private static void assertSentence(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(RegistryException.class).hasMessage(sentence);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTokenServerOnAnotherHostGetsThePasswordOnlyIfTheConnectionSaysSo() throws IOException {
        server.on(HEAD, exchange -> {
            boolean known = "Bearer t".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            (known
                            ? found()
                            : says(
                                    401,
                                    "",
                                    "WWW-Authenticate",
                                    "Bearer realm=\"http://localhost:"
                                            + server.base("http").getPort() + "/token\""))
                    .answer(exchange);
        });
        server.on("GET /token", says(200, "{\"token\":\"t\",\"expires_in\":9223372036854775807}"));
        OciEndpoint endpoint = new OciEndpoint(server.host(), server.base("http"), ROBOT);

        registry = new OciRegistry(endpoint, HttpClient.newHttpClient(), OciSettings.usual());
        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' names the token server 'localhost', which gets no password: if it"
                        + " belongs to the registry, allow this host in the connection.");
        assertThat(server.requests()).noneMatch(request -> request.contains("/token"));

        registry = new OciRegistry(
                endpoint.withTokenHosts(java.util.Set.of("localhost")),
                HttpClient.newHttpClient(),
                OciSettings.usual());
        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void whatIsHiddenFromAnonymousRequestsIsAskedForWithTheCredentials() throws IOException {
        for (int status : new int[] {404, 403, 401}) {
            server.on(HEAD, exchange -> {
                boolean known = exchange.getRequestHeaders().getFirst("Authorization") != null;
                (known ? found() : says(status, "")).answer(exchange);
            });
            server.on("GET /v2/", says(401, "", "WWW-Authenticate", "Basic realm=\"Artifactory\""));
            registry = setting.at(server.base("http"), ROBOT);

            assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
        }
    }

    @Test
    void withoutCredentialsNothingElseIsAsked() {
        assertThatThrownBy(() -> resolve("1.4.0")).isInstanceOf(ImageMissingException.class);

        assertThat(server.requests()).noneMatch(request -> request.equals("GET /v2/"));
    }

    @Test
    void anIndexInsideTheIndexIsFollowed() {
        String config = "{\"created\":\"2026-02-01T00:00:00Z\",\"architecture\":\"amd64\",\"os\":\"linux\"}";
        String image = "{\"config\":{\"digest\":\"" + Digests.sha256(config.getBytes(UTF_8)) + "\"}}";
        String attestation = "{\"config\":{\"digest\":\"" + OTHER_DIGEST + "\"}}";
        String inner = "{\"manifests\":[" + entry(attestation, MediaTypes.OCI_MANIFEST, "unknown", "unknown") + ","
                + "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\""
                + Digests.sha256(image.getBytes(UTF_8)) + "\"}]}";
        String outer = "{\"manifests\":[" + entry(inner, MediaTypes.OCI_INDEX, "linux", "amd64") + "]}";
        for (String manifest : new String[] {outer, inner, image}) {
            String type = manifest.equals(image) ? MediaTypes.OCI_MANIFEST : MediaTypes.OCI_INDEX;
            server.on(
                    "GET /v2/shop/api/manifests/" + Digests.sha256(manifest.getBytes(UTF_8)),
                    says(200, manifest, "Content-Type", type));
        }
        server.on("GET /v2/shop/api/blobs/" + Digests.sha256(config.getBytes(UTF_8)), says(200, config));

        ImageContents contents = registry.contents(new ImageDetails(
                new ImageName(server.host(), "shop/api"),
                Digests.sha256(outer.getBytes(UTF_8)),
                MediaTypes.OCI_INDEX,
                null));

        assertThat(contents.platforms()).hasToString("[linux/amd64]");
        assertThat(contents.createdAt()).contains(Instant.parse("2026-02-01T00:00:00Z"));
    }

    private static String entry(String manifest, String type, String os, String architecture) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}"
                .formatted(type, Digests.sha256(manifest.getBytes(UTF_8)), os, architecture);
    }
}
