package io.jenkins.plugins.gitops.engine.registry.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Image;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;

/** The images an index in ECR lists. */
final class EcrIndex {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final EcrHost host;
    private final EcrClient client;
    private final EcrCalls calls;

    EcrIndex(@NonNull EcrHost host, @NonNull EcrClient client, @NonNull EcrCalls calls) {
        this.host = host;
        this.client = client;
        this.calls = calls;
    }

    /** Digests of those that run somewhere; attestations are for the platform unknown. */
    @NonNull
    List<String> images(@NonNull ImageDetails index) {
        List<Image> found = calls.answer(
                "ecr:BatchGetImage",
                index.name(),
                () -> client.batchGetImage(request -> request.registryId(host.account())
                                .repositoryName(index.name().path())
                                .imageIds(ImageIdentifier.builder()
                                        .imageDigest(index.digest())
                                        .build())
                                .acceptedMediaTypes(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST))
                        .images());
        List<String> digests = new ArrayList<>();
        for (Image image : found) {
            parsed(image.imageManifest()).path("manifests").forEach(entry -> {
                if (!"unknown".equals(entry.path("platform").path("os").asText("unknown"))) {
                    digests.add(entry.path("digest").asText());
                }
            });
        }
        return digests;
    }

    private JsonNode parsed(String manifest) {
        try {
            return MAPPER.readTree(manifest);
        } catch (JsonProcessingException e) {
            throw new RegistryException(
                    "Registry '" + host + "' gives an image index that is not JSON: push the image again.", e);
        }
    }
}
