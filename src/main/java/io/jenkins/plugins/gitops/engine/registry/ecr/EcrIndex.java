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

    private static final int MOST_NESTED = 3;

    private final EcrHost host;
    private final EcrClient client;
    private final EcrCalls calls;

    EcrIndex(@NonNull EcrHost host, @NonNull EcrClient client, @NonNull EcrCalls calls) {
        this.host = host;
        this.client = client;
        this.calls = calls;
    }

    /** Digests of those that run somewhere, also in an index inside the index; attestations are for the platform unknown. */
    @NonNull
    List<String> images(@NonNull ImageDetails index) {
        List<String> digests = new ArrayList<>();
        collect(index, 0, digests);
        return digests;
    }

    private void collect(ImageDetails index, int depth, List<String> digests) {
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
        for (Image image : found) {
            parsed(image.imageManifest()).path("manifests").forEach(entry -> {
                String digest = entry.path("digest").asText();
                String type = entry.path("mediaType").asText();
                boolean runs =
                        !"unknown".equals(entry.path("platform").path("os").asText());
                if (runs && MediaTypes.isIndex(type) && depth < MOST_NESTED) {
                    collect(new ImageDetails(index.name(), digest, type, null), depth + 1, digests);
                } else if (runs) {
                    digests.add(digest);
                }
            });
        }
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
