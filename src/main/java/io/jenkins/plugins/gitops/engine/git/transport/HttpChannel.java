package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.net.BodyStream;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * Smart HTTP: JGit's protocol over {@link HttpClient}. Connections are kept alive by the client, which is shared between
 * channels; the credentials go with every request, so that none is spent on being asked for them. A moved repository is
 * followed on the same host, never to another: the credentials would go along.
 */
final class HttpChannel extends Channel {

    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String NO_TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final HttpClients clients;
    private final HttpClient client;
    private final Optional<String> authorization;
    /** Where the repository is, after redirects. */
    private volatile URI base;
    /** A server's advertisement of protocol 2 lists no refs: it is asked for once. */
    private volatile Optional<byte[]> version2 = Optional.empty();

    static Channel to(Remote remote, HttpClients clients, HttpClient http, RepositorySettings settings) {
        URI address = address(remote.url());
        return new HttpChannel(clients, http, settings, address, authorization(remote));
    }

    private static URI address(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getRawUserInfo() != null) {
                throw holdsCredentials(uri.getHost());
            }
            if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw noAddress(url, null);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw noAddress(url, null);
        }
    }

    private static Optional<String> authorization(Remote remote) {
        if (remote.login().isEmpty()) {
            return Optional.empty();
        }
        if (remote.login().get() instanceof Login.UserPassword pair) {
            byte[] both = (pair.user() + ":" + pair.password()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
        }
        throw new RepositoryException("The config repository " + shown(remote.url())
                + " is reached over HTTP, which takes no SSH key; choose a user and password or token");
    }

    private HttpChannel(
            HttpClients clients,
            HttpClient client,
            RepositorySettings settings,
            URI address,
            Optional<String> authorization) {
        super(settings);
        this.clients = clients;
        this.client = client;
        this.base = address;
        this.authorization = authorization;
    }

    @Override
    Transport open(Repository local, Greeting greeting) throws IOException {
        Transport transport = Transport.open(local, new URIish(base.toURL()));
        ((TransportHttp) transport).setHttpConnectionFactory(new HttpConnectionFactory() {
            @Override
            public HttpConnection create(URL url) {
                return new HttpRequestToGit(HttpChannel.this, url, greeting);
            }

            /** The client chooses the proxy. */
            @Override
            public HttpConnection create(URL url, Proxy proxy) {
                return create(url);
            }
        });
        return transport;
    }

    @Override
    String host() {
        return base.getHost();
    }

    /** What a service says first, from the server unless it is known already. */
    InputStream advertisement(String service, Map<String, String> headers, Greeting greeting) throws IOException {
        boolean reading = service.equals("git-upload-pack");
        Optional<byte[]> again = greeting.whole().or(() -> reading ? version2 : Optional.empty());
        if (again.isPresent()) {
            if (greeting.isEmpty()) {
                greeting.add(again.get(), 0, again.get().length);
            }
            return new ByteArrayInputStream(again.get());
        }
        String infoRefs = "/info/refs?service=" + service;
        URI repository = base;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            URI at = URI.create(withoutSlash(repository) + infoRefs);
            HttpResponse<InputStream> response = send(request(at, headers).GET(), greeting);
            if (!REDIRECTS.contains(response.statusCode())) {
                InputStream body = body(response, service, "-advertisement", greeting);
                base = repository;
                byte[] beginning = body.readNBytes(Greeting.MOST);
                greeting.add(beginning, 0, beginning.length);
                if (ServerCapabilities.of(greeting).version() == 2 && reading) {
                    version2 = greeting.whole();
                }
                return new SequenceInputStream(new ByteArrayInputStream(beginning), body);
            }
            drop(response, greeting);
            repository = moved(at, response.headers().firstValue("Location").orElse(""), infoRefs);
        }
        throw new WireException(Kind.FINAL, "the server redirects in circles");
    }

    /** What a service answers to a request. */
    InputStream result(String service, Map<String, String> headers, byte[] content, Greeting greeting)
            throws IOException {
        URI at = URI.create(withoutSlash(base) + "/" + service);
        HttpResponse<InputStream> response =
                send(request(at, headers).POST(HttpRequest.BodyPublishers.ofByteArray(content)), greeting);
        if (REDIRECTS.contains(response.statusCode())) {
            drop(response, greeting);
            throw new WireException(Kind.FINAL, "the server redirects a request with a body");
        }
        return body(response, service, "-result", greeting);
    }

    private HttpRequest.Builder request(URI at, Map<String, String> headers) {
        HttpRequest.Builder request = clients.request(at)
                .timeout(answers.idle())
                .header("User-Agent", "git/gitops-promotion")
                .header("Cache-Control", "no-cache");
        headers.forEach(request::header);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request, Greeting greeting) throws IOException {
        HttpResponse.BodyHandler<InputStream> body = BodyStream.within(answers);
        try {
            HttpResponse<InputStream> response = client.send(request.build(), body);
            reached();
            if (response.statusCode() == 401 && authorization.isPresent()) {
                // A server that is being restarted or that has just learned of a token may change its mind.
                drop(response, greeting);
                return client.send(request.build(), body);
            }
            return response;
        } catch (InterruptedException e) {
            throw ConnectionFailure.interrupted(e);
        } catch (IOException e) {
            throw GitFailures.connection(e, this);
        }
    }

    private void reached() {
        contacts.incrementAndGet();
        received.incrementAndGet();
    }

    private InputStream body(HttpResponse<InputStream> response, String service, String kind, Greeting greeting)
            throws IOException {
        HttpHeaders headers = response.headers();
        String type = headers.firstValue("Content-Type").orElse("");
        if (response.statusCode() != 200) {
            drop(response, greeting);
            throw status(response.statusCode(), headers, service);
        }
        if (!type.equals("application/x-" + service + kind)) {
            drop(response, greeting);
            throw new WireException(
                    Kind.FINAL,
                    "the address does not respond like a Git repository (content type \"" + GitFailures.oneLine(type)
                            + "\")");
        }
        boolean zipped = headers.firstValue("Content-Encoding").orElse("").matches("(x-)?gzip");
        return new Received(zipped ? new GZIPInputStream(response.body()) : response.body(), greeting);
    }

    private void drop(HttpResponse<InputStream> response, Greeting greeting) {
        // The JDK's client hands out a proxy's refusal of a tunnel without any body.
        if (response.body() != null) {
            try {
                new Received(response.body(), greeting).close();
            } catch (IOException e) {
                // It is given up anyway.
            }
        }
    }

    private static String withoutSlash(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** The new address of the repository. */
    private static URI moved(URI from, String location, String infoRefs) throws WireException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw redirects("to an invalid address");
        }
        if (!String.valueOf(to.getHost()).equalsIgnoreCase(from.getHost())) {
            throw redirects("to another host (" + GitFailures.oneLine(String.valueOf(to.getHost()))
                    + "), which would receive the credentials; configure that address if it is correct");
        }
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        boolean upgrade = from.getScheme().equalsIgnoreCase("http") && scheme.equals("https");
        boolean samePlace = from.getScheme().equalsIgnoreCase(scheme) && from.getPort() == to.getPort();
        if (!upgrade && !samePlace) {
            throw redirects("to another port or to plain http on the same host");
        }
        String text = to.toString();
        if (to.getRawUserInfo() != null || !text.endsWith(infoRefs)) {
            throw redirects("to an address that is not a Git repository's");
        }
        return URI.create(text.substring(0, text.length() - infoRefs.length()));
    }

    private static WireException redirects(String where) {
        return new WireException(Kind.FINAL, "the server redirects " + where);
    }

    /** A status other than 200. GitHub limits the rate with 403 and Retry-After, others with 429. */
    private WireException status(int status, HttpHeaders headers, String service) {
        // What cannot be read is a wish for a pause all the same.
        Optional<Duration> retryAfter = headers.firstValue("Retry-After")
                .map(value -> Backoff.retryAfter(value, Instant.now()).orElse(Duration.ofSeconds(1)));
        String answered = "the server answered " + status;
        return switch (status) {
            case 401 ->
                new WireException(
                        Kind.FINAL,
                        answered + " (unauthorized): "
                                + (authorization.isPresent()
                                        ? "the credentials are refused"
                                        : "credentials are needed"));
            case 403 ->
                retryAfter.isPresent()
                        ? new WireException(Kind.LATER, answered, retryAfter.get(), null)
                        : new WireException(
                                Kind.FINAL, answered + " (forbidden): the credentials do not allow " + service);
            case 404, 410 ->
                new WireException(
                        Kind.FINAL, answered + " (not found): no such repository, or the credentials cannot see it");
            case 407 -> new WireException(Kind.FINAL, "the proxy answered 407: " + proxyRefuses());
            case 408, 423, 425, 429, 500, 502, 503, 504, 507, 508, 509 ->
                new WireException(Kind.LATER, answered, retryAfter.orElse(null), null);
            default -> new WireException(Kind.FINAL, answered);
        };
    }

    private String proxyRefuses() {
        if (clients.proxyAuthorization().get().isEmpty()) {
            return "it requires a user and password";
        }
        boolean tunnel = "https".equalsIgnoreCase(base.getScheme());
        // Oracle's name for it; unset, the JDK's conf/net.properties says Basic.
        String disabled = System.getProperty(NO_TUNNEL_SCHEMES, "Basic");
        return tunnel && disabled.toLowerCase(Locale.ROOT).contains("basic")
                ? "Java does not send its password to proxies for https addresses; start the controller with"
                        + " -D"
                        + NO_TUNNEL_SCHEMES + "="
                : "it refuses the user and password";
    }
}
