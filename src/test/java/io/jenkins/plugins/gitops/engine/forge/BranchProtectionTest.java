package io.jenkins.plugins.gitops.engine.forge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchProtectionTest {

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/protected", 200, "{\"name\":\"main\",\"protected\":true}");
        answer("/open", 200, "{\"name\":\"main\",\"protected\":false}");
        answer("/rules", 200, "[{\"type\":\"pull_request\"}]");
        answer("/no-rules", 200, "[]");
        answer("/hidden", 404, "{\"message\":\"Not Found\"}");
        answer("/odd", 200, "<html>");
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/protected /no-rules, true",
        "/open /rules, true",
        "/open /no-rules, false",
        "/open /hidden, false",
        "/hidden /hidden, unknown",
        "/odd, unknown",
        "'', unknown"
    })
    void oneAnswerThatSaysSoIsEnough(String paths, String said) throws Exception {
        List<URI> questions = paths.isEmpty()
                ? List.of()
                : List.of(paths.split(" ")).stream()
                        .map(path -> URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + path))
                        .toList();

        Optional<Boolean> isProtected =
                new BranchProtection(HttpClients.DEFAULT).isProtected(questions, Optional.of("t0ken"));

        assertThat(isProtected.map(String::valueOf).orElse("unknown")).isEqualTo(said);
        assertThat(authorizations).allMatch("Bearer t0ken"::equals);
    }

    @Test
    void gitHubIsAskedForTheBranchAndItsRules() {
        assertThat(BranchProtection.questions("https://bot@GitHub.com/acme/config.git", "release/2 x"))
                .extracting(URI::toString)
                .containsExactly(
                        "https://api.github.com/repos/acme/config/branches/release%2F2%20x",
                        "https://api.github.com/repos/acme/config/rules/branches/release%2F2%20x");
    }

    @Test
    void gitLabIsAskedForTheBranchOfTheProject() {
        assertThat(BranchProtection.questions("https://gitlab.acme.example:8443/ops/teams/config/", "main"))
                .extracting(URI::toString)
                .containsExactly(
                        "https://gitlab.acme.example:8443/api/v4/projects/ops%2Fteams%2Fconfig/repository/branches/main");
    }

    /** Nobody sends a token over http, nor to a server that may be another's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://github.com/acme/config.git",
                "git@github.com:acme/config.git",
                "ssh://git@gitlab.com/acme/config.git",
                "https://github.com.evil.example/acme/config",
                "https://git.example.com/acme/config.git",
                "https://github.com",
                "no address"
            })
    void othersAreNotAsked(String repository) {
        assertThat(BranchProtection.questions(repository, "main")).isEmpty();
    }
}
