package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BodyStream;
import io.jenkins.plugins.gitops.engine.net.BoundedStream;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;

/**
 * One request of JGit's, sent with {@link java.net.http.HttpClient}. What goes wrong is thrown as an {@link Unanswered}:
 * other kinds of IOException make JGit send a request again by itself.
 */
final class HttpRequestToGit implements HttpConnection {

    private static final int REDIRECTS = 5;
    private static final String AGENT = "git/gitops-promotion";
    private static final byte[] FLUSH = "0000".getBytes(StandardCharsets.US_ASCII);

    /** The JDK's client sets these itself, or they are decided here. */
    private static final Set<String> NOT_TAKEN =
            Set.of("content-length", "host", "connection", "user-agent", "pragma", "transfer-encoding");

    /** A failure whose cause says what it was. */
    static final class Unanswered extends SocketException {

        private static final long serialVersionUID = 1L;

        Unanswered(@NonNull IOException why) {
            super(why.getMessage());
            initCause(why);
        }
    }

    private record Answer(
            @NonNull String contentType, @NonNull InputStream body) {}

    private final HttpRequests requests;
    private final HttpChannel channel;
    private final URL url;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private String method = "GET";
    private Answer answer;

    HttpRequestToGit(@NonNull HttpRequests requests, @NonNull URL url) {
        this.requests = requests;
        this.channel = requests.channel();
        this.url = url;
    }

    private Answer answer() throws IOException {
        if (answer == null) {
            try {
                answer = method.equals("GET") ? advertisement() : result();
            } catch (WireException | InterruptedIOException e) {
                throw new Unanswered(e);
            }
        }
        return answer;
    }

    private Answer advertisement() throws IOException {
        Service service = Service.ofAdvertisement(url.getQuery());
        Optional<byte[]> again = requests.greeting()
                .whole()
                .or(() -> service == Service.UPLOAD_PACK ? channel.version2() : Optional.empty());
        String contentType = "application/x-" + service.command() + "-advertisement";
        if (again.isPresent()) {
            if (requests.greeting().isEmpty()) {
                requests.greeting().add(again.get(), 0, again.get().length);
            }
            return new Answer(contentType, new ByteArrayInputStream(again.get()));
        }
        URI base = channel.base();
        for (int redirects = 0; ; redirects++) {
            URI at = Redirects.serviceUrl(base, service);
            HttpResponse<InputStream> response = send(request(at).GET(), channel.largestAnswer());
            if (!Redirects.is(response.statusCode())) {
                InputStream body = expect(response, contentType, service);
                channel.moveTo(base);
                return new Answer(contentType, greet(body, service));
            }
            drop(response);
            if (redirects == REDIRECTS) {
                throw new WireException(Kind.FINAL, "the server redirects in circles");
            }
            base = Redirects.follow(at, response.headers().firstValue("Location"), service);
        }
    }

    /** Keeps the beginning, and all of it where it lists no refs. */
    private InputStream greet(InputStream body, Service service) throws IOException {
        byte[] beginning = body.readNBytes(Channel.Greeting.MOST);
        requests.greeting().add(beginning, 0, beginning.length);
        ServerCapabilities.requireSha1(requests.greeting().text());
        if (service == Service.UPLOAD_PACK
                && ServerCapabilities.isVersion2(requests.greeting().text())) {
            requests.greeting().whole().ifPresent(channel::version2);
        }
        return new SequenceInputStream(new ByteArrayInputStream(beginning), body);
    }

    private Answer result() throws IOException {
        Service service = Service.ofResult(url.getPath());
        String contentType = "application/x-" + service.command() + "-result";
        if (requests.refs() == Channel.Refs.NOT_NEEDED && isLsRefs()) {
            return new Answer(contentType, new ByteArrayInputStream(FLUSH));
        }
        URI at = URI.create(Redirects.withoutSlash(channel.base()) + "/" + service.command());
        HttpRequest.Builder post = request(at).POST(HttpRequest.BodyPublishers.ofByteArray(content.toByteArray()));
        HttpResponse<InputStream> response = send(post, channel.largestAnswer());
        if (Redirects.is(response.statusCode())) {
            drop(response);
            throw new WireException(Kind.FINAL, "the server redirects a request with a body");
        }
        return new Answer(contentType, expect(response, contentType, service));
    }

    private boolean isLsRefs() throws IOException {
        byte[] sent = content.toByteArray();
        byte[] plain = "gzip".equals(headers.get("content-encoding"))
                ? new GZIPInputStream(new ByteArrayInputStream(sent)).readNBytes(100)
                : sent;
        return new String(plain, StandardCharsets.US_ASCII).startsWith("command=ls-refs", 4);
    }

    private HttpRequest.Builder request(URI at) {
        HttpRequest.Builder request = channel.clients()
                .request(at)
                .timeout(channel.timeouts().idle())
                .header("User-Agent", AGENT)
                .header("Cache-Control", "no-cache");
        headers.forEach(request::header);
        channel.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request, long largest) throws IOException {
        Timeouts timeouts = channel.timeouts();
        HttpResponse.BodyHandler<InputStream> body =
                BodyStream.within(new BodyLimits(largest, timeouts.idle(), timeouts.total()));
        try {
            HttpResponse<InputStream> response = channel.client().send(request.build(), body);
            channel.reached();
            if (response.statusCode() == 401 && channel.authorization().isPresent()) {
                // A server that is being restarted or that has just learned of a token may change its mind.
                drop(response);
                return channel.client().send(request.build(), body);
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw Failures.connection(e, host(), timeouts, channel.contacts());
        }
    }

    private InputStream expect(HttpResponse<InputStream> response, String contentType, Service service)
            throws IOException {
        if (response.statusCode() != 200) {
            drop(response);
            throw HttpStatuses.failure(response.statusCode(), response.headers(), service, channel);
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!type.equals(contentType)) {
            drop(response);
            throw new WireException(
                    Kind.FINAL,
                    "the address does not answer like a Git repository (content type \"" + ServerMessages.oneLine(type)
                            + "\")");
        }
        InputStream body = new ReadToItsEnd(response.body(), channel);
        boolean zipped =
                response.headers().firstValue("Content-Encoding").orElse("").matches("(x-)?gzip");
        if (!zipped) {
            return body;
        }
        BodyLimits limits = new BodyLimits(
                channel.largestAnswer(),
                channel.timeouts().idle(),
                channel.timeouts().total());
        return new BoundedStream(new GZIPInputStream(body), limits, () -> closeQuietly(response.body()));
    }

    private String host() {
        return channel.base().getHost();
    }

    private void drop(HttpResponse<InputStream> response) {
        // The JDK's client hands out a proxy's refusal of a tunnel without any body.
        if (response.body() != null) {
            closeQuietly(new ReadToItsEnd(response.body(), channel));
        }
    }

    private static void closeQuietly(InputStream stream) {
        try (stream) {
            return;
        } catch (IOException e) {
            // It is given up anyway.
        }
    }

    /**
     * A body whose failures are told by their kind. When closed, it reads the little that may be left, so that the
     * connection can be used again.
     */
    private static final class ReadToItsEnd extends FilterInputStream {

        private final HttpChannel channel;

        ReadToItsEnd(@NonNull InputStream in, @NonNull HttpChannel channel) {
            super(in);
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (IOException e) {
                if (ConnectionFailure.of(e) == ConnectionFailure.INTERRUPTED) {
                    throw e;
                }
                throw Failures.connection(e, channel.base().getHost(), channel.timeouts(), channel.contacts());
            }
        }

        @Override
        public void close() throws IOException {
            if (in instanceof BodyStream body && !Thread.currentThread().isInterrupted()) {
                body.finish();
            } else {
                in.close();
            }
        }
    }

    @Override
    public int getResponseCode() throws IOException {
        answer();
        return HTTP_OK;
    }

    @Override
    public URL getURL() {
        return url;
    }

    @Override
    public String getResponseMessage() {
        return "OK";
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return Map.of();
    }

    @Override
    public void setRequestProperty(String key, String value) {
        String name = key.toLowerCase(Locale.ROOT);
        if (!NOT_TAKEN.contains(name)) {
            headers.put(name, value);
        }
    }

    @Override
    public void setRequestMethod(String name) {
        method = name;
    }

    @Override
    public void setUseCaches(boolean usecaches) {}

    /** The channel's timeouts hold. */
    @Override
    public void setConnectTimeout(int timeout) {}

    @Override
    public void setReadTimeout(int timeout) {}

    @Override
    public String getContentType() {
        return answer == null ? null : answer.contentType();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return answer().body();
    }

    /** What of the headers matters was dealt with. */
    @Override
    public String getHeaderField(String name) {
        return null;
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return List.of();
    }

    @Override
    public int getContentLength() {
        return -1;
    }

    @Override
    public void setInstanceFollowRedirects(boolean followRedirects) {}

    @Override
    public void setDoOutput(boolean dooutput) {}

    @Override
    public void setFixedLengthStreamingMode(int contentLength) {}

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public void setChunkedStreamingMode(int chunklen) {}

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public boolean usingProxy() {
        return false;
    }

    @Override
    public void connect() {}

    /** Whom to trust is decided by the client. */
    @Override
    public void configure(KeyManager[] km, TrustManager[] tm, SecureRandom random) {}

    @Override
    public void setHostnameVerifier(HostnameVerifier hostnameverifier) {}
}
