package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Work;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclarationReaderTest {

    private static final String SHOP = """
        version: 1
        applications:
          shop:
            images:
              api: ghcr.io/acme/shop-api
              worker: ghcr.io/acme/shop-worker
            environments:
              dev:
                kustomization: envs/dev/kustomization.yaml
                argocd: { application: shop-dev }
              staging:
                after: dev
                values: { file: charts/shop/values-staging.yaml, images: { api: api.image, worker: worker.image } }
                argocd: { application: shop-staging, connection: north, namespace: teams }
              prod:
                after: [staging]
                branch: main
                values: { file: charts/shop/values-prod.yaml, images: { api: api.image, worker: worker.image } }
                argocd:
                  - application: shop-prod-eu
                  - application: shop-prod-us
                gate:
                  approvals: { required: 1, from: [release-managers] }
                  checklist: [Rollback plan documented]
        """;

    @Test
    void everyPartOfTheDeclarationIsRead() {
        Application shop = read(SHOP).application("shop");

        assertThat(shop.images())
                .containsExactly(
                        Map.entry("api", "ghcr.io/acme/shop-api"), Map.entry("worker", "ghcr.io/acme/shop-worker"));
        assertThat(shop.environments()).containsOnlyKeys("dev", "staging", "prod");
        assertThat(shop.environment("dev"))
                .isEqualTo(new Environment(
                        "dev",
                        List.of(),
                        null,
                        List.of(new ManifestFile.Kustomization("envs/dev/kustomization.yaml")),
                        List.of(new ArgoApplication("shop-dev", null, null)),
                        null));
        Environment staging = shop.environment("staging");
        assertThat(staging.after()).containsExactly("dev");
        assertThat(staging.applications()).containsExactly(new ArgoApplication("shop-staging", "north", "teams"));
        Environment prod = shop.environment("prod");
        assertThat(prod.branch()).contains("main");
        assertThat(prod.files())
                .containsExactly(new ManifestFile.HelmValues(
                        "charts/shop/values-prod.yaml", Map.of("api", "api.image", "worker", "worker.image")));
        assertThat(prod.applications())
                .extracting(ArgoApplication::name)
                .containsExactly("shop-prod-eu", "shop-prod-us");
        GateDefinition gate = prod.gate().orElseThrow();
        assertThat(gate.approvals()).containsExactly(new Approvals(1, List.of("release-managers")));
        assertThat(gate.checklist()).containsExactly("Rollback plan documented");
    }

    @Test
    void manifestsAndVersionFilesAreRead() {
        Declaration declaration = read("""
            version: 1
            applications:
              tool:
                images: { cli: acme/cli }
                environments:
                  only:
                    manifests: [k8s/a.yaml, k8s/b.yaml]
                    versions: { cli: VERSION }
            """);

        assertThat(declaration.target("tool", "only").environment().files())
                .containsExactly(
                        new ManifestFile.KubernetesManifest("k8s/a.yaml"),
                        new ManifestFile.KubernetesManifest("k8s/b.yaml"),
                        new ManifestFile.VersionFile("VERSION", "cli"));
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearestOne() {
        Declaration declaration = read(SHOP);

        assertThatThrownBy(() -> declaration.application("shpo"))
                .hasMessage("There is no application 'shpo' in gitops.yaml: did you mean 'shop'?");
        assertThatThrownBy(() -> declaration.target("shop", "stagign"))
                .hasMessage("There is no environment 'stagign' in application 'shop' in gitops.yaml: did you mean"
                        + " 'staging'?");
        assertThatThrownBy(() -> declaration.target("shop", "quality-assurance"))
                .hasMessage("There is no environment 'quality-assurance' in application 'shop' in gitops.yaml: declared"
                        + " are dev, staging, prod.");
    }

    /** Each row changes one line of the declaration above. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        version: 1 | version: 2 | gitops.yaml:1: 'version' must be 1.
        version: 1 | # none | gitops.yaml:2: 'version' is missing in the file.
        kustomization: envs/dev/kustomization.yaml | kustomisation: x.yaml | gitops.yaml:9: 'kustomisation' is not known in 'applications.shop.environments.dev': did you mean 'kustomization'?
        kustomization: envs/dev/kustomization.yaml | branch: main | gitops.yaml:8: 'applications.shop.environments.dev' names no file; give one of 'kustomization', 'values', 'manifests', 'versions', 'fields', 'terraform'.
        kustomization: envs/dev/kustomization.yaml | kustomization: ../up.yaml | gitops.yaml:9: '../up.yaml' is not a path inside the repository; write it relative to the root, with '/' and without '.' and '..'.
        kustomization: envs/dev/kustomization.yaml | kustomization: /etc/passwd | gitops.yaml:9: '/etc/passwd' is not a path inside the repository; write it relative to the root, with '/' and without '.' and '..'.
        kustomization: envs/dev/kustomization.yaml | kustomization: 5 | gitops.yaml:9: 'applications.shop.environments.dev.kustomization' must be text (quote it), not the number 5.
        after: dev | after: div | gitops.yaml:12: environment 'staging' comes after 'div', which 'shop' does not declare: did you mean 'dev'?
        after: dev | after: prod | gitops.yaml:12: environment 'staging' comes after 'prod', which comes after it again; remove one 'after' of the circle.
        api: ghcr.io/acme/shop-api | api: ghcr.io/acme/shop-api:1.2 | gitops.yaml:5: image 'api' is 'ghcr.io/acme/shop-api:1.2'; write it in lower case as registry/repository, without tag or digest.
        branch: main | branch: refs/pull/7/head | gitops.yaml:17: 'refs/pull/7/head' is not the name of a branch; write it as 'git branch' shows it, such as main, not as a ref, revision, tag or commit id.
        required: 1, | required: 0, | gitops.yaml:23: 'applications.shop.environments.prod.gate.approvals.required' must have a minimum value of 1.
        required: 1, | required: one, | gitops.yaml:23: 'applications.shop.environments.prod.gate.approvals.required' must be a whole number, not text.
        values-prod.yaml, images: { api: api.image, worker: worker.image } | values-prod.yaml, images: { apo: api.image, worker: worker.image } | gitops.yaml:18: image 'apo' is not declared: did you mean 'api'?
        values-prod.yaml, images: { api: api.image, worker: worker.image } | values-prod.yaml, images: { worker: worker.image } | gitops.yaml:15: environment 'prod' has no place for image 'api'; add it under 'values.images', 'versions' or 'fields'.
        """)
    void aViolationIsReportedWithItsLine(String correct, String wrong, String expected) {
        assertThat(SHOP).contains(correct);

        assertThatThrownBy(() -> read(SHOP.replace(correct, wrong)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void theJobsOfAnApplicationAreNamedByPatterns() {
        String some = "  shop:\n    jobs: [team-shop/**, 'platform/*/deploy']\n";

        assertThat(read(SHOP).application("shop").jobs()).isEmpty();
        assertThat(read(SHOP.replace("  shop:\n", some)).application("shop").jobs())
                .containsExactly(Glob.ofPaths("team-shop/**"), Glob.ofPaths("platform/*/deploy"));
        assertThatThrownBy(() -> read(SHOP.replace("  shop:\n", "  shop:\n    jobs: []\n")))
                .hasMessageStartingWith("gitops.yaml:4: 'applications.shop.jobs' must have at least 1 items");
    }

    @Test
    void everyViolationIsReportedAtOnce() {
        String broken = SHOP.replace("required: 1", "required: 0").replace("after: dev", "afer: dev");

        assertThatThrownBy(() -> read(broken))
                .isInstanceOfSatisfying(
                        InvalidDeclarationException.class,
                        e -> assertThat(e.violations())
                                .extracting(InvalidDeclarationException.Violation::line)
                                .containsExactly(12, 23));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        version: 1\\nversion: 1        | gitops.yaml:2:
        version: [                     | gitops.yaml:2:
        # nothing                      | gitops.yaml:1: the file is empty.
        ---\\na: 1\\n---\\nb: 1        | gitops.yaml:4: a second document begins here
        ? [a]\\n: b                    | gitops.yaml:1: a key must be a string.
        """)
    void whatIsNotYamlIsRefusedAtItsLine(String text, String expected) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n") + "\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith(expected);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] latin1 = "version: 1 # é\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> DeclarationReader.read("gitops.yaml", latin1))
                .hasMessage("gitops.yaml:1: a byte here is not UTF-8; save the file as UTF-8.");
    }

    @Test
    void aliasesThatExpandWithoutEndAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
        }

        assertThatThrownBy(() -> read(bomb.toString())).isInstanceOf(InvalidDeclarationException.class);
    }

    private static Declaration read(String yaml) {
        return DeclarationReader.read("gitops.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anAnchorInsideItselfAndDeepNestingAreRefused() {
        assertThatThrownBy(() -> read("a: &a [*a]\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessage("gitops.yaml:1: the alias *a is inside its own anchor; write the values out.");
        assertThatThrownBy(() -> read("[".repeat(100_000) + "]".repeat(100_000)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("nested deeper than 500 levels");
        StringBuilder nested = new StringBuilder("a0: &a0 x\n");
        for (int i = 1; i < 40; i++) {
            nested.append("a%d: &a%d %s*a%d%s\n".formatted(i, i, "[".repeat(400), i - 1, "]".repeat(400)));
        }
        assertThatThrownBy(() -> read(nested.toString()))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("aliases nest the file deeper than 500 levels");
    }

    @Test
    void aNameEndsBeforeItsLineDoes() {
        assertThatThrownBy(() -> read(declaration("\"shop\\n\"", "dev: {kustomization: k.yaml}")))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("'shop\\u000A' in 'applications' is not a name");
    }

    /** One file written for all environments: argocd-image-updater#871. */
    @Test
    void oneFileForTwoEnvironmentsOfWhichOneHasAGateIsRefused() {
        assertThatThrownBy(() -> read("""
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/shop-api }
                environments:
                  dev: { kustomization: apps/shop/kustomization.yaml }
                  prod:
                    after: dev
                    kustomization: apps/shop/kustomization.yaml
                    gate: { approvals: { required: 2, from: [release-managers] } }
            """))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessage(
                        "gitops.yaml:9: 'apps/shop/kustomization.yaml' holds the same image for shop/prod (line 7) and"
                                + " shop/dev (line 6), so that a bump of one would deploy to the other; give each its own"
                                + " file or branch.");
    }

    @Test
    void environmentsThatShareAPlaceAreRefusedWithBothLines() {
        assertThatThrownBy(() -> read(declaration("shop", """
            dev: { kustomization: k.yaml }
                prod:
                  after: dev
                  kustomization: k.yaml\
            """)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessage(
                        "gitops.yaml:9: 'k.yaml' holds the same image for shop/prod (line 7) and shop/dev (line 6), so"
                                + " that a bump of one would deploy to the other; give each its own file or branch.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        kustomization: k.yaml                              | manifests: k.yaml
        kustomization: [a.yaml, k.yaml]                    | kustomization: [b.yaml, k.yaml]
        values: {file: k.yaml, images: {api: image}}       | values: {file: k.yaml, images: {api: image}}
        values: {file: k.yaml, images: {api: image}}       | values: {file: k.yaml, images: {api: image.tag}}
        values: {file: k.yaml, images: {api: image.tag}}   | values: {file: k.yaml, images: {api: image}}
        values: {file: k.yaml, images: {api: image.tag}}   | values: {file: k.yaml, images: {api: image.digest}}
        values: {file: k.yaml, images: {api: 'i[0].tag'}}  | values: {file: k.yaml, images: {api: i}}
        kustomization: k.yaml                              | values: {file: k.yaml, images: {api: 'images[0]'}}
        versions: {api: k.txt}                             | versions: {api: k.txt}
        branch: main, kustomization: k.yaml                | branch: main, kustomization: k.yaml
        """)
    void placesThatOverlapAreRefused(String dev, String prod) {
        assertThatThrownBy(() -> read(declaration("shop", "dev: { %s }\n    prod: { %s }".formatted(dev, prod))))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("shop/prod (line 7) and shop/dev (line 6)");
    }

    @Test
    void theBranchOfTheDeclarationIsTheOneOfTargetsThatNameNone() {
        byte[] yaml = declaration(
                        "shop", "dev: { kustomization: k.yaml }\n    prod: { branch: main, kustomization: k.yaml }")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> DeclarationReader.read("gitops.yaml", yaml, "main"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("shop/prod (line 7) and shop/dev (line 6)");
        assertThat(DeclarationReader.read("gitops.yaml", yaml, "live").applications())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        branch: dev, kustomization: k.yaml                     | branch: main, kustomization: k.yaml
        values: {file: k.yaml, images: {api: dev.image}}       | values: {file: k.yaml, images: {api: prod.image}}
        values: {file: k.yaml, images: {api: image}}           | values: {file: k.yaml, images: {api: imageOfProd}}
        kustomization: a.yaml                                  | kustomization: b.yaml
        """)
    void placesThatDifferAreNot(String dev, String prod) {
        assertThat(read(declaration("shop", "dev: { %s }\n    prod: { %s }".formatted(dev, prod)))
                        .applications())
                .hasSize(1);
    }

    @Test
    void aLargeDeclarationIsReadInTimeThatGrowsWithItsSize() {
        StringBuilder environments = new StringBuilder("e0: {kustomization: k0.yaml}");
        for (int i = 1; i < 400; i++) {
            environments.append("\n    e%d: {kustomization: k%d.yaml, after: [e0".formatted(i, i));
            for (int j = Math.max(1, i - 100); j < i; j++) {
                environments.append(", e").append(j);
            }
            environments.append("]}");
        }
        String large = declaration("shop", environments.toString());
        assertThat(large.length()).isGreaterThan(200_000);

        Declaration declaration = Work.within(Duration.ofSeconds(10), () -> read(large));
        assertThat(declaration.application("shop").environments()).hasSize(400);
    }

    @Test
    void ofManyViolationsTheFirstAreNamedAndTheRestCounted() {
        String unknown = IntStream.range(0, 60_000)
                .mapToObj(i -> "  x%d: 1\n".formatted(i))
                .collect(Collectors.joining());
        assertThatThrownBy(() -> Work.within(
                        Duration.ofSeconds(15),
                        () -> read(declaration("shop", "dev: {kustomization: k.yaml}") + "\nother:\n" + unknown)))
                .isInstanceOf(InvalidDeclarationException.class);
        String many = IntStream.range(0, 60_000)
                .mapToObj(i -> "x%d: 1\n".formatted(i))
                .collect(Collectors.joining());
        assertThatThrownBy(() -> read(declaration("shop", "dev: {kustomization: k.yaml}") + "\n" + many))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageEndingWith("And 59980 more; correct these first.")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(5_000));
    }

    /** One application with one image; its environments begin on line 6. */
    private static String declaration(String application, String environments) {
        return """
            version: 1
            applications:
             %s:
               images: { api: ghcr.io/acme/api }
               environments:
                %s
            """.formatted(application, environments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        kustomization: a.yaml                              | kustomization: a.yaml
        manifests: a.yaml                                  | kustomization: [b.yaml, a.yaml]
        values: {file: a.yaml, images: {api: i}}           | manifests: a.yaml
        manifests: a.yaml                                  | values: {file: a.yaml, images: {api: i}}
        values: {file: a.yaml, images: {api: i}}           | values: {file: a.yaml, images: {api: i.tag}}
        values: {file: a.yaml, images: {api: i.tag}}       | values: {file: a.yaml, images: {api: i}}
        values: {file: a.yaml, images: {api: i}}           | values: {file: a.yaml, images: {api: '"i"'}}
        versions: {api: a.yaml}                            | versions: {api: a.yaml}
        """)
    void onePlaceOfTwoEnvironmentsIsRefused(String dev, String prod) {
        assertThatThrownBy(() -> read(twoEnvironments(dev, prod)))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessage("gitops.yaml:7: 'a.yaml' holds the same image for shop/prod (line 7) and shop/dev (line 6),"
                        + " so that a bump of one would deploy to the other; give each its own file or branch.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        kustomization: a.yaml                              | kustomization: A.yaml
        branch: dev, kustomization: a.yaml                 | branch: prod, kustomization: a.yaml
        values: {file: a.yaml, images: {api: dev.i}}       | values: {file: a.yaml, images: {api: prod.i}}
        values: {file: a.yaml, images: {api: 'l[0].i'}}    | values: {file: a.yaml, images: {api: 'l[1].i'}}
        """)
    void placesOfTheirOwnAreAccepted(String dev, String prod) {
        assertThat(read(twoEnvironments(dev, prod)).applications()).containsOnlyKeys("shop");
    }

    @Test
    void aPathThatIsNoneIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read(twoEnvironments("kustomization: k", "values: {file: a, images: {api: a..b}}")))
                .hasMessage("gitops.yaml:7: 'a..b' is not a path: at character 2; write for example api.image or"
                        + " containers[name=web].image.");
    }

    private static String twoEnvironments(String dev, String prod) {
        return "version: 1\napplications:\n  shop:\n    images: { api: ghcr.io/acme/api }\n    environments:\n"
                + "      dev: { " + dev + " }\n      prod: { after: dev, " + prod + " }\n";
    }
}
