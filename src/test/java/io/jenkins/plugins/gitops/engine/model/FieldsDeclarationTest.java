package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code versions}, {@code fields} and {@code repositories} of a declaration. */
class FieldsDeclarationTest {

    private static final String SHOP = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/api }
            versions: { redis: { chart: oci://ghcr.io/acme/charts/redis }, platform: { git: 'git@github.com:acme/platform.git' } }
            environments:
              dev:
                repositories: { api: registry.dev.example }
                fields:
                  - { file: v.yaml, path: api.tag, is: { tag: api } }
                  - { file: c.yaml, document: { kind: App, name: shop, index: 1 }, path: v, is: { chart: redis } }
                  - { file: v.yaml, key: ref.name, is: { ref: platform } }
        """;

    private static Declaration read(String text) {
        return DeclarationReader.read("gitops.yaml", text.getBytes(StandardCharsets.UTF_8), "main");
    }

    @Test
    void fieldsOfOneFileAreOneFile() {
        Application shop = read(SHOP).application("shop");

        assertThat(shop.versions())
                .containsExactly(
                        Map.entry(
                                "redis",
                                new VersionSource(VersionSource.Kind.CHART, "oci://ghcr.io/acme/charts/redis")),
                        Map.entry(
                                "platform",
                                new VersionSource(VersionSource.Kind.GIT, "git@github.com:acme/platform.git")));
        assertThat(shop.environment("dev").repositories()).isEqualTo(Map.of("api", "registry.dev.example/acme/api"));
        assertThat(shop.environment("dev").files())
                .containsExactly(
                        new ManifestFile.Fields(
                                "v.yaml",
                                List.of(
                                        new Field("api.tag", null, Field.Part.TAG, "api"),
                                        new Field("\"ref.name\"", null, Field.Part.REF, "platform")),
                                shop.versions()),
                        new ManifestFile.Fields(
                                "c.yaml",
                                List.of(new Field(
                                        "v", new Field.Document("App", "shop", null, 1), Field.Part.CHART, "redis")),
                                shop.versions()));
    }

    @Test
    void anApplicationNeedsNoImage() {
        String platform = SHOP.replace("    images: { api: ghcr.io/acme/api }\n", "")
                .replace("        repositories: { api: registry.dev.example }\n", "")
                .replace("          - { file: v.yaml, path: api.tag, is: { tag: api } }\n", "");

        assertThat(read(platform).application("shop").images()).isEmpty();
        assertThatThrownBy(() ->
                        read("version: 1\napplications: { a: { environments: { dev: { manifests: x.yaml } } } }\n"))
                .hasMessage("gitops.yaml:2: 'a' declares nothing that moves; add 'images', 'versions' or 'carries', or"
                        + " 'terraform' to its environments.");
    }

    /** Each row changes one line of the declaration above. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        is: { tag: api } | is: { tag: apo } | gitops.yaml:10: image 'apo' is not declared: did you mean 'api'?
        is: { tag: api } | is: { tags: api } | gitops.yaml:10: 'tags' is not known in 'applications.shop.environments.dev.fields.0.is': did you mean 'tag'?
        is: { tag: api } | is: {} | gitops.yaml:10: 'applications.shop.environments.dev.fields.0.is' must have at least 1 properties
        is: { chart: redis } | is: { chart: platform } | gitops.yaml:11: chart 'platform' is not declared as one: declared are redis
        is: { chart: redis } | is: { tag: api } | gitops.yaml:7: environment 'dev' has no place for 'redis'; add it under 'fields'.
        is: { tag: api } | is: { registry: api } | gitops.yaml:7: environment 'dev' has no place for image 'api'; add it under 'values.images', 'versions' or 'fields'.
        path: api.tag | pat: api.tag | gitops.yaml:10: 'pat' is not known in 'applications.shop.environments.dev.fields.0': did you mean 'path'?
        path: api.tag, | | gitops.yaml:10: a field has either 'path' or 'key'; give one of them.
        path: api.tag | path: 'api[' | gitops.yaml:10: 'api[' is not a path: at character 4; write for example api.image or containers[name=web].image.
        file: v.yaml, path: api.tag, | path: api.tag, | gitops.yaml:10: 'file' is missing in 'applications.shop.environments.dev.fields.0'.
        index: 1 | index: -1 | gitops.yaml:11: 'applications.shop.environments.dev.fields.1.document.index' must have a minimum value of 0.
        kind: App | kin: App | gitops.yaml:11: 'kin' is not known in 'applications.shop.environments.dev.fields.1.document': did you mean 'kind'?
        redis: { chart: oci://ghcr.io/acme/charts/redis } | api: { chart: oci://ghcr.io/acme/charts/redis } | gitops.yaml:5: 'api' is the name of an image, too; give the version another one.
        chart: oci://ghcr.io/acme/charts/redis | helm: oci://ghcr.io/acme/charts/redis | gitops.yaml:5: 'helm' is not known in 'applications.shop.versions.redis': known are chart, git, value.
        chart: oci://ghcr.io/acme/charts/redis | chart: redis | gitops.yaml:5: 'applications.shop.versions.redis.chart' is not an address; write it for example as oci://ghcr.io/acme/charts/redis or https://github.com/acme/platform.
        chart: oci://ghcr.io/acme/charts/redis | value: integer | gitops.yaml:5: 'applications.shop.versions.redis.value' does not have a value in the enumeration
        api: registry.dev.example | apo: registry.dev.example | gitops.yaml:8: image 'apo' is not declared: did you mean 'api'?
        api: registry.dev.example | api: Registry.Example/Shop | gitops.yaml:8: 'Registry.Example/Shop' is neither a registry nor a repository; write it in lower case
        """)
    void aViolationIsReportedWithItsLine(String correct, String wrong, String expected) {
        assertThat(SHOP).contains(correct);

        assertThatThrownBy(() -> read(SHOP.replace(correct, wrong == null ? "" : wrong)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void onePlaceForTwoEnvironmentsIsRefused() {
        String two = SHOP + SHOP.substring(SHOP.indexOf("      dev:")).replace("dev:", "prod:");

        assertThatThrownBy(() -> read(two))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("'v.yaml' holds the same image for shop/prod (line 13) and shop/dev (line 7)");
    }

    @Test
    void valuesMayBeInOneDocumentOfAFile() {
        String values = SHOP.replace(
                "        fields:\n",
                "        values: { file: w.yaml, document: { name: two }, images: { api: spec.values.image } }\n"
                        + "        fields:\n");

        assertThat(read(values).application("shop").environment("dev").files())
                .contains(new ManifestFile.HelmValues(
                        "w.yaml", Map.of("api", "spec.values.image"), new Field.Document(null, "two", null, null)));
    }
}
