package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are carried, and which are refused. */
class CarriedFilesTest {

    private static final int LINK = 0120000;

    private final CarriedShop shop = new CarriedShop();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        version https://git-lfs.github.com/spec/v1 | is a pointer of Git LFS, its content is elsewhere, so it is unknown whether shop/prod can read it; leave it out of 'carries'.
        a: ENC[AES256_GCM,data:x]                  | is encrypted with SOPS, and shop/prod has none at envs/prod/dashboards/x that shows which keys it reads
        """)
    void whatCannotBeReadInItsNewPlaceIsRefused(String content, String sentence) {
        shop.repository.push("main", "Add", Map.of("envs/dev/dashboards/x", content + "\n"));
        String live = shop.bump("dev", "2.0");
        shop.verified(live);

        assertThatThrownBy(() -> shop.plan(live)).hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "age1prod, age1dev, false",
        "age1prod, age1prod, true",
    })
    void aSealedFileIsCarriedBetweenEqualRecipients(String there, String here, boolean carried) {
        String sealed =
                "a: ENC[AES256_GCM,data:%s]\nsops:\n  age:\n  - recipient: %s\n    enc: |\n      x%s\n  mac: ENC[x]\n";
        shop.repository.push(
                "main",
                "Add",
                Map.of(
                        "envs/dev/dashboards/x.yaml", sealed.formatted("new", here, "1"),
                        "envs/prod/dashboards/x.yaml", sealed.formatted("old", there, "2")));
        String live = shop.bump("dev", "2.0");
        shop.verified(live);

        if (carried) {
            shop.commit(shop.plan(live));
            assertThat(shop.text("envs/prod/dashboards/x.yaml")).isEqualTo(sealed.formatted("new", here, "1"));
        } else {
            assertThatThrownBy(() -> shop.plan(live))
                    .hasMessageContaining("encrypted with SOPS for other keys than envs/prod/dashboards/x.yaml");
        }
    }

    @Test
    void symbolicLinksAreRefused() {
        shop.repository.push(
                "main",
                "Link",
                Map.of("envs/dev/dashboards/x", CarriedShop.bytes("../../../gitops.yaml")),
                Map.of("envs/dev/dashboards/x", LINK));
        String live = shop.bump("dev", "2.0");

        assertThatThrownBy(() -> shop.plan(live))
                .hasMessage("'envs/dev/dashboards/x' is a symbolic link, which no promotion carries: put the files"
                        + " themselves there, or leave it out of 'carries'.");
    }

    @Test
    void theDeclarationAndPipelinesAreNeverCarried() {
        String root = CarriedShop.DECLARATION
                .replace("dashboards/**, config/shop.properties", "'**'")
                .replace("      prod:\n", "      prod:\n        folder: .\n        branch: prod\n")
                .replace("envs/prod/values.yaml", "values.yaml");
        shop.repository.push(
                "prod", "Begin", Map.of("values.yaml", CarriedShop.VALUES.formatted("prod"), "gitops.yaml", "mine\n"));
        shop.repository.push(
                "main",
                "Attack",
                Map.of(
                        "gitops.yaml", root,
                        "envs/dev/gitops.yaml", "evil\n",
                        "envs/dev/Jenkinsfile", "evil\n",
                        "envs/dev/.github/workflows/x.yml", "evil\n",
                        "envs/dev/docs/CODEOWNERS", "evil\n",
                        "envs/dev/notes.txt", "fine\n"));
        String live = shop.bump("dev", "2.0");
        shop.verified(live);

        shop.commit(shop.plan(live));

        assertThat(shop.repository.modes("prod").keySet()).containsExactly("gitops.yaml", "notes.txt", "values.yaml");
        assertThat(shop.repository.text("prod", "gitops.yaml")).isEqualTo("mine\n");
    }

    @Test
    void filesOfAnotherTargetAreLeftToIt() {
        shop.repository.push(
                "main",
                "Add web",
                Map.of(
                        "gitops.yaml",
                        CarriedShop.DECLARATION + """
                              web:
                                images: { web: ghcr.io/acme/web }
                                environments:
                                  prod: { manifests: envs/prod/dashboards/web.yaml, gate: { approvals: { required: 1 } } }
                            """.indent(0),
                        "envs/dev/dashboards/web.yaml",
                        "image: ghcr.io/acme/web:2\n"));
        String live = shop.bump("dev", "2.0");
        shop.verified(live);

        assertThatThrownBy(() -> shop.plan(live))
                .hasMessage(
                        "The file envs/prod/dashboards/web.yaml is of web/prod, too, so that carrying it to shop/prod"
                                + " would change both: leave it out of 'carries', or give each a folder of its own.");
    }

    @Test
    void aWholeBranchIsMoved() {
        shop.repository.push("main", "Render", Map.of("gitops.yaml", """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/api }
                carries: branch
                environments:
                  dev: { branch: env/dev, manifests: shop/manifest.yaml }
                  prod: { branch: env/prod, manifests: shop/manifest.yaml, after: dev }
            """));
        String live = shop.repository.push(
                "env/dev",
                "Hydrate",
                Map.of("shop/manifest.yaml", "image: ghcr.io/acme/api:2\nreplicas: 1\n", "hydrator.metadata", "{}\n"));
        shop.repository.push(
                "env/prod",
                "Hydrate",
                Map.of("shop/manifest.yaml", "image: ghcr.io/acme/api:1\nreplicas: 9\n", "old.yaml", "x: 1\n"));

        GateSubject.Promotion plan = shop.plan(live);
        shop.commit(plan);

        assertThat(plan.release().get("api")).hasToString("ghcr.io/acme/api:2");
        assertThat(shop.repository.modes("env/prod").keySet())
                .containsExactly("hydrator.metadata", "shop/manifest.yaml");
        assertThat(shop.repository.text("env/prod", "shop/manifest.yaml"))
                .isEqualTo("image: ghcr.io/acme/api:2\nreplicas: 1\n");
    }

    @Test
    void anApplicationMayCarryFilesAlone() {
        shop.repository.push(
                "main", "Platform", Map.of("gitops.yaml", """
                    version: 1
                    applications:
                      shop:
                        carries: { files: ['**'] }
                        environments:
                          dev: { folder: tf/dev }
                          prod: { folder: tf/prod, after: dev }
                    """, "tf/dev/main.tf", "x\n", "tf/prod/old.tf", "y\n"));
        String live = shop.repository
                .log("main")
                .get(shop.repository.log("main").size() - 1)
                .commit();

        shop.commit(shop.plan(live));

        assertThat(shop.files("tf/prod/").keySet()).containsExactly("tf/prod/main.tf");
    }
}
