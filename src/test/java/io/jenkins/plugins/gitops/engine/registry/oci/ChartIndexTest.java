package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.PolicyVerification;
import io.jenkins.plugins.gitops.engine.registry.RegistryClients;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Charts of Helm repositories, whose index says which versions there are. */
class ChartIndexTest extends ScriptedRegistry {

    private static final String INDEX = """
        apiVersion: v1
        entries:
          other:
          - &first
            urls: [other-1.0.0.tgz]
            version: 9.9.9
          redis:
          - annotations: { version: 7.0.0, urls: [x] }
            created: "2026-01-01T00:00:00Z"
            name: redis
            urls:
            - https://charts.acme.example/redis-19.1.0.tgz
            version: 19.1.0
          - urls: [redis-v19.0.0.tgz]
            version: v19.0.0+7
          - urls: []
            version: 18.0.0
          - version: 17.0.0
        """;

    private final List<String> lines = new ArrayList<>();

    @Test
    void aListedVersionExistsWithOrWithoutItsV() {
        server.on("GET /stable/index.yaml", says(200, INDEX));

        for (String version : List.of("19.1.0", "v19.1.0", "19.0.0+7")) {
            verify("redis", version, ANONYMOUS);
        }

        assertThat(lines)
                .contains("Chart redis 19.1.0 exists in " + server.base("http") + "/stable/index.yaml.")
                .hasSize(3);
    }

    @Test
    void oneThatIsNotListedOrCannotBeDownloadedIsRefused() {
        server.on("GET /stable/index.yaml", says(200, INDEX));

        for (String version : List.of("19.2.0", "18.0.0", "17.0.0", "9.9.9", "7.0.0")) {
            assertThatThrownBy(() -> verify("redis", version, ANONYMOUS))
                    .hasMessageStartingWith("There is no chart 'redis' " + version + " in " + server.base("http")
                            + "/stable/index.yaml: push it first, or give a version that exists");
        }
        assertThatThrownBy(() -> verify("postgres", "1.0.0", ANONYMOUS))
                .hasMessageEndingWith("push it first, or give a version that exists.");
    }

    @Test
    void anIndexMayBeOneLineOfJson() {
        String json = "{\"entries\":{\"a\":[" + "{\"version\":\"1.0.0\",\"urls\":[\"a.tgz\"]},".repeat(2_000)
                + "{}],\"redis\":[{\"urls\":[\"r.tgz\"],\"version\":\"2.0.0\"}]}}";

        assertThat(ChartIndex.versions(json.getBytes(UTF_8), "redis")).contains(Set.of("2.0.0"));
        assertThat(ChartIndex.versions(json.getBytes(UTF_8), "none")).contains(Set.of());
    }

    @Test
    void whatIsNoIndexRefusesNothingAndSaysSo() {
        server.on("GET /stable/index.yaml", says(200, "<html>Log in</html>", "Content-Type", "text/html"));
        assertSentence(
                () -> verify("redis", "19.1.0", ANONYMOUS),
                "Registry '" + server.host() + "' returned text/html for /stable/index.yaml, which is not an index of"
                        + " charts: check the chart's address in gitops.yaml.");
        for (String broken : List.of("entries: {redis: [", "", "[]", "a: 1", "a: " + "[".repeat(500_000))) {
            server.on("GET /stable/index.yaml", says(200, broken, "Content-Type", "text/yaml"));
            assertThatThrownBy(() -> verify("redis", "19.1.0", ANONYMOUS))
                    .hasMessageContaining("not an index of charts");
        }
    }

    @Test
    void aRepositoryWithoutAnIndexIsNone() {
        assertThatThrownBy(() -> verify("redis", "19.1.0", ANONYMOUS))
                .hasMessage("There is no Helm repository at " + server.base("http")
                        + "/stable/index.yaml: correct the chart's address in gitops.yaml.");
    }

    @Test
    void theCredentialsOfTheConnectionAreSentWhereTheyAreAskedForAndABusyServerIsAskedAgain() {
        String basic = "Basic " + Base64.getEncoder().encodeToString("robot:s3cret".getBytes(UTF_8));
        server.on("GET /stable/index.yaml", exchange -> {
            String sent = exchange.getRequestHeaders().getFirst("Authorization");
            if (sent == null) {
                says(401, "", "WWW-Authenticate", "Basic realm=\"charts\"").answer(exchange);
            } else if (setting.pauses().isEmpty()) {
                says(429, "", "Retry-After", "2").answer(exchange);
            } else {
                says(200, INDEX).answer(exchange);
            }
        });

        assertThat(setting.at(server.base("http"), ROBOT)
                        .chartVersions(URI.create(server.base("http") + "/stable/index.yaml"), "redis"))
                .contains(Set.of("19.1.0", "v19.0.0+7"));
        assertThat(server.requests()).contains("GET /stable/index.yaml", "GET /stable/index.yaml " + basic);
        assertThat(setting.pauses()).hasSize(1);
    }

    @Test
    void aHostWithoutAConnectionIsNotAsked() {
        new PolicyVerification(
                        List.of(),
                        new RegistryClients(InstantSource.system()),
                        ImagePolicy.DEFAULT,
                        InstantSource.system())
                .verify(release("redis", "19.1.0"), lines::add);

        assertThat(lines)
                .containsExactly("Chart redis 19.1.0 of " + server.host()
                        + " is not verified: no registry connection covers " + server.host() + ".");
        assertThat(server.requests()).isEmpty();
    }

    private void verify(String chart, String version, Optional<RegistryLogin> login) {
        RegistryConnection connection = new OciConnection(
                server.host(),
                server.base("http"),
                login,
                Set.of(),
                Optional.empty(),
                OciSettings.usual(HttpClients.DEFAULT));
        new PolicyVerification(
                        List.of(connection),
                        new RegistryClients(InstantSource.system()),
                        ImagePolicy.DEFAULT,
                        InstantSource.system())
                .verify(release(chart, version), lines::add);
    }

    private Release release(String chart, String version) {
        return new Release(
                Map.of("it", new NamedVersion(version)),
                null,
                Map.of("it", new VersionSource(VersionSource.Kind.CHART, server.base("http") + "/stable/" + chart)));
    }
}
