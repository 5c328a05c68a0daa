package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.Glob;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How the controller asks the endpoints that gates declare, and which of them it asks at all: whoever writes a
 * {@code gitops.yaml} chooses the address, and the controller reaches hosts that they do not.
 *
 * @param client does not follow redirects, and runs on threads of its own
 * @param allowedHosts patterns of the only hosts that are asked; empty for every host but this machine, link-local
 *     addresses and the metadata services of clouds
 * @param secret signs requests as it signs the webhook's; empty for no signature
 */
public record CheckEndpoints(
        @NonNull HttpClient client,
        @NonNull Supplier<List<String>> allowedHosts,
        @NonNull Supplier<String> secret,
        @NonNull InstantSource clock) {

    /** Azure, Alibaba Cloud, Oracle Cloud and AWS over IPv6; the usual 169.254.169.254 is link-local. */
    private static final Set<String> METADATA = Set.of(
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2:0:0:0:0:0:254",
            "metadata",
            "metadata.google.internal");

    /** A clause that says why an address is not asked; empty where it may be. Resolves the host's name. */
    @NonNull
    public Optional<String> refusal(@NonNull URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        List<String> allowed = allowedHosts.get();
        if (!allowed.isEmpty()) {
            return allowed.stream()
                            .anyMatch(pattern -> Glob.ofHosts(pattern.toLowerCase(Locale.ROOT))
                                    .matches(host))
                    ? Optional.empty()
                    : refusal(host, "is not among the allowed hosts");
        }
        if (METADATA.contains(host)) {
            return refusal(host, "is a metadata service");
        }
        try {
            for (InetAddress resolved : InetAddress.getAllByName(host)) {
                if (isInternal(resolved)) {
                    return refusal(host, "is a loopback, link-local or metadata address");
                }
            }
        } catch (UnknownHostException onlyTheProxyKnowsIt) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isInternal(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress());
    }

    private static Optional<String> refusal(String host, String why) {
        return Optional.of(host + " " + why + "; an administrator adds it to 'allowedCheckHosts' of GitOps Promotion");
    }
}
