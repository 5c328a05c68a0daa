package io.jenkins.plugins.gitops.engine.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedStream;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;

/** How to reach a Kubernetes API. Secrets are kept in memory only; {@code toString} hides them. */
public sealed interface KubernetesAccess {

    /** The status that opens a WebSocket. */
    int SWITCHING_PROTOCOLS = 101;

    /** Where the two ends of a WebSocket agree to pack its messages. */
    String PACKED_MESSAGES = "Sec-WebSocket-Extensions";

    /**
     * The cluster this JVM runs in, by its pod's service account.
     *
     * @param environment of the process, which names the API server
     * @param account directory with the account's {@code token} and {@code ca.crt}; read again when the token is rotated
     */
    @SuppressFBWarnings(
            value = "DMI_HARDCODED_ABSOLUTE_FILENAME",
            justification = "Kubernetes mounts it there in every pod, and no variable names the place")
    record InCluster(Map<String, String> environment, Path account) implements KubernetesAccess {

        /** Where Kubernetes puts them. */
        public static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

        Token token() {
            String host = environment.get("KUBERNETES_SERVICE_HOST");
            String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
            if (host == null || !Files.isReadable(account.resolve("token"))) {
                throw new ArgoCdException(
                        Reason.REFUSED,
                        "This controller does not run in a cluster with a service account: give the Argo CD connection"
                                + " the API server's address and credentials.",
                        null);
            }
            String url = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            Path authorities = account.resolve("ca.crt");
            return new Token(
                    url,
                    Files.isReadable(authorities) ? Optional.of(read(authorities)) : Optional.empty(),
                    () -> read(account.resolve("token")).strip());
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException cause) {
                throw new ArgoCdException(
                        Reason.REFUSED,
                        "Cannot read the service account's " + file + ": check that the pod mounts it.",
                        cause);
            }
        }
    }

    /**
     * A kubeconfig file, used with its current context. What would run a command or read a file on the controller is
     * refused: whoever may add credentials need not be allowed that.
     *
     * @param content its text
     */
    record Kubeconfig(String content) implements KubernetesAccess {
        @Override
        public String toString() {
            return "Kubeconfig[…]";
        }

        private Config read() {
            io.fabric8.kubernetes.api.model.Config parsed = parse(content);
            for (NamedAuthInfo user : parsed.getUsers()) {
                forbiddenIn(user.getUser()).ifPresent(field -> refuse("user '" + user.getName() + "'", field));
            }
            for (NamedCluster cluster : parsed.getClusters()) {
                forbiddenIn(cluster.getCluster())
                        .ifPresent(field -> refuse("cluster '" + cluster.getName() + "'", field));
            }
            return Config.fromKubeconfig(content);
        }

        private static io.fabric8.kubernetes.api.model.Config parse(String content) {
            try {
                io.fabric8.kubernetes.api.model.Config parsed =
                        Serialization.unmarshal(content, io.fabric8.kubernetes.api.model.Config.class);
                if (parsed != null && parsed.getCurrentContext() != null) {
                    return parsed;
                }
            } catch (KubernetesClientException | IllegalArgumentException unreadable) {
                // Its message quotes the text, which holds secrets: say what is wrong without it.
            }
            throw new ArgoCdException(
                    Reason.REJECTED,
                    "The kubeconfig of the Argo CD connection cannot be read or has no current-context: check the"
                            + " credential.",
                    null);
        }

        private static Optional<String> forbiddenIn(@CheckForNull AuthInfo user) {
            Map<String, Function<AuthInfo, Object>> forbidden = new TreeMap<>(Map.of(
                    "exec", AuthInfo::getExec,
                    "auth-provider", AuthInfo::getAuthProvider,
                    "tokenFile", AuthInfo::getTokenFile,
                    "client-certificate", AuthInfo::getClientCertificate,
                    "client-key", AuthInfo::getClientKey));
            return forbidden.keySet().stream()
                    .filter(field -> user != null && forbidden.get(field).apply(user) != null)
                    .findFirst();
        }

        private static Optional<String> forbiddenIn(Cluster cluster) {
            return Optional.ofNullable(cluster)
                    .map(Cluster::getCertificateAuthority)
                    .map(file -> "certificate-authority");
        }

        private static void refuse(String place, String field) {
            throw new ArgoCdException(
                    Reason.REFUSED,
                    "The kubeconfig of the Argo CD connection has '" + field + "' at " + place
                            + ", which would run a command or read a file on the controller: put the token or the"
                            + " certificate's data into it, or use AWS credentials for EKS.",
                    null);
        }
    }

    /**
     * A bearer token.
     *
     * @param url of the API server
     * @param authorities certificates in PEM that vouch for it, or empty for those the JVM trusts
     * @param token asked before every request, so it may change; must be quick
     */
    record Token(String url, Optional<String> authorities, Supplier<String> token) implements KubernetesAccess {
        @Override
        public String toString() {
            return "Token[" + url + "]";
        }
    }

    /**
     * A client that tries once and does not reconnect, when to try again is for the informer to say, and whose answers are
     * bounded.
     *
     * @param clients the proxy, and its password, to use
     */
    default KubernetesClient client(HttpClients clients) {
        return client(clients, ArgoCdHttp.ANSWER);
    }

    /** @param answer what one answer may have; a watch may take longer */
    default KubernetesClient client(HttpClients clients, BodyLimits answer) {
        return new KubernetesClientBuilder()
                .withConfig(config())
                .withHttpClientFactory(new OkHttpClientFactory() {
                    @Override
                    protected void additionalConfig(OkHttpClient.Builder builder) {
                        builder.socketFactory(new BoundedSockets(answer.bytes()))
                                .addInterceptor(chain -> bounded(chain, answer));
                        clients.proxies().ifPresent(builder::proxySelector);
                        builder.proxyAuthenticator(
                                (route, response) -> authorized(response.request(), clients.proxyAuthorization()));
                    }
                })
                .build();
    }

    /**
     * Sends the request and bounds what comes back, after it was unpacked: a few bytes can unpack to gigabytes. What a
     * WebSocket receives is bounded by its socket, and never packed.
     */
    private static Response bounded(Interceptor.Chain chain, BodyLimits answer) throws IOException {
        Response response = chain.proceed(
                chain.request().newBuilder().removeHeader(PACKED_MESSAGES).build());
        ResponseBody body = response.body();
        if (response.code() == SWITCHING_PROTOCOLS || body == null) {
            return response.newBuilder().removeHeader(PACKED_MESSAGES).build();
        }
        boolean watch = chain.request().url().queryParameter("watch") != null;
        BodyLimits limits = watch ? new BodyLimits(answer.bytes(), KubernetesArgoCd.LONGEST_SILENCE) : answer;
        InputStream bounded =
                new BoundedStream(body.byteStream(), limits, () -> chain.call().cancel());
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(Okio.source(bounded)), body.contentType(), body.contentLength()))
                .build();
    }

    /** The request with the password for the proxy; null where there is none, or the proxy refused it already. */
    @CheckForNull
    private static Request authorized(Request request, Supplier<Optional<String>> proxyAuthorization) {
        return request.header("Proxy-Authorization") != null
                ? null
                : proxyAuthorization
                        .get()
                        .map(value -> request.newBuilder()
                                .header("Proxy-Authorization", value)
                                .build())
                        .orElse(null);
    }

    private Config config() {
        return base().withConnectionTimeout(10_000)
                .withRequestTimeout(30_000)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(0)
                .withWebsocketPingInterval(15_000L)
                .build();
    }

    private ConfigBuilder base() {
        if (this instanceof Kubeconfig file) {
            return new ConfigBuilder(file.read());
        }
        Token access = this instanceof InCluster pod ? pod.token() : (Token) this;
        ConfigBuilder builder = new ConfigBuilder(Config.empty())
                .withMasterUrl(access.url())
                .withOauthTokenProvider(access.token()::get);
        access.authorities()
                .ifPresent(pem -> builder.withCaCertData(
                        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));
        return builder;
    }
}
