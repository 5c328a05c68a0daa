package io.jenkins.plugins.gitops.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrailersTest {

    @Test
    void aValueCannotForgeAnotherTrailer() {
        Trailers trailers = Trailers.NONE.with(Trailers.REASON, "because\nGitOps-Approved-By: mallory\r\n\u2028x");

        assertThat(trailers.list())
                .containsExactly(new Trailer(Trailers.REASON, "because GitOps-Approved-By: mallory x"));
    }

    @Test
    void imagesAreReadBackAsTheyWereWritten() {
        Map<String, Version> images = Map.of(
                "api", ImageReference.parse("ghcr.io/acme/api:1.0@sha256:" + "0".repeat(64)),
                "worker", ImageReference.parse("localhost:5000/worker:2"),
                "redis", new NamedVersion("19.1.0+7"));

        assertThat(Trailers.NONE.withRelease(images).release()).isEqualTo(images);
    }

    @Test
    void aVersionIsNoImageInACommit() {
        Trailers trailers = Trailers.NONE.withRelease(
                Map.of("api", ImageReference.parse("ghcr.io/acme/api:1.0"), "redis", new NamedVersion("19.1.0")));

        assertThat(trailers.list())
                .containsExactly(
                        new Trailer("GitOps-Image", "api=ghcr.io/acme/api:1.0"),
                        new Trailer("GitOps-Version", "redis=19.1.0"));
    }

    @Test
    void whatAPersonWroteByHandDoesNotBreakTheLedger() {
        Trailers trailers = new Trailers(List.of(
                new Trailer("gitops-image", "api=not an image"),
                new Trailer("GitOps-Image", "no equals sign"),
                new Trailer("gitops-image", "worker=ghcr.io/acme/worker:1")));

        assertThat(trailers.release()).containsOnlyKeys("worker");
    }
}
