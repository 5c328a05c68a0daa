package io.jenkins.plugins.gitops.steps.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.standalone.BodyStandIn;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepContextStandIn;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.status.StatusStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a plan: applied by the block of {@code gitopsTerraformApply} in {@code eu}, which has no gate, or behind the gate
 * of {@code live}. One controller serves all, so each test begins by saying that nothing is drifted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class AppliedPlanTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));
    private static final String SOURCE = "0123456789abcdef0123456789abcdef01234567";

    private ShopController shop;
    private Path workspace;
    private int runs;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        shop = new ShopController(folder);
        workspace = Files.createDirectory(folder.resolve("workspace"));
    }

    @AfterAll
    void close() throws Exception {
        shop.close();
    }

    @BeforeEach
    void plan() throws IOException {
        copy("replace");
    }

    /** A step and what it has: its body is begun when it may apply the plan. */
    private record Begun(
            Run<?, ?> run,
            StepContextStandIn context,
            StepExecution execution,
            CompletableFuture<BodyStandIn> body,
            ByteArrayOutputStream log) {

        Map<?, ?> result() throws Exception {
            return (Map<?, ?>) context.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        BodyStandIn begins() throws Exception {
            CompletableFuture.anyOf(body, context.ended()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return body.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private Begun begin(String environment) throws Exception {
        return begin("shop", environment, SOURCE, new TerraformApplyStep("plan.json"));
    }

    private Begun begin(String application, String environment, String source, TerraformStep step) throws Exception {
        Run<?, ?> run = Pipelines.run("platform-" + ++runs);
        CompletableFuture<BodyStandIn> body = new CompletableFuture<>();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        step.setApplication(application);
        step.setEnvironment(environment);
        StepContextStandIn context = context(run, log, source);
        if (step instanceof TerraformApplyStep) {
            context.withBody(body::complete);
        }
        StepExecution execution = step.start(context);
        execution.start();
        return new Begun(run, context, execution, body, log);
    }

    private StepContextStandIn context(Run<?, ?> run, ByteArrayOutputStream log) {
        return context(run, log, SOURCE);
    }

    private StepContextStandIn context(Run<?, ?> run, ByteArrayOutputStream log, String source) {
        PrintStream stream = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = () -> stream;
        EnvVars environment = new EnvVars();
        environment.put("GIT_COMMIT", source);
        return new StepContextStandIn(List.of(
                run,
                run.getParent(),
                listener,
                environment,
                StepContextStandIn.node(),
                new FilePath(workspace.toFile())));
    }

    @Test
    void aBlockThatSucceedsIsRecordedAsAppliedAndNotBefore() throws Exception {
        String tip = shop.tip();
        Begun step = begin("eu");
        BodyStandIn body = step.begins();
        assertThat(notesOf(step.run())).isEmpty();

        body.succeeds(null);

        assertThat(step.result().get("applied")).isEqualTo(true);
        assertThat(notesOf(step.run()))
                .contains("GitOps-Infrastructure: applied")
                .contains("GitOps-Plan: sha256:" + step.result().get("jsonSha256"))
                .contains("GitOps-Plan-Changes: replaced=1")
                .contains("GitOps-Source-Commit: " + SOURCE)
                .contains("GitOps-Deployment: " + SOURCE);
        assertThat(shop.tip()).as("no branch moves").isEqualTo(tip);
        Map<?, ?> infrastructure = (Map<?, ?>) status("eu").get("infrastructure");
        assertThat(infrastructure.get("kind")).isEqualTo("infrastructure");
        assertThat(infrastructure.get("outcome")).isEqualTo("applied");
        assertThat(infrastructure.get("summary")).isEqualTo("1 replaced");
        assertThat(infrastructure.get("sourceCommit")).isEqualTo(SOURCE);
        assertThat(status("eu").containsKey("commit")).as("no deployment").isFalse();
    }

    @Test
    void aBlockThatFailsOrIsStoppedIsRecordedAsFailed() throws Exception {
        AbortException own = new AbortException("script returned exit code 1");
        Begun failed = begin("eu");
        failed.begins().fails(own);
        assertThatThrownBy(failed::result)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(own);
        assertThat(notesOf(failed.run()))
                .contains("GitOps-Infrastructure: failed")
                .doesNotContain("applied", "exit code");

        Begun stopped = begin("eu");
        stopped.begins().fails(new FlowInterruptedException(hudson.model.Result.ABORTED, true));
        assertThatThrownBy(stopped::result).isInstanceOf(ExecutionException.class);
        assertThat(notesOf(stopped.run())).contains("GitOps-Infrastructure: failed");
        assertThat(((Map<?, ?>) status("eu").get("infrastructure")).get("outcome"))
                .isEqualTo("failed");
    }

    @Test
    void aStepThatIsStoppedWithItsBlockIsRecordedAsFailedOnce() throws Exception {
        Begun step = begin("eu");
        BodyStandIn body = step.begins();
        FlowInterruptedException stop = new FlowInterruptedException(hudson.model.Result.ABORTED, true);

        step.execution().stop(stop);
        body.fails(stop);

        await().atMost(PATIENCE).until(() -> !notesOf(step.run()).isEmpty());
        assertThat(notesOf(step.run())).containsOnlyOnce("GitOps-Infrastructure: failed");
    }

    @Test
    void aPlanThatChangesNothingRunsNoBlockAndIsNotRecorded() throws Exception {
        copy("empty");
        Begun step = begin("us");

        assertThat(step.result().get("changed")).isEqualTo(false);
        assertThat(step.body()).isNotDone();
        assertThat(notesOf(step.run())).isEmpty();
    }

    @Test
    void driftIsRecordedOnceAndEndsWithAPlanWithoutChanges() throws Exception {
        Begun first = drift("update");
        assertThat(first.result().get("drift")).isEqualTo(true);
        assertThat(notesOf(first.run())).contains("GitOps-Infrastructure: drifted", "GitOps-Plan-Changes: updated=1");
        assertThat(notesOf(drift("update").run())).as("the same again").isEmpty();
        assertThat(notesOf(drift("create").run())).contains("GitOps-Plan-Changes: added=1");
        Map<?, ?> drifted = (Map<?, ?>) status("world").get("infrastructure");
        assertThat(drifted.get("drift")).isEqualTo("1 added");
        assertThat(drifted.containsKey("driftedSince")).isTrue();

        Begun last = drift("empty");

        assertThat(last.result().get("drift")).isEqualTo(false);
        assertThat(notesOf(last.run())).contains("GitOps-Infrastructure: unchanged");
        assertThat(status("world").containsKey("infrastructure")).isFalse();
        assertThat(notesOf(drift("empty").run())).isEmpty();
    }

    @Test
    void driftGoesThroughNoGate() throws Exception {
        Begun step = begin("shop", "live", SOURCE, looking());
        assertThat(step.result().get("drift")).isEqualTo(true);
        assertThat(GateAction.of(step.run()).views()).isEmpty();
    }

    @Test
    void applyingTakesABlockAndPlanningNone() throws Exception {
        assertThat(new TerraformApplyStep.DescriptorImpl().takesImplicitBlockArgument())
                .isTrue();
        assertThat(new TerraformPlanStep.DescriptorImpl().takesImplicitBlockArgument())
                .isFalse();
        StepContextStandIn context = context(Pipelines.run("no-block"), new ByteArrayOutputStream());
        assertThatThrownBy(() -> new TerraformApplyStep("plan.json").start(context))
                .hasMessage("gitopsTerraformApply requires a block with the steps that apply the plan:"
                        + " gitopsTerraformApply(…) { … }.");
    }

    @Test
    void infrastructureGoesBackByARevertAndTheGateOfTheNextPlanSaysSo() throws Exception {
        String platform = """
              platform:
                environments:
                  prod: { terraform: infra }
            """;
        shop.change("gitops.yaml", text -> text + platform);
        String good = shop.change("infra/main.tf", text -> "nodes = 2\n");
        apply("platform", "prod", good);
        String bad = shop.change("infra/main.tf", text -> "nodes = 9\n");
        apply("platform", "prod", bad);

        RollbackStep step = new RollbackStep("platform");
        step.setEnvironment("prod");
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("rollback"));
        step.start(context).start();
        Map<?, ?> reverted = (Map<?, ?>) context.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(reverted.get("rollsBack")).isEqualTo(bad);
        assertThat(reverted.get("rollbackTo")).isEqualTo(good);
        assertThat(reverted.get("files")).isEqualTo(List.of("infra/main.tf"));
        assertThat(reverted.get("commit")).isEqualTo(shop.tip());
        assertThat(shop.git("show", "main:infra/main.tf")).isEqualTo("nodes = 2");
        assertThat(context.log()).contains("the infrastructure of platform/prod goes back to " + good.substring(0, 7));
        shop.change("gitops.yaml", text -> text.replace("infra }", "infra, gate: { approvals: { required: 1 } } }"));
        Begun next = begin("platform", "prod", (String) reverted.get("commit"), new TerraformApplyStep("plan.json"));
        assertThat(gate(next.run()).gate().subject().toString())
                .contains("1 to replace, back to " + good.substring(0, 7));
        next.execution().stop(new FlowInterruptedException(hudson.model.Result.ABORTED, true));
    }

    private void apply(String application, String environment, String source) throws Exception {
        Begun step = begin(application, environment, source, new TerraformApplyStep("plan.json"));
        step.begins().succeeds(null);
        step.result();
    }

    @Test
    void restartAtTheGateThenInTheBlockThenAfterItRecordsOnceWhoApproved() throws Exception {
        Begun step = begin("live");
        LiveGate open = gate(step.run());
        assertThat(open.explain()).contains("waits for approvals (0 of 1)");

        Begun atGate = restarted(step, step.execution());
        gate(atGate.run()).decide("click", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, "ok"));
        BodyStandIn body = atGate.begins();
        assertThat(notesOf(step.run())).isEmpty();
        byte[] state = StepState.write(
                new ArrayList<>(List.of(atGate.execution(), body.callbacks().get(0))));

        shop.restart();
        StepContextStandIn context = context(step.run(), step.log());
        List<?> inBlock = (List<?>) StepState.readAny(state, context);
        ((StepExecution) inBlock.get(0)).onResume();
        shop.beginNoMoreWork();
        ((BodyExecutionCallback) inBlock.get(1)).onSuccess(context, null);
        assertThat(notesOf(step.run())).isEmpty();

        Begun after = restarted(step, (StepExecution) inBlock.get(0));

        assertThat(after.result().get("applied")).isEqualTo(true);
        assertThat(after.body()).as("the block is not begun twice").isNotDone();
        assertThat(notesOf(step.run()))
                .contains("GitOps-Infrastructure: applied", "GitOps-Approved-By: mary")
                .containsOnlyOnce("GitOps-Infrastructure");
    }

    @Test
    void whatWasApprovedBeforeARestartIsCheckedAgainAndItsFilesToo() throws Exception {
        Begun step = begin("live");
        LiveGate open = gate(step.run());
        shop.beginNoMoreWork();
        open.decide("click", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, "ok"));
        copy("destroy");

        Begun after = restarted(step, step.execution());

        assertThatThrownBy(after::result)
                .cause()
                .hasMessageContaining("the files of the plan have changed since it was approved");
        assertThat(after.body()).isNotDone();
        assertThat(notesOf(step.run())).isEmpty();
    }

    private Begun restarted(Begun step, StepExecution execution) throws Exception {
        byte[] state = StepState.write(execution);
        shop.restart();
        StepContextStandIn context = context(step.run(), step.log());
        CompletableFuture<BodyStandIn> body = new CompletableFuture<>();
        context.withBody(body::complete);
        StepExecution again = StepState.read(state, context);
        again.onResume();
        return new Begun(step.run(), context, again, body, step.log());
    }

    /** Once its requirements were checked. */
    private static LiveGate gate(Run<?, ?> run) {
        return await().atMost(PATIENCE)
                .until(
                        () -> GateAction.of(run).views().stream()
                                .map(GateView::id)
                                .flatMap(id -> GitOpsServices.get().gates().find(id).stream())
                                .filter(gate -> gate.explain().endsWith("waits for approvals (0 of 1)."))
                                .findFirst()
                                .orElse(null),
                        Objects::nonNull);
    }

    private static TerraformPlanStep looking() {
        TerraformPlanStep step = new TerraformPlanStep("plan.json");
        step.setDrift(true);
        return step;
    }

    private Begun drift(String fixture) throws Exception {
        copy(fixture);
        Begun step = begin("shop", "world", SOURCE, looking());
        step.result();
        return step;
    }

    private Map<?, ?> status(String environment) throws Exception {
        StatusStep step = new StatusStep("shop");
        step.setEnvironment(environment);
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("status"));
        step.start(context).start();
        Map<?, ?> all = (Map<?, ?>) context.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return (Map<?, ?>) ((Map<?, ?>) all.get("environments")).get(environment);
    }

    /** What the notes say that a run has made. */
    private String notesOf(Run<?, ?> run) {
        if (shop.git("for-each-ref", "refs/notes/gitops").isEmpty()) {
            return "";
        }
        return shop.git(
                "log",
                "--format=%B",
                "--fixed-strings",
                "--grep=/job/" + run.getParent().getName() + "/",
                "refs/notes/gitops");
    }

    private void copy(String fixture) throws IOException {
        try (InputStream plan = AppliedPlanTest.class.getResourceAsStream(
                "/io/jenkins/plugins/gitops/engine/terraform/" + fixture + ".json")) {
            Files.copy(
                    Objects.requireNonNull(plan), workspace.resolve("plan.json"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
