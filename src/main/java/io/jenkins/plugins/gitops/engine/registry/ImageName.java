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

    private static final String DOCKER_HUB_OLD = "index.docker.io";

    public static ImageName of(ImageReference reference) {
        String repository = reference.repository();
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        String host = isHost(first) ? first.toLowerCase(Locale.ROOT) : DOCKER_HUB;
        String path = isHost(first) ? repository.substring(slash + 1) : repository;
        if (host.equals(DOCKER_HUB) || host.equals(DOCKER_HUB_OLD)) {
            return new ImageName(DOCKER_HUB, path.contains("/") ? path : "library/" + path);
        }
        return new ImageName(host, path);
    }

    /** A first component without dot or port is an organisation on Docker Hub, unless it is localhost. */
    private static boolean isHost(String component) {
        return component.contains(".")
                || component.contains(":")
                || component.equals("localhost")
                || component.chars().anyMatch(Character::isUpperCase);
    }

    /** As policies match it: {@code host/path}. */
    @Override
    public String toString() {
        return host + "/" + path;
    }
}
