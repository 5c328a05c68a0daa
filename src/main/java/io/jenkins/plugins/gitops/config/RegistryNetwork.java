package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;

/**
 * How registries are reached from the controller: one HTTP client for all of them, which holds no credentials of any.
 *
 * @param proxy that it was made for
 * @param aws makes clients for AWS's API, one for each registry
 */
record RegistryNetwork(
        @NonNull Optional<ControllerProxy> proxy,
        @NonNull HttpClient http,
        @NonNull OciSettings settings,
        @NonNull Supplier<SdkHttpClient> aws) {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    @NonNull
    static RegistryNetwork through(@NonNull Optional<ControllerProxy> proxy) {
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(CONNECT);
        proxy.map(ControllerProxy::selector).ifPresent(http::proxy);
        return new RegistryNetwork(
                proxy,
                http.build(),
                OciSettings.usual(proxy.flatMap(ControllerProxy::authorization)),
                () -> aws(proxy));
    }

    private static SdkHttpClient aws(Optional<ControllerProxy> proxy) {
        ApacheHttpClient.Builder client = ApacheHttpClient.builder().connectionTimeout(CONNECT);
        proxy.ifPresent(through -> client.proxyConfiguration(ProxyConfiguration.builder()
                .endpoint(URI.create("http://" + through.host() + ":" + through.port()))
                .nonProxyHosts(through.exceptions())
                .username(through.user().isEmpty() ? null : through.user())
                .password(through.user().isEmpty() ? null : through.password())
                .build()));
        return client.build();
    }
}
