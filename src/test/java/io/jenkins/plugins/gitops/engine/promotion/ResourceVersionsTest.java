package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Charts and Git refs in resources of each kind, without a path; docs/places.md has the table. */
class ResourceVersionsTest {

    private static final String COMMIT = "1234567890".repeat(4);
    private static final ReleaseEdit EDIT = new ReleaseEdit(new ManifestFiles());

    private static ReleaseEdit.Place place(String kind) {
        String declaration = """
            version: 1
            applications:
              shop:
                versions:
                  redis: { chart: oci://ghcr.io/acme/charts/redis }
                  web: { chart: https://charts.acme.example/stable/web }
                  platform: { git: https://github.com/acme/platform }
                environments:
                  prod: { KIND: f.yaml }
            """.replace("KIND", kind);
        return Bump.place(
                DeclarationReader.read("gitops.yaml", declaration.getBytes(StandardCharsets.UTF_8))
                        .application("shop"),
                "prod");
    }

    private static Snapshot snapshot(String content) {
        return new Snapshot("c".repeat(40), path -> Optional.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String write(String kind, String content, String name, String version) {
        byte[] edited = EDIT.apply(snapshot(content), List.of(place(kind)), Map.of(name, new NamedVersion(version)))
                .contents()
                .get("f.yaml");
        return edited == null ? content : new String(edited, StandardCharsets.UTF_8);
    }

    /** OLD stands for the version, a slash for a line break. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        manifests | redis | {kind: Application, spec: {source: {repoURL: ghcr.io/acme/charts, chart: redis, targetRevision: OLD}}}
        manifests | redis | {kind: Application, spec: {source: {repoURL: 'oci://ghcr.io/acme/charts/redis', path: ., targetRevision: OLD}}}
        manifests | web | {kind: Application, spec: {sources: [{repoURL: 'https://charts.acme.example/stable/', chart: web, targetRevision: OLD}, {repoURL: 'https://other.example', chart: web, targetRevision: 3.0.0}]}}
        manifests | web | {kind: ApplicationSet, spec: {template: {spec: {source: {repoURL: 'https://charts.acme.example/stable', chart: web, targetRevision: OLD}}}}}
        manifests | platform | {kind: Application, spec: {source: {repoURL: 'git@github.com:acme/platform.git', path: a, targetRevision: OLD}}}
        manifests | platform | {kind: Application, spec: {sources: [{repoURL: 'https://github.com/acme/other', targetRevision: v3}, {repoURL: 'https://github.com/Acme/platform', targetRevision: OLD}]}}
        manifests | web | {kind: HelmRelease, spec: {chart: {spec: {chart: web, version: OLD, sourceRef: {kind: HelmRepository, name: acme}}}}}
        manifests | web | {kind: HelmChart, spec: {chart: web, version: OLD, sourceRef: {kind: HelmRepository, name: acme}}}
        manifests | web | {kind: HelmChart, spec: {repo: 'https://charts.acme.example/stable', chart: web, version: OLD}}
        manifests | redis | {kind: HelmChart, spec: {chart: 'oci://ghcr.io/acme/charts/redis', version: OLD}}
        manifests | redis | {kind: OCIRepository, spec: {url: 'oci://ghcr.io/acme/charts/redis', ref: {tag: OLD}}}
        manifests | redis | {kind: OCIRepository, spec: {url: 'oci://ghcr.io/acme/charts/redis', ref: {semver: OLD, tag: 0.1.0}}}
        manifests | platform | {kind: GitRepository, spec: {url: 'ssh://git@github.com/acme/platform', ref: {tag: OLD, branch: main}}}
        manifests | platform | {kind: GitRepository, spec: {url: 'https://github.com/acme/platform.git', ref: {semver: OLD}}}
        manifests | web | {apiVersion: v2, name: shop, version: 7.0.0, dependencies: [{name: web, repository: 'https://charts.acme.example/stable', version: OLD}, {name: web, repository: 'https://other.example', version: 4.0.0}]}
        manifests | redis | {apiVersion: v2, name: shop, version: 7.0.0, dependencies: [{name: redis, repository: 'oci://ghcr.io/acme/charts', version: OLD}]}
        manifests | redis | {dependencies: [{name: redis, repository: '@acme', version: OLD}, {name: redis, repository: 'file://../redis', version: 1.0.0}]}
        kustomization | redis | {helmCharts: [{name: redis, repo: 'oci://ghcr.io/acme/charts', version: OLD}, {name: web, version: 4.0.0}]}
        kustomization | platform | {resources: [a.yaml, 'https://github.com/acme/platform//deploy?ref=OLD', 'github.com/acme/platform2?ref=v3']}
        kustomization | platform | {resources: ['https://raw.githubusercontent.com/acme/platform/OLD/deploy/crds.yaml', 'https://raw.githubusercontent.com/acme/web/v3/a.yaml']}
        kustomization | platform | {resources: ['https://github.com/acme/platform/releases/download/OLD/install.yaml']}
        kustomization | platform | {resources: ['https://github.com/acme/platform/raw/refs/tags/OLD/a.yaml', 'https://github.com/acme/platform/archive/refs/tags/OLD.tar.gz']}
        kustomization | platform | {kind: Kustomization, resources: ['https://github.com/acme/platform?ref=OLD'], kind: Kustomization}
        kustomization | platform | {kind: Component, components: ['github.com/acme/platform/a/b?timeout=9&ref=OLD']}
        manifests | platform | {kind: Kustomization, resources: ['git::ssh://git@github.com/acme/platform.git//x?ref=OLD']}
        manifests | redis | `# one / kind: ConfigMap / data: {} / --- / kind: OCIRepository # two / spec: / #  here /   url: oci://ghcr.io/acme/charts/redis /   ref: /     tag: "OLD" # renovate`
        """)
    void aVersionIsFoundByTheKindOfItsResource(String kind, String name, String resource) {
        String content = resource.replace(" / ", "\n").replace("OLD", "1.0.0") + "\n";

        assertThat(EDIT.images(snapshot(content), place(kind)).get(name)).isEqualTo(new NamedVersion("1.0.0"));
        String edited = write(kind, content, name, "2.1.0");
        assertThat(edited).isEqualTo(resource.replace(" / ", "\n").replace("OLD", "2.1.0") + "\n");
        assertThat(write(kind, edited, name, "2.1.0")).isEqualTo(edited);
        assertThat(write(kind, edited, name, "1.0.0")).isEqualTo(content);
    }

    /** An empty third column stands for what has no place. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        platform | {kind: GitRepository, spec: {url: 'https://github.com/acme/platform', ref: {branch: main}}} |
        platform | {kind: GitRepository, spec: {url: 'https://github.com/acme/other', ref: {tag: v1}}} |
        redis | {kind: HelmRelease, spec: {chart: {spec: {chart: ./redis, version: 1.0.0, sourceRef: {kind: GitRepository}}}}} |
        redis | {kind: Application, spec: {source: {repoURL: ghcr.io/other/charts, chart: redis, targetRevision: 1.0.0}}} |
        redis | {kind: OCIRepository, spec: {url: 'oci://ghcr.io/acme/charts/redis', ref: {tag: 1.0.0, digest: 'sha256:1'}}} | f.yaml:1:96: beside 'spec.ref.tag' is a digest, which decides what runs; remove it from the file.
        platform | {kind: GitRepository, spec: {url: 'https://github.com/acme/platform', ref: {commit: 1111111111111111111111111111111111111111, tag: v1}}} | f.yaml:1:85: 'spec.ref.commit' is a whole commit, and 9.0.0 is not one; release a commit, or change the key in the file.
        web | {kind: Application, spec: {source: {repoURL: 'https://charts.acme.example/stable', chart: web, targetRevision: '{{ version }}'}}} | f.yaml:1:112: a template is here; name the place of the value that it is rendered with.
        platform | {kind: Kustomization, resources: ['https://github.com/acme/platform/releases/download/v1.0.0/crds-1.0.0.yaml']} | f.yaml:1:35: the value here is a URL that has the version twice; use one that has it once.
        web | {dependencies: [{name: web, version: 1.0.0}, {name: web, version: true}]} | f.yaml:1:67: the value here is not a version; correct the path to where one is.
        """)
    void whatIsNoPlaceOfTheVersionIsRefused(String name, String content, String sentence) {
        assertThatThrownBy(() -> write("manifests", content, name, "9.0.0"))
                .isInstanceOf(GitOpsException.class)
                .hasMessage(
                        sentence == null
                                ? "'" + name + "' has no place in shop/prod: add it under 'fields' in gitops.yaml, or"
                                        + " leave it out of the bump."
                                : sentence);
    }

    @Test
    void aTagOfFluxIsNoCommit() {
        String content = "{kind: GitRepository, spec: {url: 'https://github.com/acme/platform', ref: {tag: v1}}}";

        assertThatThrownBy(() -> write("manifests", content, "platform", COMMIT))
                .isInstanceOf(GitOpsException.class)
                .hasMessage("f.yaml:1:82: 'spec.ref.tag' is a tag, and " + COMMIT
                        + " is not one; release a tag, or change the key in the file.");
        assertThat(write("manifests", content.replace("tag: v1", "commit: " + COMMIT), "platform", "9".repeat(40)))
                .contains("commit: '" + "9".repeat(40) + "'");
    }

    @Test
    void chartsRefsAndImagesOfAKustomizationMoveTogether() {
        String declaration = """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/api }
                versions:
                  redis: { chart: oci://ghcr.io/acme/charts/redis }
                  platform: { git: https://github.com/acme/platform }
                environments:
                  prod: { kustomization: f.yaml }
            """;
        ReleaseEdit.Place place = Bump.place(
                DeclarationReader.read("gitops.yaml", declaration.getBytes(StandardCharsets.UTF_8))
                        .application("shop"),
                "prod");
        Map<String, Version> release = Map.of(
                "api", io.jenkins.plugins.gitops.engine.model.ImageReference.parse("ghcr.io/acme/api:2"),
                "redis", new NamedVersion("19.1.0"),
                "platform", new NamedVersion("v2"));

        byte[] edited =
                EDIT.apply(snapshot("""
                    resources: [ https://github.com/acme/platform//deploy?ref=v1 ]
                    helmCharts: [ { name: redis, repo: oci://ghcr.io/acme/charts, version: 17.0.0 } ]
                    images: [ { name: ghcr.io/acme/api, newTag: '1' } ]
                    """), List.of(place), release).contents().get("f.yaml");

        assertThat(edited).asString(StandardCharsets.UTF_8).isEqualTo("""
            resources: [ https://github.com/acme/platform//deploy?ref=v2 ]
            helmCharts: [ { name: redis, repo: oci://ghcr.io/acme/charts, version: 19.1.0 } ]
            images: [ { name: ghcr.io/acme/api, newTag: '2' } ]
            """);
    }

    @Test
    void twoEnvironmentsThatFindTheSameChartInOneFileAreRefused() {
        String declaration = """
            version: 1
            applications:
              shop:
                versions: { redis: { chart: oci://ghcr.io/acme/charts/redis } }
                environments:
                  dev: { manifests: f.yaml }
                  prod: { manifests: f.yaml }
            """;

        assertThatThrownBy(() -> DeclarationReader.read("gitops.yaml", declaration.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("'f.yaml' holds the same version for shop/prod (line 7) and shop/dev (line 6)");
    }
}
