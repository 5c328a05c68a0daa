package io.jenkins.plugins.gitops.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
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
        Map<String, ImageReference> images = Map.of(
                "api", ImageReference.parse("ghcr.io/acme/api:1.0@sha256:" + "0".repeat(64)),
                "worker", ImageReference.parse("localhost:5000/worker:2"));

        assertThat(Trailers.NONE.withImages(images).images()).isEqualTo(images);
    }

    @Test
    void whatAPersonWroteByHandDoesNotBreakTheLedger() {
        Trailers trailers = new Trailers(List.of(
                new Trailer("gitops-image", "api=not an image"),
                new Trailer("GitOps-Image", "no equals sign"),
                new Trailer("gitops-image", "worker=ghcr.io/acme/worker:1")));

        assertThat(trailers.images()).containsOnlyKeys("worker");
    }
}
