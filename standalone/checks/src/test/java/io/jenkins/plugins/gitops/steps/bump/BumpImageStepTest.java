package io.jenkins.plugins.gitops.steps.bump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The step against a real Git server. */
class BumpImageStepTest {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images:
              api: ghcr.io/acme/shop-api
            environments:
              dev:
                kustomization: dev/kustomization.yaml
        """;

    private static final String KUSTOMIZATION = """
        images:
          - name: ghcr.io/acme/shop-api
            newTag: 1.0.0 # by Jenkins
        """;

    @TempDir
    private Path temp;

    private GitHttpServer server;
    private RecordedStepContext context;

    @BeforeEach
    void begin() throws Exception {
        Path work = Files.createDirectories(temp.resolve("work/dev")).getParent();
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION);
        Files.writeString(work.resolve("dev/kustomization.yaml"), KUSTOMIZATION);
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        Path bare = Files.createDirectories(temp.resolve("git")).resolve("config.git");
        TestGit.run(temp, "clone", "-q", "--bare", work.toString(), bare.toString());
        TestGit.run(bare, "config", "http.receivepack", "true");
        server = new GitHttpServer(temp.resolve("git"));
        startController("home");
        context = new RecordedStepContext(Pipelines.run("shop"));
    }

    private void startController(String home) {
        new StandIn()
                .install()
                .withRootDir(temp.resolve(home).toFile())
                .withRootUrl("https://ci.example.org/")
                .withExtension(new GitOpsServices());
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", server.url("config.git"))));
    }

    @AfterEach
    void end() throws IOException {
        GitOpsServices.terminate();
        server.close();
    }

    @Test
    void aBumpIsOneCommitWhoseResultThePipelineGets() throws Exception {
        BumpImageStep step = step();
        step.setImages(Map.of("api", "1.1.0"));

        step.start(context).start();

        Map<?, ?> result = (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("commit")).isEqualTo(bare("rev-parse", "main"));
        assertThat(result.get("changed")).isEqualTo(true);
        assertThat(result.get("environment")).isEqualTo("dev");
        assertThat(result.get("images")).isEqualTo(Map.of("api", "ghcr.io/acme/shop-api:1.1.0"));
        assertThat(bare("show", "main:dev/kustomization.yaml")).contains("newTag: 1.1.0 # by Jenkins");
        assertThat(bare("log", "-1", "--format=%B", "main")).contains("GitOps-Run: https://ci.example.org/job/shop/1/");
    }

    @Test
    void aVersionGoesWithTheImagesInOneCommit() throws Exception {
        Path work = temp.resolve("work");
        Files.writeString(
                work.resolve("gitops.yaml"),
                DECLARATION
                        .replace(
                                "    images:",
                                "    versions: { redis: { chart: oci://ghcr.io/acme/charts/redis } }\n    images:")
                        .replace(
                                "kustomization: dev/kustomization.yaml",
                                "kustomization: dev/kustomization.yaml\n        fields: [{ file: Chart.yaml, path:"
                                        + " 'dependencies[name=redis].version', is: { chart: redis } }]"));
        Files.writeString(work.resolve("Chart.yaml"), "dependencies:\n- { name: redis, version: 17.1.0 }\n");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Declare redis");
        TestGit.run(work, "push", "-q", temp.resolve("git/config.git").toString(), "main");
        BumpImageStep step = step();
        step.setImages(Map.of("api", "1.1.0"));
        step.setVersions(Map.of("redis", "19.1.0"));

        step.start(context).start();

        Map<?, ?> result = (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("versions")).isEqualTo(Map.of("redis", "19.1.0"));
        assertThat(bare("show", "main:Chart.yaml")).contains("- { name: redis, version: 19.1.0 }");
        assertThat(bare("log", "-1", "--format=%B", "main"))
                .startsWith("shop: bump api to 1.1.0, redis to 19.1.0 in dev")
                .contains("GitOps-Version: redis=19.1.0");
    }

    /** Case 21: a ticket, which only the run knows, inside what the repository's server wants of every commit. */
    @Test
    void theMessageHasTheFormThatTheStepAndTheRepositoryGiveIt() throws Exception {
        ConfiguredRepository configured = new ConfiguredRepository("config", server.url("config.git"));
        configured.setCommitSubject("[skip ci] {subject}");
        configured.setCommitTrailers("Signed-off-by: Jenkins <jenkins@example.org>");
        GitOpsConfiguration.get().setRepositories(List.of(configured));
        BumpImageStep step = step();
        step.setTag("1.2.0");
        step.setCommitSubject("SHOP-42 {application}/{environment}: {images}");
        step.setCommitTrailers(List.of("Change-Id: I42"));

        step.start(context).start();

        context.ended().get(60, TimeUnit.SECONDS);
        assertThat(bare("log", "-1", "--format=%s", "main")).isEqualTo("[skip ci] SHOP-42 shop/dev: api 1.2.0");
        assertThat(bare("log", "-1", "--format=%(trailers:only)", "main"))
                .contains("Change-Id: I42", "Signed-off-by: Jenkins <jenkins@example.org>", "GitOps-Application: shop");
    }

    @Test
    void oneTagIsMeantForEveryImageOfTheApplication() throws Exception {
        BumpImageStep step = step();
        step.setTag("1.2.0");

        step.start(context).start();

        context.ended().get(60, TimeUnit.SECONDS);
        assertThat(bare("show", "main:dev/kustomization.yaml")).contains("newTag: 1.2.0");
    }

    /** The cache may be lost with the controller; then only the server's history knows what was done. */
    @ParameterizedTest
    @ValueSource(strings = {"home", "another home, without the cache"})
    void aStepThatIsTakenUpAgainAfterARestartDoesNotCommitTwice(String home) throws Exception {
        BumpImageStep step = step();
        step.setImages(Map.of("api", "1.1.0"));
        var execution = step.start(context);
        execution.start();
        context.ended().get(60, TimeUnit.SECONDS);
        TestGit.run(temp.resolve("work"), "pull", "-q", server.url("config.git"), "main");
        Files.writeString(temp.resolve("work/dev/kustomization.yaml"), KUSTOMIZATION);
        TestGit.run(temp.resolve("work"), "commit", "-qam", "Somebody else");
        TestGit.run(temp.resolve("work"), "push", "-q", server.url("config.git"), "main");
        String before = bare("rev-parse", "main");

        startController(home);
        execution.onResume();

        Awaitility.await()
                .untilAsserted(() -> assertThat(context.log()).contains("was already made by an earlier attempt"));
        assertThat(bare("rev-parse", "main")).isEqualTo(before);
    }

    @Test
    void aUserErrorIsOneSentenceAndLeavesNoCommit() throws Exception {
        String before = bare("rev-parse", "main");
        BumpImageStep step = step();
        step.setImages(Map.of("api", "latest"));

        step.start(context).start();

        assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("the tag 'latest' is mutable");
        assertThat(bare("rev-parse", "main")).isEqualTo(before);
    }

    @Test
    void withoutADeclarationFileAndImageSayWhere() throws Exception {
        BumpImageStep step = new BumpImageStep();
        step.setFile("dev/kustomization.yaml");
        step.setImage("ghcr.io/acme/shop-api:2.0.0");

        step.start(context).start();

        context.ended().get(60, TimeUnit.SECONDS);
        assertThat(bare("show", "main:dev/kustomization.yaml")).contains("newTag: 2.0.0");
    }

    /** What Groovy passes for {@code env.RELEASE_TAG} and for a GString of it where the variable is not set. */
    @Test
    void aVersionThatIsNotSetIsRefusedBeforeAnythingIsWritten() {
        Map<String, String> unset = new HashMap<>();
        unset.put("api", null);

        for (Map<String, String> images : List.of(unset, Map.of("api", "null"))) {
            BumpImageStep step = step();
            step.setImages(images);
            assertThatThrownBy(() -> step.start(context))
                    .isInstanceOf(AbortException.class)
                    .hasMessage("gitopsBumpImage has no version for the image 'api': 'images' gives null (is the"
                            + " variable set?).");
        }
        BumpImageStep tagged = step();
        tagged.setTag("null");
        assertThatThrownBy(() -> tagged.start(context)).hasMessageContaining("'tag' gives null");
        BumpImageStep places = step();
        places.setEnvironments(Arrays.asList("dev", null));
        places.setTag("1.1.0");
        assertThatThrownBy(() -> places.start(context)).hasMessageContaining("empty entry in 'environments'");
    }

    /** {@code sh(returnStdout: true)} ends with a line break. */
    @Test
    void aVersionFromACommandsOutputIsTrimmed() throws Exception {
        BumpImageStep step = step();
        step.setEnvironments(List.of(" dev\n"));
        step.setImages(Map.of("api", "1.2.3\n"));

        step.start(context).start();

        context.ended().get(60, TimeUnit.SECONDS);
        assertThat(bare("show", "main:dev/kustomization.yaml")).contains("newTag: 1.2.3");
    }

    @Test
    void aMissingParameterIsNamedWithItsRemedy() throws Exception {
        BumpImageStep step = new BumpImageStep();
        step.setApplication("shop");

        assertThatThrownBy(() -> step.start(context))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("gitopsBumpImage requires 'application' and 'environment'");
    }

    @Test
    void aStoppedStepEndsAtOnceAndIsNotHeardAgain() throws Exception {
        BumpImageStep step = step();
        step.setImages(Map.of("api", "1.1.0"));
        var execution = step.start(context);

        execution.start();
        execution.stop(new InterruptedException("stopped"));

        assertThat(context.ended()).isDone();
    }

    @Test
    void theStageViewReadsTheStepInOneLine() {
        var descriptor = new BumpImageStep.DescriptorImpl();

        assertThat(descriptor.argumentsToString(
                        Map.of("application", "shop", "environment", "dev", "images", Map.of("api", "1.1.0"))))
                .isEqualTo("shop/dev api=1.1.0");
    }

    private static BumpImageStep step() {
        BumpImageStep step = new BumpImageStep();
        step.setApplication("shop");
        step.setEnvironment("dev");
        return step;
    }

    private String bare(String... arguments) {
        return TestGit.output(temp.resolve("git/config.git"), arguments);
    }
}
