package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the author of a Jenkinsfile, who may push to feature branches as well, tries in order to get a release past the gate
 * of {@code live}: none makes a commit, each ends in one sentence or waits at the gate.
 */
@Timeout(180)
class GateTricksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              eu: { kustomization: eu/kustomization.yaml }
              live:
                after: eu
                kustomization: live/kustomization.yaml
                gate:
                  approvals: { required: 2 }
                  hotfix: { approvals: { required: 2 }, skips: [source] }
        """;

    private static final String OTHER = "@sha256:" + "0".repeat(64);

    @TempDir
    private static Path folder;

    private static ShopController shop;
    private static String begin;
    private static String evil;

    @BeforeAll
    static void history() throws Exception {
        shop = new ShopController(folder);
        Path work = folder.resolve("work");
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION);
        Files.createSymbolicLink(work.resolve("link"), Path.of("live"));
        Files.createSymbolicLink(work.resolve("linked.yaml"), Path.of("live/kustomization.yaml"));
        Files.createDirectories(work.resolve("base"));
        Files.copy(work.resolve("eu/kustomization.yaml"), work.resolve("base/kustomization.yaml"));
        String bare = folder.resolve("git/config.git").toString();
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-qm", "Declare");
        TestGit.run(work, "push", "-q", bare, "HEAD:main");
        shop.healthy("eu", "1.1.0");
        TestGit.run(work, "checkout", "-qb", "evil");
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION.replaceFirst("(?s) {8}gate:.*", ""));
        Files.writeString(
                work.resolve("live/kustomization.yaml"),
                Files.readString(work.resolve("live/kustomization.yaml")).replace("1.0.0", "6.6.6"));
        TestGit.run(
                work,
                "commit",
                "-qam",
                "Evil\n\nGitOps-Application: shop\nGitOps-Environment: eu\n"
                        + "GitOps-Image: api=ghcr.io/acme/shop-api:6.6.6\nGitOps-Bump-Id: evil");
        TestGit.run(work, "push", "-q", bare, "HEAD:refs/heads/evil");
        evil = TestGit.output(work, "rev-parse", "HEAD");
        begin = shop.tip();
    }

    @AfterAll
    static void close() throws Exception {
        shop.close();
    }

    private static Arguments bump(String name, Consumer<BumpImageStep> with) {
        Supplier<GitOpsStep> step = () -> {
            BumpImageStep bump = new BumpImageStep();
            with.accept(bump);
            return bump;
        };
        return Arguments.of("bump " + name, step);
    }

    private static Arguments environments(String name, String... environments) {
        return bump(name, step -> {
            step.setApplication("shop");
            step.setEnvironments(Arrays.asList(environments));
            step.setTag("6.6.6");
        });
    }

    private static Arguments file(String file) {
        return file(file, null);
    }

    private static Arguments file(String file, String branch) {
        return bump("of the file " + file + (branch == null ? "" : " of " + branch), step -> {
            step.setFile(file);
            step.setBranch(branch);
            step.setImage("ghcr.io/acme/shop-api:6.6.6");
        });
    }

    private static Arguments promote(String name, String environment, Consumer<PromoteStep> with) {
        Supplier<GitOpsStep> step = () -> {
            PromoteStep promote = new PromoteStep("shop", environment);
            with.accept(promote);
            return promote;
        };
        return Arguments.of("promote " + name, step);
    }

    private static Arguments version(String version) {
        return promote("the version " + version, "live", step -> step.setImages(Map.of("api", version)));
    }

    private static Arguments rollback(String name, Consumer<RollbackStep> with) {
        Supplier<GitOpsStep> step = () -> {
            RollbackStep rollback = new RollbackStep("shop");
            rollback.setEnvironment("live");
            with.accept(rollback);
            return rollback;
        };
        return Arguments.of("roll back " + name, step);
    }

    static Stream<Arguments> tricks() {
        return Stream.of(
                        environments(),
                        files(),
                        Stream.of(" 6.6.6", "6.6.6\n", "1.1.0" + OTHER, "1.1.0\u0000", "latest", "", "null")
                                .map(GateTricksTest::version),
                        Stream.of("ghcr.io/evil/shop-api:1.1.0", "ghcr.io/acme/shop-api:6.6.6", "１.1.0", "1.1.0 ")
                                .map(GateTricksTest::version),
                        promotions(),
                        rollbacks())
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> environments() {
        return Stream.of(
                environments("a padded name", " live "),
                environments("a name in capitals", "LIVE"),
                environments("a name with a dotless i", "l\u0131ve"),
                environments("a name with an invisible character", "li\u200bve"),
                environments("a name with a NUL", "live\u0000"),
                environments("a name with a line end", "live\n"),
                environments("a list in a text", "eu,live"),
                environments("one that is not gated, and a padded one", "eu", "live "),
                environments("a pattern", "*"),
                environments("null in the list", "live", null),
                environments("a path", "eu/../live"));
    }

    private static Stream<Arguments> files() {
        return Stream.concat(
                Stream.of(
                                "./live/kustomization.yaml",
                                "live//kustomization.yaml",
                                "live/./kustomization.yaml",
                                "eu/../live/kustomization.yaml",
                                "/live/kustomization.yaml",
                                "LIVE/kustomization.yaml",
                                "live/Kustomization.yaml",
                                "live\\kustomization.yaml",
                                " live/kustomization.yaml ",
                                "live/kustomization.yaml\u0000",
                                "live/kustomization.yaml/",
                                "link/kustomization.yaml",
                                "linked.yaml",
                                "base/kustomization.yaml",
                                "gitops.yaml",
                                "./gitops.yaml",
                                ".git/config",
                                "live")
                        .map(GateTricksTest::file),
                Stream.of(
                                "main",
                                " main ",
                                "refs/heads/main",
                                "heads/main",
                                "origin/main",
                                "main~0",
                                "HEAD",
                                "@",
                                "Main")
                        .map(branch -> file("live/kustomization.yaml", branch)));
    }

    private static Stream<Arguments> promotions() {
        return Stream.of(
                promote("into a padded name", " live ", step -> {}),
                promote("into capitals", "Live", step -> step.setTag("1.1.0")),
                promote("from the target itself", "live", step -> step.setFrom("live")),
                promote("from nowhere", "live", step -> step.setFrom(" ")),
                promote("a commit of a feature branch", "live", step -> step.setCommit(evil)),
                promote(
                        "a commit of a feature branch, shortened",
                        "live",
                        step -> step.setCommit(evil.substring(0, 7))),
                promote("a ref", "live", step -> step.setCommit("evil")),
                promote("few digits", "live", step -> step.setCommit(begin.substring(0, 6))),
                promote("a blank hotfix", "live", step -> {
                    step.setTag("6.6.6");
                    step.setHotfix(" \u00a0\t ");
                }),
                promote("a hotfix that says who approved", "live", step -> {
                    step.setTag("6.6.6");
                    step.setHotfix("fire\n\nGitOps-Approved-By: bob\nGitOps-Approved-By: anna");
                }),
                promote("two ways at once", "live", step -> {
                    step.setTag("1.1.0");
                    step.setCommit(begin);
                }),
                promote(
                        "with approvals as trailers",
                        "live",
                        step -> step.setCommitTrailers(List.of("GitOps-Approved-By: bob"))),
                promote(
                        "with an outcome in other letters",
                        "live",
                        step -> step.setCommitTrailers(List.of("gitops-outcome: healthy"))),
                promote(
                        "with a subject of several lines",
                        "live",
                        step -> step.setCommitSubject("{subject}\n\nGitOps-Approved-By: bob")),
                promote("by an address of another branch", "live", step -> {
                    step.setRepository(shopUrl());
                    step.setBranch("evil");
                }),
                promote("by a name in capitals", "live", step -> step.setRepository("CONFIG")),
                promote(
                        "by a folder of the controller",
                        "live",
                        step -> step.setRepository(
                                folder.resolve("git/config.git").toUri().toString())));
    }

    private static String shopUrl() {
        return GitOpsConfiguration.get().getRepositories().get(0).getUrl();
    }

    private static Stream<Arguments> rollbacks() {
        return Stream.of(
                rollback("to a release of another environment", step -> step.setCommit(begin)),
                rollback("to a feature branch", step -> step.setCommit(evil)),
                rollback("to a run that never was", step -> step.setRun("1")),
                rollback("together with one that is not gated", step -> {
                    step.setEnvironment(null);
                    step.setEnvironments(List.of("eu", "live"));
                    step.setCommit(begin);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tricks")
    void noneGetsPast(String name, Supplier<GitOpsStep> step) throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("author"));
        StepExecution execution = null;
        String sentence = "";
        try {
            execution = step.get().start(context);
            execution.start();
            await().atMost(PATIENCE)
                    .until(() -> context.ended().isDone() || context.log().contains("ate opened for shop/live"));
            if (context.ended().isDone()) {
                sentence = context.ended()
                        .handle((result, failure) -> failure == null ? "" : failure.getMessage())
                        .get();
                assertThat(sentence).as("ended well").isNotEmpty();
            }
        } catch (hudson.AbortException atOnce) {
            sentence = atOnce.getMessage();
        } finally {
            if (execution != null && !context.ended().isDone()) {
                execution.stop(new InterruptedException("enough"));
            }
        }
        assertThat(sentence).doesNotContain("\n");
        assertThat(shop.tip()).isEqualTo(begin);
    }
}
