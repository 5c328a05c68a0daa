package io.jenkins.plugins.gitops.engine.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.net.SignedRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How the controller asks the endpoints that gates declare, and which of them it asks at all: whoever writes a
 * {@code gitops.yaml} chooses the address, and the controller reaches hosts that they do not.
 *
 * @param clients makes requests, for the controller's proxy
 * @param client does not follow redirects, and runs on threads of its own
 * @param allowedHosts patterns of the only hosts that are asked; empty for every host but this machine, link-local
 *     addresses and the metadata services of clouds
 * @param secret signs requests as it signs the webhook's; empty for no signature
 */
public record CheckEndpoints(
        HttpClients clients,
        HttpClient client,
        Supplier<List<String>> allowedHosts,
        Supplier<String> secret,
        InstantSource clock) {

    /** Of an answer, from the request to its last byte. */
    private static final BodyLimits LIMITS = new BodyLimits(64 * 1024, Duration.ofSeconds(10));

    private static final int LONGEST_REASON = 300;

    public CheckEndpoints(
            HttpClients clients, Supplier<List<String>> allowedHosts, Supplier<String> secret, InstantSource clock) {
        this(clients, clients.build("checks"), allowedHosts, secret, clock);
    }

    /** What some program may read as an IPv4 address in decimal, octal or hexadecimal, whole or in parts. */
    private static final Pattern NUMBER = Pattern.compile("(?:[^\\[]*\\.)?(?:\\d+|0x[0-9a-f]*)");

    /** Without leading zeros, which are octal to some. */
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

    /** Azure, Alibaba Cloud, Oracle Cloud and AWS over IPv6; the usual 169.254.169.254 is link-local. */
    private static final Set<String> METADATA = Set.of(
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2:0:0:0:0:0:254",
            "metadata",
            "metadata.google.internal");

    /**
     * Asks an endpoint whether a promotion may pass: POST with the promotion as JSON, answered with 200 and {@code
     * {"allowed": true or false, "reason": "…"}}. Anything else is no answer, and it is asked again. Holds no thread while
     * it waits.
     */
    CompletionStage<CheckResult> ask(GateDefinition.HttpCheck declared, Gate gate) {
        URI address = URI.create(declared.url());
        Optional<String> refusal = refusal(address);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(
                    CheckResult.failed(declared.name(), "not contacted: " + refusal.get()));
        }
        HttpRequest request = SignedRequest.post(
                        clients.request(address).header("Accept", "application/json"),
                        GateJson.text(gate.subject()),
                        secret.get(),
                        clock.instant())
                .build();
        return BoundedBody.sendAsync(client, request, LIMITS)
                .thenApply(response -> read(declared, response))
                .exceptionally(failure -> noAnswer(declared, BoundedBody.reason(failure)));
    }

    private static CheckResult read(GateDefinition.HttpCheck declared, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return noAnswer(declared, "it returned status " + response.statusCode());
        }
        JsonNode answer;
        try {
            answer = GateJson.tree(new String(response.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return noAnswer(declared, "its response is not JSON");
        }
        if (!answer.path("allowed").isBoolean()) {
            return noAnswer(declared, "its response has no \"allowed\": true or false");
        }
        String reason = answer.path("reason").asText("").replaceAll("\\p{Cntrl}+", " ");
        String clause = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
        return answer.get("allowed").asBoolean()
                ? CheckResult.passed(declared.name(), clause.isEmpty() ? "allowed" : clause)
                : CheckResult.failed(declared.name(), clause.isEmpty() ? "not allowed" : clause);
    }

    private static CheckResult noAnswer(GateDefinition.HttpCheck declared, String why) {
        return CheckResult.pending(
                declared.name(), "no answer from " + URI.create(declared.url()).getHost() + ": " + why, null);
    }

    /** A clause that says why an address is not asked; empty where it may be. Resolves the host's name. */
    public Optional<String> refusal(URI address) {
        if (address.getHost() == null) {
            return Optional.of("its address has no valid host");
        }
        String host = address.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
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
        if (NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            return refusal(host, "is a number that programs read as different addresses");
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
                || METADATA.contains(address.getHostAddress())
                || embedded(address.getAddress())
                        .filter(CheckEndpoints::isInternal)
                        .isPresent();
    }

    /** The IPv4 address that an IPv6 address of a translation carries: compatible (RFC 4291), NAT64 (6052) or 6to4 (3056). */
    private static Optional<InetAddress> embedded(byte[] address) {
        if (address.length != 16) {
            return Optional.empty();
        }
        String hex = HexFormat.of().formatHex(address);
        boolean last = hex.startsWith("0".repeat(24)) || hex.startsWith("0064ff9b" + "0".repeat(16));
        int from = last ? 12 : 2;
        try {
            return last || hex.startsWith("2002")
                    ? Optional.of(InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4)))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    private static Optional<String> refusal(String host, String why) {
        return Optional.of(
                host + " " + why + "; an administrator can add it to 'allowedCheckHosts' of GitOps Promotion");
    }
}
