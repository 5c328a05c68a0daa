package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to change an environment, by whom and from where: a commit where the rules allow it, a gate where they want
 * one, and otherwise one sentence and no commit. {@code git} says which it was. {@code live} has a gate and a hotfix part,
 * {@code prod} has a gate and nothing before it, {@code eu} and {@code us} have none, nor has {@code part}, which
 * {@code live} is built from.
 */
@Timeout(180)
class GateBindsEverybodyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String OPEN = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              eu: { kustomization: eu/kustomization.yaml }
              us: { after: eu, kustomization: us/kustomization.yaml }
              part: { after: eu, kustomization: part/kustomization.yaml }
              prod: { kustomization: prod/kustomization.yaml }
              live: { after: eu, kustomization: live/kustomization.yaml }
        """;

    private static final String GATED = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              eu: { kustomization: eu/kustomization.yaml }
              us: { after: eu, kustomization: us/kustomization.yaml }
              part: { after: eu, kustomization: part/kustomization.yaml }
              prod:
                kustomization: prod/kustomization.yaml
                gate: { approvals: { required: 1 } }
              live:
                after: eu
                kustomization: live/kustomization.yaml
                gate:
                  approvals: { required: 2 }
                  hotfix:
                    approvals: { required: 1, from: [otto] }
                    skips: [source]
                    review: 24h
        """;

    private static final Map<String, Set<Permission>> PEOPLE = Map.of(
            "builder", Set.of(GitOpsPermissions.VIEW, GitOpsPermissions.PROMOTE, GitOpsPermissions.ROLLBACK),
            "approver", Set.of(GitOpsPermissions.VIEW, GitOpsPermissions.APPROVE));

    @TempDir
    private static Path folder;

    private static ShopController shop;
    private static Run<?, ?> run;
    private static String begin;
    private static String notes;
    private static String euOnce;
    private static String euBad;
    private static String liveOnce;
    private static String liveHeld;

    /** What a row must come to. */
    private enum End {
        COMMIT,
        GATE,
        REFUSED
    }

    @BeforeAll
    static void history() throws Exception {
        shop = new ShopController(folder);
        Path work = folder.resolve("work");
        Files.createDirectories(work.resolve("part"));
        Files.copy(work.resolve("us/kustomization.yaml"), work.resolve("part/kustomization.yaml"));
        Files.createDirectories(work.resolve("middle"));
        Files.writeString(work.resolve("middle/kustomization.yaml"), "resources: [../part]\n");
        Files.writeString(
                work.resolve("live/kustomization.yaml"), "components: [../middle]\n", StandardOpenOption.APPEND);
        TestGit.run(work, "add", ".");
        declare(OPEN);
        String first = shop.tip();
        euOnce = shop.healthy("eu", "1.1.0");
        shop.healthy("eu", "1.2.0");
        euBad = shop.bump("eu", "1.3.0");
        shop.healthy("eu", "1.4.0");
        shop.healthy("part", "1.1.0");
        shop.healthy("part", "1.2.0");
        liveOnce = shop.healthy("live", "1.0.1");
        shop.healthy("live", "1.0.2");
        liveHeld = shop.healthy("live", "1.0.3");
        RecordedStepContext back = new RecordedStepContext(Pipelines.run("back"));
        rollback("live", step -> {}).get().start(back).start();
        back.ended().get(60, TimeUnit.SECONDS);
        shop.healthy("live", "1.0.4");
        declare(GATED);
        begin = shop.tip();
        notes = shop.git("rev-parse", "refs/notes/gitops");
        assertThat(first).isNotEqualTo(begin);
        StandIn.current()
                .withAccess((who, permission, where) -> who.equals(ACL.SYSTEM2)
                        || who.getName().equals("administrator")
                        || permission.equals(Jenkins.READ)
                        || PEOPLE.getOrDefault(who.getName(), Set.of()).contains(permission));
        run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
    }

    @AfterAll
    static void close() throws Exception {
        shop.close();
    }

    @BeforeEach
    void asItBegan() {
        shop.git("update-ref", "refs/heads/main", begin);
        shop.git("update-ref", "refs/notes/gitops", notes);
    }

    private static void declare(String declaration) throws Exception {
        Path work = folder.resolve("work");
        String bare = folder.resolve("git/config.git").toString();
        TestGit.run(work, "pull", "-q", bare, "main");
        Files.writeString(work.resolve("gitops.yaml"), declaration);
        TestGit.run(work, "commit", "-qam", "Declare");
        TestGit.run(work, "push", "-q", bare, "HEAD:main", "HEAD:refs/heads/evil", "HEAD:refs/pull/7/head");
    }

    private static Supplier<GitOpsStep> bump(Consumer<BumpImageStep> with) {
        return () -> {
            BumpImageStep step = new BumpImageStep();
            with.accept(step);
            return step;
        };
    }

    private static Supplier<GitOpsStep> bump(String tag, String... environments) {
        return bump(step -> {
            step.setApplication("shop");
            step.setEnvironments(List.of(environments));
            step.setTag(tag);
        });
    }

    private static Supplier<GitOpsStep> file(String file, Consumer<BumpImageStep> with) {
        return bump(step -> {
            step.setFile(file);
            step.setImage("ghcr.io/acme/shop-api:6.6.6");
            with.accept(step);
        });
    }

    private static Supplier<GitOpsStep> promote(String environment, Consumer<PromoteStep> with) {
        return () -> {
            PromoteStep step = new PromoteStep("shop", environment);
            with.accept(step);
            return step;
        };
    }

    private static Supplier<GitOpsStep> version(String environment, String version) {
        return promote(environment, step -> step.setImages(Map.of("api", version)));
    }

    private static Supplier<GitOpsStep> hotfix(String environment, String version) {
        return promote(environment, step -> {
            step.setTag(version);
            step.setHotfix("the shop is down");
        });
    }

    private static Supplier<GitOpsStep> rollback(String environment, Consumer<RollbackStep> with) {
        return () -> {
            RollbackStep step = new RollbackStep("shop");
            step.setEnvironment(environment);
            with.accept(step);
            return step;
        };
    }

    private static Arguments row(String name, Supplier<GitOpsStep> step, End end, String sentence) {
        return Arguments.of(name, step, end, sentence);
    }

    static Stream<Arguments> steps() {
        String noBump = "The gate of shop/live does not allow a bump";
        String unproven = "takes only what was live and healthy in eu, and api ";
        String included = "part/kustomization.yaml is included by live/kustomization.yaml of shop/live";
        return Stream.of(
                row("bump what live includes", bump("2.0.0", "part"), End.REFUSED, included),
                row("bump it with others", bump("2.0.0", "eu", "part"), End.REFUSED, included),
                row("bump its file", file("part/kustomization.yaml", step -> {}), End.REFUSED, included),
                row("promote into it", promote("part", step -> {}), End.REFUSED, included),
                row("promote a version into it", version("part", "1.1.0"), End.REFUSED, included),
                row("hotfix it", hotfix("part", "6.6.6"), End.REFUSED, included),
                row("roll it back", rollback("part", step -> {}), End.REFUSED, included),
                row("bump past the gate", bump("2.0.0", "live"), End.REFUSED, noBump),
                row("bump several, one gated", bump("2.0.0", "eu", "live"), End.REFUSED, noBump),
                row("bump the gated file", file("live/kustomization.yaml", step -> {}), End.REFUSED, noBump),
                row(
                        "bump the gated file of a named branch",
                        file("live/kustomization.yaml", step -> step.setBranch("main")),
                        End.REFUSED,
                        noBump),
                row(
                        "bump the declaration",
                        file("gitops.yaml", step -> step.setKey("applications.shop.images.api")),
                        End.REFUSED,
                        "gitops.yaml"),
                row("bump without gate", bump("2.0.0", "eu"), End.COMMIT, ""),
                row("promote what is live", promote("live", step -> {}), End.GATE, ""),
                row("promote what is live, no gate", promote("us", step -> {}), End.COMMIT, ""),
                row("a version that was healthy", version("live", "1.1.0"), End.GATE, ""),
                row("a version that was healthy, no gate", version("us", "1.1.0"), End.COMMIT, ""),
                row("a tag that was healthy", promote("live", step -> step.setTag("1.2.0")), End.GATE, ""),
                row("a deployment that was healthy", promote("live", step -> step.setCommit(euOnce)), End.GATE, ""),
                row("a version nobody deployed", version("live", "6.6.6"), End.REFUSED, unproven),
                row("a version nobody deployed, no gate", version("us", "6.6.6"), End.REFUSED, unproven),
                row("a version that was not healthy", version("live", "1.3.0"), End.REFUSED, "not seen healthy there"),
                row(
                        "a deployment that was not healthy",
                        promote("live", step -> step.setCommit(euBad)),
                        End.REFUSED,
                        "not seen healthy there"),
                row("a version where nothing comes before", version("prod", "6.6.6"), End.GATE, ""),
                row("a version where nothing comes before, no gate", version("eu", "6.6.6"), End.COMMIT, ""),
                row("a hotfix", hotfix("live", "6.6.6"), End.GATE, ""),
                row(
                        "a hotfix where the gate takes none",
                        hotfix("prod", "6.6.6"),
                        End.REFUSED,
                        "does not allow a hotfix"),
                row("a hotfix without gate", hotfix("us", "6.6.6"), End.COMMIT, ""),
                row("the last healthy release", rollback("live", step -> {}), End.COMMIT, ""),
                row("an earlier healthy release", rollback("live", step -> step.setCommit(liveOnce)), End.GATE, ""),
                row("a held release", rollback("live", step -> step.setCommit(liveHeld)), End.GATE, ""),
                row("what never ran", rollback("live", step -> step.setCommit(euOnce)), End.GATE, ""),
                row("an earlier healthy one, no gate", rollback("eu", step -> step.setCommit(euOnce)), End.COMMIT, ""),
                row(
                        "what was not healthy, no gate",
                        rollback("eu", step -> step.setCommit(euBad)),
                        End.REFUSED,
                        "it was never seen live and healthy there"),
                row("another branch", promote("live", step -> step.setBranch("evil")), End.REFUSED, "branch"),
                row(
                        "a pull request",
                        promote("live", step -> step.setBranch("refs/pull/7/head")),
                        End.REFUSED,
                        "branch"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void aPipelineOfAnyAuthor(String name, Supplier<GitOpsStep> step, End end, String sentence) throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("author"));
        StepExecution execution = null;
        try {
            execution = step.get().start(context);
            execution.start();
            switch (end) {
                case GATE -> await().atMost(PATIENCE).until(() -> context.log().contains("ate opened for shop/"));
                case COMMIT -> context.ended().get(60, TimeUnit.SECONDS);
                case REFUSED ->
                    assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .hasMessageContaining(sentence)
                            .hasMessageMatching("[^\n]+\\.");
            }
        } catch (hudson.AbortException atOnce) {
            assertThat(end).isEqualTo(End.REFUSED);
            assertThat(atOnce).hasMessageContaining(sentence);
        }
        assertCommits(end == End.COMMIT ? 1 : 0);
        if (end == End.GATE) {
            execution.stop(new InterruptedException("enough"));
        }
    }

    @Test
    void aHotfixWithoutGateIsRecorded() throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("author"));

        hotfix("us", "6.6.6").get().start(context).start();
        context.ended().get(60, TimeUnit.SECONDS);

        assertThat(shop.git("log", "-1", "--format=%B", "main"))
                .startsWith("shop: hotfix api to 6.6.6 in us")
                .contains("GitOps-Hotfix: the shop is down");
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                Arguments.of("builder", "promote", "live", "", End.GATE),
                Arguments.of("builder", "promote", "us", "", End.COMMIT),
                Arguments.of("builder", "rollback", "live", "", End.COMMIT),
                Arguments.of("builder", "rollback", "live", "once", End.GATE),
                Arguments.of("builder", "rollback", "live", "held", End.GATE),
                Arguments.of("approver", "promote", "live", "", End.REFUSED),
                Arguments.of("approver", "rollback", "live", "", End.REFUSED),
                Arguments.of("administrator", "promote", "live", "", End.GATE),
                Arguments.of("administrator", "rollback", "live", "once", End.COMMIT),
                Arguments.of("administrator", "rollback", "live", "held", End.COMMIT));
    }

    @ParameterizedTest(name = "{0}: {1} {2} {3}")
    @MethodSource("orders")
    void aRequestOfAPageOrAScript(String who, String verb, String environment, String to, End end) {
        String commit = Map.of("once", liveOnce, "held", liveHeld).getOrDefault(to, "");
        RepositoryChoice choice = new RepositoryChoice("config", null, null);
        String application = DeploymentSource.of(run.getParent(), choice).idOf("shop");
        String click = UUID.randomUUID().toString();
        ACLContext context = ACL.as2(StandIn.user(who, List.of()));
        try {
            JobDeploymentsApi api = new JobDeployments(run.getParent()).getV1();
            if (end == End.REFUSED) {
                assertThatThrownBy(() -> order(api, verb, application, environment, commit, click))
                        .hasMessageContaining(who);
            } else {
                order(api, verb, application, environment, commit, click);
            }
        } finally {
            context.close();
        }
        if (end != End.REFUSED) {
            await().atMost(PATIENCE)
                    .until(() -> Orders.get().of(Set.of(application)).get(0).state() != Order.State.WORKING);
            assertThat(Orders.get().of(Set.of(application)).get(0).state())
                    .isEqualTo(end == End.COMMIT ? Order.State.DONE : Order.State.WAITING);
        }
        assertCommits(end == End.COMMIT ? 1 : 0);
        if (end == End.COMMIT && !to.isEmpty()) {
            assertThat(shop.git("log", "-1", "--format=%B", "main"))
                    .contains("GitOps-Override: administrator: because [skipped gate]");
        }
    }

    private static void order(
            JobDeploymentsApi api, String verb, String application, String environment, String commit, String click) {
        if (verb.equals("promote")) {
            api.doPromote(application, environment, "", "because", click);
        } else {
            api.doRollback(application, environment, commit, "because", click);
        }
    }

    private static void assertCommits(int made) {
        assertThat(shop.git("rev-list", "--count", begin + "..main").strip()).isEqualTo(String.valueOf(made));
    }
}
