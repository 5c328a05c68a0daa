package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A service asked over HTTP: one GET for the greeting, one POST for each request. */
final class HttpConversation implements Conversation {

    private static final int REDIRECTS = 5;
    private static final Duration FOR_THE_END = Duration.ofSeconds(1);

    private final HttpChannel channel;
    private final Service service;
    private InputStream answer = InputStream.nullInputStream();

    HttpConversation(@NonNull HttpChannel channel, @NonNull Service service) {
        this.channel = channel;
        this.service = service;
    }

    @Override
    public boolean stateless() {
        return true;
    }

    @Override
    public InputStream greeting() throws IOException {
        finish();
        URI base = channel.base();
        for (int redirects = 0; ; redirects++) {
            URI url = Redirects.serviceUrl(base, service);
            HttpResponse<InputStream> response = send(request(url).GET());
            if (!Redirects.is(response.statusCode())) {
                expect(response, "application/x-" + service.command() + "-advertisement");
                channel.moveTo(base);
                return open(response);
            }
            drop(response);
            if (redirects == REDIRECTS) {
                throw new WireException(WireException.Kind.FINAL, "the server redirects in circles");
            }
            base = Redirects.follow(url, response.headers().firstValue("Location"), service);
        }
    }

    @Override
    public InputStream ask(byte[] request) throws IOException {
        finish();
        URI url = URI.create(Redirects.withoutSlash(channel.base()) + "/" + service.command());
        HttpRequest.Builder post = request(url)
                .header("Content-Type", "application/x-" + service.command() + "-request")
                .header("Accept", "application/x-" + service.command() + "-result")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request));
        HttpResponse<InputStream> response = send(post);
        if (Redirects.is(response.statusCode())) {
            drop(response);
            throw new WireException(WireException.Kind.FINAL, "the server redirects a request with a body");
        }
        expect(response, "application/x-" + service.command() + "-result");
        return open(response);
    }

    @Override
    public void close() {
        finish();
    }

    private HttpRequest.Builder request(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(channel.timeouts().idle())
                .header("User-Agent", Agent.NAME)
                .header("Cache-Control", "no-cache");
        if (service == Service.UPLOAD_PACK) {
            request.header("Git-Protocol", "version=2");
        }
        channel.authorization().ifPresent(value -> request.header("Authorization", value));
        // The client gives it to proxies alone.
        channel.proxyAuthorization().ifPresent(value -> request.header("Proxy-Authorization", value));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<InputStream> response =
                    channel.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            channel.reached();
            if (response.statusCode() == 401 && channel.authorization().isPresent()) {
                // A server that is being restarted or that has just learned of a token may change its mind.
                drop(response);
                return channel.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw HttpFailures.noAnswer(e, channel);
        }
    }

    private void expect(HttpResponse<InputStream> response, String contentType) throws WireException {
        if (response.statusCode() != 200) {
            drop(response);
            throw HttpStatuses.failure(response.statusCode(), response.headers(), service, channel);
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!type.equals(contentType)) {
            drop(response);
            throw new WireException(
                    WireException.Kind.FINAL,
                    "the address does not answer like a Git repository (content type \"" + ServerMessages.oneLine(type)
                            + "\")");
        }
    }

    private InputStream open(HttpResponse<InputStream> response) {
        InputStream body = response.body();
        answer = new IdleWatch(body, channel.timeouts().idle(), () -> HttpFailures.closeQuietly(body));
        return answer;
    }

    /** Reads the end of an answer that was read to its last packet, so that the connection can be used again. */
    private void finish() {
        InputStream last = answer;
        answer = InputStream.nullInputStream();
        if (Thread.currentThread().isInterrupted()) {
            HttpFailures.closeQuietly(last);
            return;
        }
        try (InputStream end = new IdleWatch(last, FOR_THE_END, () -> HttpFailures.closeQuietly(last))) {
            end.read();
        } catch (IOException e) {
            // The answer was complete: only the connection is lost.
        }
    }

    private static void drop(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            // The JDK's client hands out a proxy's refusal of a tunnel without any body.
            if (body != null) {
                body.readNBytes(1 << 14);
            }
        } catch (IOException e) {
            // The status says it all.
        }
    }
}
