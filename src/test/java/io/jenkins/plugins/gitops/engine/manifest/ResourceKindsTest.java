package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an image is in resources of each kind, without a path; docs/places.md has the table. */
class ResourceKindsTest {

    private static final ManifestFile FILE = new ManifestFile.KubernetesManifest("r.yaml");
    private static final Map<String, String> REPOSITORIES = Map.of("api", "ghcr.io/acme/api");
    private static final Map<String, Version> RELEASE = Map.of("api", ImageReference.parse("ghcr.io/acme/api:2.0.0"));
    private final ManifestFiles files = new ManifestFiles();

    private static byte[] bytes(String written) {
        return (written.replace(" / ", "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** API stands for the image's repository, NEW for its version; a line break is written as a slash. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {kind: Deployment, spec: {template: {spec: {containers: [{name: a, image: 'API:NEW'}]}}}}
        {kind: Rollout, spec: {template: {spec: {initContainers: [{image: 'API:NEW'}]}}}}
        {kind: Workflow, spec: {templates: [{name: a, container: {image: 'API:NEW'}}, {script: {image: 'API:NEW'}}]}}
        {kind: CronWorkflow, spec: {workflowSpec: {templates: [{container: {image: 'API:NEW'}}]}}}
        {kind: Task, spec: {steps: [{image: 'API:NEW'}], sidecars: [{image: other}]}}
        {kind: Service, apiVersion: serving.knative.dev/v1, spec: {template: {spec: {containers: [{image: 'API:NEW'}]}}}}
        {kind: SparkApplication, spec: {image: 'API:NEW', driver: {cores: 1}}}
        {kind: SparkApplication, spec: {image: 'API:NEW', version: '3.5.1'}}
        {kind: Shop, spec: {image: {repository: API, tag: NEW}, worker: {containers: [{image: 'API:NEW'}]}}}
        {kind: Shop, spec: {workers: [{image: {registry: ghcr.io, repository: acme/api, tag: NEW}}], cache: {image: {repository: redis, tag: '7'}}}}
        {kind: Shop, spec: {image: API, tag: NEW}}
        {kind: Pod, spec: {volumes: [{name: m, image: {reference: 'API:NEW'}}]}}
        {kind: HelmRelease, spec: {values: {a: {image: {repository: API, tag: NEW}}, b: {image: {repository: API-b, tag: 1.0.0}}}}}
        {kind: HelmRelease, spec: {values: {list: [{image: {registry: ghcr.io, repository: acme/api, tag: NEW}}]}}}
        {kind: HelmRelease, spec: {values: {image: 'API:NEW'}}}
        {kind: Application, spec: {source: {helm: {valuesObject: {image: {repository: API, tag: NEW}}}}}}
        {kind: Application, spec: {sources: [{helm: {}}, {helm: {valuesObject: {image: {repository: API, tag: NEW}}}}]}}
        {kind: ApplicationSet, spec: {template: {spec: {source: {helm: {valuesObject: {image: {repository: API, tag: NEW}}}}}}}}
        {kind: Application, spec: {source: {helm: {parameters: [{name: image.repository, value: API}, {name: image.tag, value: 'NEW'}, {name: b.tag, value: '1'}]}}}}
        {kind: Application, spec: {source: {kustomize: {images: ['API:NEW', 'web=ghcr.io/acme/web:1']}}}}
        {kind: Application, spec: {source: {kustomize: {images: ['api=API:NEW']}}}}
        {kind: Application, spec: {source: {kustomize: {images: ['API=mirror.x/acme/api:NEW']}}}}
        {kind: Kustomization, apiVersion: kustomize.toolkit.fluxcd.io/v1, spec: {images: [{name: API, newTag: NEW}, {name: web, newTag: 1.0.0}]}}
        `kind: Application / spec: /   source: /     helm: /       # the shop /       values: | # text /         replicas: 2 /  /         image: # api /           repository: API /           tag: NEW   # now /         web: { image: { repository: API-b, tag: 1.0.0 } } /     path: x`
        kind: ApplicationSet / spec: / # four /     template: / # five /         spec: {sources: [{chart: a}, {helm: {values: "image: {repository: API, tag: NEW}"}}]}
        # two / kind: HelmRelease / spec: {values: {image: {repository: API, tag: NEW}}} / --- / kind: HelmRelease / spec: {values: {image: {repository: API-b, tag: 1.0.0}}}
        """)
    void anImageIsFoundByTheKindOfItsResource(String resource) {
        byte[] before = bytes(resource.replace("API", "ghcr.io/acme/api").replace("NEW", "1.0.0"));
        String after = new String(
                bytes(resource.replace("API", "ghcr.io/acme/api").replace("NEW", "2.0.0")), StandardCharsets.UTF_8);

        assertThat(files.images(FILE, before, REPOSITORIES).get("api").shortText())
                .isEqualTo("1.0.0");
        byte[] edited = files.write(FILE, before, REPOSITORIES, RELEASE);
        assertThat(new String(edited, StandardCharsets.UTF_8)).isEqualTo(after);
        assertThat(files.write(FILE, edited, REPOSITORIES, RELEASE)).isEqualTo(edited);
        assertThat(files.write(
                        FILE, edited, REPOSITORIES, Map.of("api", ImageReference.parse("ghcr.io/acme/api:1.0.0"))))
                .isEqualTo(before);
    }

    @Test
    void twoPlacesThatDisagreeAreRefused() {
        byte[] file = bytes("kind: HelmRelease / spec: {values: {a: {repository: ghcr.io/acme/api, tag: v1},"
                + " b: {repository: ghcr.io/acme/api, tag: v2}}}");

        assertThatThrownBy(() -> files.images(FILE, file, REPOSITORIES))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage(
                        "r.yaml:2:64: this is ghcr.io/acme/api:v2, another place in the file is ghcr.io/acme/api:v1;"
                                + " make them agree.");
    }

    @Test
    void theDeclaredDocumentOfAValuesFileIsEdited() {
        byte[] two = bytes("kind: A / metadata: {name: one} / image: 'ghcr.io/acme/api:1' / --- /"
                + " kind: A / metadata: {name: two} / image: 'ghcr.io/acme/api:1'");
        ManifestFile second = new ManifestFile.HelmValues(
                "r.yaml", Map.of("api", "image"), new Field.Document(null, "two", null, null));

        assertThat(new String(files.write(second, two, REPOSITORIES, RELEASE), StandardCharsets.UTF_8))
                .isEqualTo("kind: A\nmetadata: {name: one}\nimage: 'ghcr.io/acme/api:1'\n---\n"
                        + "kind: A\nmetadata: {name: two}\nimage: 'ghcr.io/acme/api:2.0.0'\n");
    }

    @Test
    void textThatIsATemplateIsLeftAlone() {
        byte[] file = bytes("kind: Application / spec: {source: {helm: {values: '{{ if .x }} ghcr.io/acme/api'}}}");

        assertThat(files.images(FILE, file, REPOSITORIES)).isEmpty();
        assertThat(files.write(FILE, file, REPOSITORIES, RELEASE)).isEqualTo(file);
    }

    @Test
    void twoImagesOfOneTextAreWrittenTogether() {
        byte[] file =
                bytes("kind: Application / spec: /   source: /     helm: /       values: | /         a: {repository:"
                        + " ghcr.io/acme/api, tag: v1} /         w: {repository: ghcr.io/acme/web, tag: v1}");
        Map<String, String> two = Map.of("api", "ghcr.io/acme/api", "web", "ghcr.io/acme/web");

        byte[] edited = files.write(
                FILE,
                file,
                two,
                Map.of(
                        "api",
                        ImageReference.parse("ghcr.io/acme/api:v2"),
                        "web",
                        ImageReference.parse("ghcr.io/acme/web:v3")));

        assertThat(new String(edited, StandardCharsets.UTF_8))
                .isEqualTo(new String(file, StandardCharsets.UTF_8)
                        .replace("api, tag: v1", "api, tag: v2")
                        .replace("web, tag: v1", "web, tag: v3"));
    }
}
