package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the password of a registry, and what a token server may answer. */
class OciTokenServerTest extends ScriptedRegistry {

    @Test
    void aTokenServerThatShowsALoginPage() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"" + server.base("http") + "/token\""));
        server.on("GET /token", says(200, "<html>Sign in</html>", "Content-Type", "text/html"));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("returned text/html for /token, which is not JSON");
    }

    @Test
    void aTokenServerThatGivesNoToken() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"" + server.base("http") + "/token\""));
        server.on("GET /token", says(200, "{}"));

        assertSentence(
                () -> resolve("1.4.0"),
                "The token server 127.0.0.1 of registry '" + server.host() + "' returned no token: check the registry's"
                        + " address and its authentication settings.");
    }

    @Test
    void aTokenServerThatGetsNoPasswordBecauseItIsNoWebAddress() {
        server.on(HEAD, says(401, "", "WWW-Authenticate", "Bearer realm=\"file:///etc/passwd\",service=\"x\""));

        assertThatThrownBy(() -> setting.at(server.base("http"), ROBOT).resolve(reference("1.4.0")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("names the token server 'file:///etc/passwd', which is not sent the password");
    }

    @Test
    void aTokenServerOnAnotherHostGetsThePasswordOnlyIfTheConnectionSaysSo() {
        asksForATokenOf("localhost:" + port());

        registry = setting.at(server.base("http"), ROBOT);
        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host()
                        + "' names the token server 'localhost', which is not sent the password: if it"
                        + " belongs to the registry, allow this host in the connection.");
        assertThat(server.requests()).noneMatch(request -> request.contains("/token"));

        registry = setting.withTokenHosts(server.base("http"), ROBOT, "localhost");
        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.localhost",
                "localhost.attacker.example",
                "localhost.",
                "127.0.0.1.attacker.example",
                "localhost@attacker.example",
                "127.0.0.2"
            })
    void aHostThatOnlyLooksLikeAnAllowedOneGetsNoPassword(String named) {
        asksForATokenOf(named);
        registry = setting.withTokenHosts(server.base("http"), ROBOT, "localhost");

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("which is not sent the password");
        assertThat(server.requests()).noneMatch(request -> request.contains("/token"));
    }

    @Test
    void aHostThatIsAllowedWithAPortGetsThePasswordThereAlone() {
        asksForATokenOf("localhost:" + port());

        registry = setting.withTokenHosts(server.base("http"), ROBOT, "localhost:1");
        assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("which is not sent the password");

        registry = setting.withTokenHosts(server.base("http"), ROBOT, "localhost:" + port());
        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void aTokenServerThatRedirectsTakesNoPasswordElsewhere() throws IOException {
        try (ScriptedServer elsewhere = ScriptedServer.start()) {
            asksForATokenOf(server.host());
            server.on("GET /token", says(307, "", "Location", elsewhere.base("http") + "/token"));
            registry = setting.withTokenHosts(server.base("http"), ROBOT, "127.0.0.1", "localhost");

            assertSentence(
                    () -> resolve("1.4.0"),
                    "The token server 127.0.0.1 of registry '" + server.host() + "' returned status 307: try again, or"
                            + " check its log.");
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    /** What a token server says of its token, and for how many seconds the token is used. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "300 | 290",
                "300.9 | 290",
                "\"300\" | 290",
                "9223372036854775807 | 86390",
                "18446744073709551616 | 86390",
                "-18446744073709551615 | 50",
                "1e300 | 86390",
                "0 | 50",
                "-1 | 50",
                "null | 50",
                "\"soon\" | 50",
                "\"NaN\" | 50",
                "[300] | 50"
            })
    void aTokenIsUsedForAsLongAsItLives(String says, int seconds) {
        asksForATokenOf(server.host(), says);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        registry = setting.at(server.base("http"), ROBOT, now::get);

        resolve("1.4.0");
        now.set(Instant.EPOCH.plusSeconds(seconds - 1));
        resolve("1.4.0");
        assertThat(server.requests())
                .filteredOn(request -> request.contains("/token"))
                .hasSize(1);
        now.set(Instant.EPOCH.plusSeconds(seconds));
        resolve("1.4.0");
        assertThat(server.requests())
                .filteredOn(request -> request.contains("/token"))
                .hasSize(2);
    }

    private void asksForATokenOf(String authority) {
        asksForATokenOf(authority, "9223372036854775807");
    }

    /** The registry's own server plays the token server, too. */
    private void asksForATokenOf(String authority, String expiresIn) {
        server.on(HEAD, exchange -> {
            boolean known = "Bearer t".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            (known ? found() : says(401, "", "WWW-Authenticate", "Bearer realm=\"http://" + authority + "/token\""))
                    .answer(exchange);
        });
        server.on("GET /token", says(200, "{\"token\":\"t\",\"expires_in\":" + expiresIn + "}"));
    }

    private int port() {
        return server.base("http").getPort();
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

    /** Artifactory with anonymous access and hidden repositories asks for no credentials anywhere. */
    @Test
    void whatIsHiddenWhereAnonymousRequestsAreServedIsAskedForWithTheCredentialsToo() {
        server.on(HEAD, exchange -> {
            boolean known = exchange.getRequestHeaders().getFirst("Authorization") != null;
            (known ? found() : says(404, "")).answer(exchange);
        });
        server.on("GET /v2/", says(200, "{}"));
        registry = setting.at(server.base("http"), ROBOT);

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void aTokenIsFetchedWhereThePasswordAloneIsRefused() {
        server.on(HEAD, exchange -> {
            String sent = exchange.getRequestHeaders().getFirst("Authorization");
            (sent == null
                            ? says(404, "")
                            : sent.equals("Bearer t")
                                    ? found()
                                    : says(
                                            401,
                                            "",
                                            "WWW-Authenticate",
                                            "Bearer realm=\"" + server.base("http") + "/token\""))
                    .answer(exchange);
        });
        server.on("GET /v2/", says(200, "{}"));
        server.on("GET /token", says(200, "{\"token\":\"t\"}"));
        registry = setting.at(server.base("http"), ROBOT);

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @Test
    void whatIsMissingIsMissingThoughTheCredentialsWereSent() {
        server.on("GET /v2/", says(200, "{}"));
        registry = setting.at(server.base("http"), ROBOT);

        assertThatThrownBy(() -> resolve("1.4.0")).isInstanceOf(ImageMissingException.class);
        assertThatThrownBy(() -> resolve("1.4.0")).isInstanceOf(ImageMissingException.class);
        assertThat(server.requests())
                .filteredOn(request -> request.equals("GET /v2/"))
                .hasSize(1);
    }

    @Test
    void withoutCredentialsNothingElseIsAsked() {
        assertThatThrownBy(() -> resolve("1.4.0")).isInstanceOf(ImageMissingException.class);

        assertThat(server.requests()).noneMatch(request -> request.equals("GET /v2/"));
    }
}
