package io.jenkins.plugins.gitops.engine.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Pushes small images over HTTP, as a builder would. */
public final class ImagePusher {

    /** An empty gzip stream: the registry does not look inside. */
    private static final byte[] LAYER = {31, -117, 8, 0, 0, 0, 0, 0, 0, -1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String authorization;

    /** @param authorization header value, or empty */
    public ImagePusher(URI base, String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    public static String config(String architecture, String labels) {
        return """
            {"created":"2026-08-01T12:00:00.5Z","os":"linux","architecture":"%s",
             "config":{"Labels":%s},"rootfs":{"type":"layers","diff_ids":[]}}\
            """.formatted(architecture, labels);
    }

    /** Pushes an image and returns its digest. */
    public String image(String repository, String reference, String mediaType, String config, String annotations) {
        boolean oci = mediaType.equals(MediaTypes.OCI_MANIFEST);
        String manifest = """
            {"schemaVersion":2,"mediaType":"%s",
             "config":{"mediaType":"%s","size":%d,"digest":"%s"},
             "layers":[{"mediaType":"%s","size":%d,"digest":"%s"}]%s}\
            """.formatted(
                mediaType,
                oci ? "application/vnd.oci.image.config.v1+json" : "application/vnd.docker.container.image.v1+json",
                config.getBytes(UTF_8).length,
                blob(repository, config.getBytes(UTF_8)),
                oci
                        ? "application/vnd.oci.image.layer.v1.tar+gzip"
                        : "application/vnd.docker.image.rootfs.diff.tar.gzip",
                LAYER.length,
                blob(repository, LAYER),
                annotations.isEmpty() ? "" : ",\"annotations\":" + annotations);
        return manifest(repository, reference, mediaType, manifest);
    }

    /** Pushes an index over images that were pushed before; each entry is {@code os/architecture digest}. */
    public String index(String repository, String reference, String mediaType, String annotations, String... entries) {
        String manifests = Arrays.stream(entries)
                .map(entry -> entry.split("[/ ]"))
                .map(part -> """
                    {"mediaType":"%s","size":1,"digest":"%s","platform":{"os":"%s","architecture":"%s"}}\
                    """.formatted(MediaTypes.OCI_MANIFEST, part[2], part[0], part[1]))
                .collect(Collectors.joining(","));
        return manifest(repository, reference, mediaType, """
            {"schemaVersion":2,"mediaType":"%s","annotations":%s,"manifests":[%s]}\
            """.formatted(mediaType, annotations, manifests));
    }

    /** Puts a manifest under a tag or digest and returns its digest. */
    String manifest(String repository, String reference, String mediaType, String manifest) {
        send(
                request("/v2/" + repository + "/manifests/" + reference)
                        .header("Content-Type", mediaType)
                        .PUT(HttpRequest.BodyPublishers.ofString(manifest)),
                201);
        return Digests.sha256(manifest.getBytes(UTF_8));
    }

    public void delete(String repository, String digest) {
        send(request("/v2/" + repository + "/manifests/" + digest).DELETE(), 202);
    }

    private String blob(String repository, byte[] content) {
        String digest = Digests.sha256(content);
        HttpResponse<String> started =
                send(request("/v2/" + repository + "/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()), 202);
        String location = started.headers().firstValue("Location").orElseThrow();
        send(
                request(location + (location.contains("?") ? "&" : "?") + "digest=" + digest)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content)),
                201);
        return digest;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int expected) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != expected) {
                throw new IllegalStateException(response + ": " + response.body());
            }
            return response;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
