package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sends single requests to one registry and its token server, within limits, and explains what goes wrong. */
final class OciHttp {

    /** The specification asks registries to take manifests of at least this size; bigger ones are an abuse. */
    static final int LARGEST_BODY = 4 << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final OciConnection connection;
    private final HttpClient client;
    private final Duration limit;
    private final int largest;

    OciHttp(OciConnection connection) {
        this(connection, LARGEST_BODY);
    }

    /** @param largest answer, in bytes */
    OciHttp(OciConnection connection, int largest) {
        this.connection = connection;
        this.largest = largest;
        this.limit = connection.settings().limit();
        try {
            this.client = connection.settings().client(connection.certificateAuthority());
        } catch (CertificateException e) {
            throw failure("has a certificate authority that cannot be read: paste its certificates in PEM form", e);
        }
    }

    /** Follows no redirects: credentials would go along. */
    HttpRequest.Builder request(URI uri) {
        return connection.settings().clients().request(uri);
    }

    /** The whole answer. */
    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return BoundedBody.send(client, request, new BodyLimits(largest, limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("did not respond before the request was interrupted: run the step again", e);
        } catch (IOException e) {
            throw failed(request, e);
        }
    }

    private RegistryException failed(HttpRequest request, IOException failure) {
        return switch (ConnectionFailure.of(failure)) {
            case TOO_LARGE ->
                failure(
                        "returned more than " + (largest >> 20) + " MiB for "
                                + request.uri().getPath()
                                + (largest == LARGEST_BODY
                                        ? ", which is too large for an image manifest: check what was pushed"
                                        : ", which is too large for an index of charts: serve a smaller one"),
                        failure);
            case TIMEOUT ->
                failure(
                        "did not respond within " + limit.toSeconds()
                                + " s: try again, or check the network between it and Jenkins",
                        failure);
            case CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED, CERTIFICATE_OTHER_HOST, TLS_REFUSED, TLS_BROKEN ->
                failure(
                        "has no trusted certificate (" + reason(failure)
                                + "): add its certificate authority to the connection, or correct the address",
                        failure);
            default ->
                failure(
                        "cannot be reached (" + reason(failure)
                                + "): check its address and the network between it and Jenkins",
                        failure);
        };
    }

    private RegistryException failure(String clause, @CheckForNull Throwable cause) {
        return new RegistryException("Registry '" + connection.host() + "' " + clause + ".", cause);
    }

    private static String reason(Throwable fault) {
        String message = fault.getMessage();
        return message == null || message.isBlank() ? fault.getClass().getSimpleName() : message;
    }

    /** @throws RegistryException if the body is not a JSON object: a login page, a proxy's error */
    JsonNode json(HttpResponse<byte[]> answer) {
        IOException cause = null;
        try {
            JsonNode node = MAPPER.readTree(answer.body());
            if (node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            cause = e;
        }
        throw failure(
                "returned " + typeOrNone(answer) + " for " + answer.uri().getPath()
                        + ", which is not JSON: check that its address is the registry's own, not a login page or"
                        + " proxy",
                cause);
    }

    /** An object's text values; what is not text is left out. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return texts;
    }

    /** Media type of an answer without parameters, lower case; empty if none is given. */
    static String mediaType(HttpResponse<?> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    static String typeOrNone(HttpResponse<?> answer) {
        String type = mediaType(answer);
        return type.isEmpty() ? "no content type" : type;
    }
}
