package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two environments in one file, whose paths lead to one value: a change of one must not deploy to the other. */
class SharedValueTest {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/api }
            environments:
              dev: { %s }
              prod: { %s, gate: { approvals: { required: 1 } } }
              next: { after: dev, kustomization: next/kustomization.yaml }
        """;

    private static final String REFUSAL =
            "This would also change shop/prod, which shares a value with it in v.yaml: write"
                    + " the value out where an alias stands for it, and give each environment a path of its own.";

    private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final Stops stops = new Stops(() -> now);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        dev.image     | prod.image       | dev: {image: &i {repository: ghcr.io/acme/api, tag: 1.0.0}} / prod: {image: *i}
        dev.image     | prod.image.tag   | dev: {image: {repository: ghcr.io/acme/api, tag: &t 1.0.0}} / prod: {image: {tag: *t}}
        dev.image     | prod.image       | dev: {image: &i ghcr.io/acme/api:1.0.0} / prod: {image: *i}
        dev.image     | prod.image       | dev: &d {image: {repository: ghcr.io/acme/api, tag: 1.0.0}} / prod: {<<: *d}
        l[0].image    | l[name=a].image  | l: / - {name: a, image: "ghcr.io/acme/api:1.0.0"}
        """)
    void aBumpOfOneIsRefused(String dev, String prod, String values) {
        String written = values.replace(" / ", "\n") + "\n";
        push(value(dev), value(prod), "v.yaml", written);

        assertThatThrownBy(() -> bump("dev"))
                .isInstanceOf(RefusedException.class)
                .hasMessage(REFUSAL);

        assertThat(repository.log("main")).hasSize(1);
    }

    @Test
    void aBumpOfOneIsRefusedWhereTheOtherReadsAField() {
        push(
                value("image"),
                "fields: [{ file: v.yaml, path: prod, is: { tag: api } }]",
                "v.yaml",
                "image: {repository: ghcr.io/acme/api, tag: &t 1.0.0}\nprod: *t\n");

        assertThatThrownBy(() -> bump("dev"))
                .isInstanceOf(RefusedException.class)
                .hasMessage(REFUSAL);
    }

    @Test
    void aPromotionIntoOneIsRefused() {
        String both = "dev: {image: &i {repository: ghcr.io/acme/api, tag: 1.0.0}}\nprod: {image: *i}\n";
        String first = repository.push(
                "main",
                "Begin",
                Map.of(
                        "gitops.yaml",
                        """
                        version: 1
                        applications:
                          shop:
                            images: { api: ghcr.io/acme/api }
                            environments:
                              first: { kustomization: k.yaml }
                              next: { after: first, %s }
                              prod: { %s, gate: { approvals: { required: 1 } } }
                        """.formatted(value("dev.image"), value("prod.image")),
                        "k.yaml",
                        "images: [{name: ghcr.io/acme/api, newTag: 2.0.0}]\n",
                        "v.yaml",
                        both));
        Liveness liveness = target -> new Liveness.State.Healthy(first, now);
        Promotion promotion = new Promotion(
                repository, new ManifestFiles(), liveness, ReleaseVerification.NONE, new Ledgers(), stops);
        Promotion.Request request = new Promotion.Request(
                "one", "https://git.example.org/c", "main", "shop", "next", null, Provenance.UNKNOWN, Shop.JENKINS);

        assertThatThrownBy(() -> promotion.plan(request, Progress.SILENT))
                .isInstanceOf(RefusedException.class)
                .hasMessage(REFUSAL);
    }

    @Test
    void eachHasAValueOfItsOwn() {
        push(
                value("dev.image"),
                value("prod.image"),
                "v.yaml",
                "x: &r ghcr.io/acme/api\ndev: {image: {repository: *r, tag: 1.0.0}}\n"
                        + "prod: {image: {repository: *r, tag: 1.0.0}}\n");

        bump("dev");

        assertThat(repository.text("main", "v.yaml"))
                .isEqualTo("x: &r ghcr.io/acme/api\ndev: {image: {repository: *r, tag: 2.0.0}}\n"
                        + "prod: {image: {repository: *r, tag: 1.0.0}}\n");
    }

    @Test
    void whatCannotBeReadOfTheOtherIsNoReason() {
        push(value("dev.image"), value("prod.image"), "v.yaml", "dev: {image: ghcr.io/acme/api:1.0.0}\nprod: 1\n");

        bump("dev");

        assertThat(repository.text("main", "v.yaml")).isEqualTo("dev: {image: ghcr.io/acme/api:2.0.0}\nprod: 1\n");
    }

    private static String value(String path) {
        return "values: { file: v.yaml, images: { api: '" + path + "' } }";
    }

    private void push(String dev, String prod, String file, String content) {
        repository.push("main", "Begin", Map.of("gitops.yaml", DECLARATION.formatted(dev, prod), file, content));
    }

    private void bump(String environment) {
        new Bump(repository, new ManifestFiles(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "one",
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", "2.0.0"),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT);
    }
}
