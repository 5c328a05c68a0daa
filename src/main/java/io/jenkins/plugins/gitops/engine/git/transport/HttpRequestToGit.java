package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.transport.Channel.Greeting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;

/** One request of JGit's, which the {@link HttpChannel} sends: addresses, redirects, statuses and timeouts are its own. */
final class HttpRequestToGit implements HttpConnection {

    private static final byte[] FLUSH = "0000".getBytes(StandardCharsets.US_ASCII);

    /** The JDK's client sets these itself, or the channel does. */
    private static final Set<String> NOT_TAKEN =
            Set.of("content-length", "host", "connection", "user-agent", "pragma", "transfer-encoding");

    private final HttpChannel channel;
    private final URL url;
    private final Greeting greeting;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private String method = "GET";
    private InputStream answer;

    HttpRequestToGit(HttpChannel channel, URL url, Greeting greeting) {
        this.channel = channel;
        this.url = url;
        this.greeting = greeting;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (answer == null) {
            try {
                answer = method.equals("GET") ? channel.advertisement(service(), headers, greeting) : result();
            } catch (WireException | InterruptedIOException e) {
                // Other kinds of IOException make JGit send the request again by itself.
                SocketException unanswered = new SocketException(e.getMessage());
                unanswered.initCause(e);
                throw unanswered;
            }
        }
        return answer;
    }

    private InputStream result() throws IOException {
        return !greeting.listsRefs() && isLsRefs()
                ? new ByteArrayInputStream(FLUSH)
                : channel.result(service(), headers, content.toByteArray(), greeting);
    }

    private boolean isLsRefs() throws IOException {
        byte[] sent = content.toByteArray();
        byte[] plain = "gzip".equals(headers.get("content-encoding"))
                ? new GZIPInputStream(new ByteArrayInputStream(sent)).readNBytes(100)
                : sent;
        return new String(plain, StandardCharsets.US_ASCII).startsWith("command=ls-refs", 4);
    }

    /** {@code …/info/refs?service=git-upload-pack}, or {@code …/git-upload-pack}. */
    private String service() {
        return url.toString().endsWith("git-receive-pack") ? "git-receive-pack" : "git-upload-pack";
    }

    @Override
    public int getResponseCode() throws IOException {
        getInputStream();
        return HTTP_OK;
    }

    @Override
    public String getContentType() {
        return "application/x-" + service() + (method.equals("GET") ? "-advertisement" : "-result");
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
    public String getRequestMethod() {
        return method;
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public URL getURL() {
        return url;
    }

    // What of the answer's headers matters, and whom to trust, the channel has dealt with.

    @Override
    public String getResponseMessage() {
        return "OK";
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return Map.of();
    }

    @Override
    @Nullable
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
    public boolean usingProxy() {
        return false;
    }

    @Override
    public void connect() {}

    @Override
    public void setUseCaches(boolean usecaches) {}

    @Override
    public void setConnectTimeout(int timeout) {}

    @Override
    public void setReadTimeout(int timeout) {}

    @Override
    public void setInstanceFollowRedirects(boolean followRedirects) {}

    @Override
    public void setDoOutput(boolean dooutput) {}

    @Override
    public void setFixedLengthStreamingMode(int contentLength) {}

    @Override
    public void setChunkedStreamingMode(int chunklen) {}

    @Override
    public void configure(KeyManager[] km, TrustManager[] tm, SecureRandom random) {}

    @Override
    public void setHostnameVerifier(HostnameVerifier hostnameverifier) {}
}
