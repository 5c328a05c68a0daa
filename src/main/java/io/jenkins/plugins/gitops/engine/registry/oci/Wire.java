package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Sends single requests to one registry, with limits on time and size, and words for what goes wrong. */
final class Wire {

    /** The specification asks registries to take manifests of at least this size; bigger ones are an abuse. */
    static final int LARGEST_BODY = 4 << 20;

    private final HttpClient http;
    private final String registry;
    private final Duration limit;
    private final Optional<String> proxyAuthorization;

    /** @param registry host, for messages */
    Wire(@NonNull HttpClient http, @NonNull String registry, @NonNull OciSettings settings) {
        this.http = http;
        this.registry = registry;
        this.limit = settings.limit();
        this.proxyAuthorization = settings.proxyAuthorization();
    }

    @NonNull
    Answer send(@NonNull HttpRequest.Builder question) {
        proxyAuthorization.ifPresent(header -> question.header("Proxy-Authorization", header));
        HttpRequest request = question.build();
        // Not HttpRequest.timeout: that one ends with the headers, and a body can drip for ever.
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, head -> new LimitedBody(LARGEST_BODY));
        try {
            HttpResponse<byte[]> response = exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), request.uri(), response.headers(), response.body());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw silent(e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw failed(request, e.getCause());
        }
    }

    @NonNull
    RegistryException interrupted(@NonNull InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new RegistryException(
                "Asking registry '" + registry + "' was interrupted: start the step again.", cause);
    }

    private RegistryException failed(HttpRequest request, Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            return silent(cause);
        }
        if (cause instanceof LimitedBody.TooLargeException) {
            return new RegistryException(
                    "Registry '" + registry + "' answers " + request.uri().getPath() + " with more than "
                            + (LARGEST_BODY >> 20) + " MiB, which no image manifest has: check what was pushed.",
                    cause);
        }
        if (cause instanceof SSLException) {
            return new RegistryException(
                    "Registry '" + registry + "' cannot be trusted (" + cause.getMessage() + "): let the Java that"
                            + " runs Jenkins trust its certificate authority, or correct the address.",
                    cause);
        }
        return new RegistryException(
                "Registry '" + registry + "' cannot be reached (" + reason(cause) + "): check its address and the"
                        + " network between it and Jenkins.",
                cause);
    }

    private RegistryException silent(Throwable cause) {
        return new RegistryException(
                "Registry '" + registry + "' did not answer within " + limit.toSeconds()
                        + " s: try again, or check the network between it and Jenkins.",
                cause);
    }

    private static String reason(Throwable fault) {
        String message = fault.getMessage();
        return message == null || message.isBlank() ? fault.getClass().getSimpleName() : message;
    }
}
