package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.Locale;

/**
 * Where an image reference's repository is, written out: {@code nginx} is {@code docker.io} and {@code library/nginx}.
 *
 * @param host of the registry, with its port if one is written; lower case; {@code docker.io} for Docker Hub
 * @param path of the repository in the registry, for example {@code acme/shop-api}
 * @see <a href="https://github.com/distribution/reference">the reference grammar</a>
 */
public record ImageName(String host, String path) {

    /** Docker Hub, as references name it; its API has another host. */
    public static final String DOCKER_HUB = "docker.io";

    public static ImageName of(ImageReference reference) {
        String repository = ImageReference.canonicalRepository(reference.repository());
        int slash = repository.indexOf('/');
        return new ImageName(repository.substring(0, slash).toLowerCase(Locale.ROOT), repository.substring(slash + 1));
    }

    /** As policies match it: {@code host/path}. */
    @Override
    public String toString() {
        return host + "/" + path;
    }
}
