package io.jenkins.plugins.gitops.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {

    @ParameterizedTest
    @CsvSource({
        "nginx, docker.io, library/nginx",
        "acme/api, docker.io, acme/api",
        "docker.io/nginx, docker.io, library/nginx",
        "index.docker.io/acme/api, docker.io, acme/api",
        "localhost/api, localhost, api",
        "localhost:5000/api, localhost:5000, api",
        "registry:5000/team/api, registry:5000, team/api",
        "GHCR.io/acme/api, ghcr.io, acme/api",
        "REGISTRY/api, registry, api",
        "[::1]:5000/api, [::1]:5000, api",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api, 123456789012.dkr.ecr.eu-central-1.amazonaws.com, api"
    })
    void aRepositoryIsWrittenOutAsHostAndPath(String repository, String host, String path) {
        assertThat(ImageName.of(ImageReference.parse(repository + ":1"))).isEqualTo(new ImageName(host, path));
    }
}
