package io.jenkins.plugins.gitops.playground.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageServerTest {

    private final AtomicInteger changes = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private PageServer server;

    @BeforeEach
    void start() throws Exception {
        server = new PageServer(0)
                .onGet("/", request -> Answer.text("text/html", "<p>hello</p>"))
                .onPost("/change", request -> Answer.text("text/plain", "changed " + changes.incrementAndGet()))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyAnswerForbidsInlineAndForeignScripts() throws Exception {
        HttpResponse<String> answer = send(to("").build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void aChangeWithoutTheCrumbIsRefused() throws Exception {
        HttpResponse<String> answer =
                send(to("change").POST(HttpRequest.BodyPublishers.noBody()).build());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(changes).hasValue(0);
    }

    @Test
    void aChangeWithTheCrumbGoesThrough() throws Exception {
        HttpResponse<String> answer = send(to("change")
                .header(Crumb.HEADER, server.crumb().value())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(answer.body()).isEqualTo("changed 1");
    }

    @Test
    void aChangeByGetIsNotThere() throws Exception {
        assertThat(send(to("change").build()).body()).isEqualTo("<p>hello</p>");
        assertThat(changes).hasValue(0);
    }

    @Test
    void anotherHostsNameIsRefused() throws Exception {
        URI address = URI.create(server.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ");
        }
    }
}
