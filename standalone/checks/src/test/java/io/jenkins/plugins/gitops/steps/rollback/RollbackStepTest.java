package io.jenkins.plugins.gitops.steps.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.support.KilledController;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The step against a real Git server and an Argo CD that says what it is told to say. */
@Timeout(180)
class RollbackStepTest {

    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private RecordedStepContext context;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        context = context();
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    private static RecordedStepContext context() throws Exception {
        return new RecordedStepContext(Pipelines.run("shop"));
    }

    @Test
    void aStepThatWaitsForHealthGoesOnAfterARestart() throws Exception {
        String good = shop.healthy("prod", "1.1.0");
        String bad = shop.bump("prod", "1.2.0");
        shop.degraded(bad);
        StepExecution execution =
                rollback("prod", step -> step.setReason("errors")).start(context);
        execution.start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> context.log().contains("shop/prod: shop-prod: "));
        assertThat(PauseAction.isPaused(context.get(FlowNode.class))).isTrue();
        String back = shop.tip();
        byte[] state = StepState.write(execution);

        shop.restart();
        RecordedStepContext after = context();
        StepState.read(state, after).onResume();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> after.log().contains("was already made by an earlier attempt"));
        shop.live(back);

        Map<?, ?> result = (Map<?, ?>) after.ended().get(60, TimeUnit.SECONDS);
        assertThat(after.get(FlowNode.class).getAction(PauseAction.class))
                .as("paused until then")
                .returns(false, PauseAction::isPaused);
        assertThat(result.get("commit")).isEqualTo(back).isEqualTo(shop.tip());
        assertThat(result.get("rollsBack")).isEqualTo(bad);
        assertThat(result.get("rollbackTo")).isEqualTo(good);
        assertThat(result.get("objectiveBreached")).isEqualTo(false);
        assertThat(after.log()).containsPattern("shop/prod recovered in \\d+ s, within its objective of 30 min\\.");
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(shop.heard(PromotionEvent.Kind.ROLLED_BACK))
                    .as("told by both controllers, as the same event")
                    .hasSize(2)
                    .extracting(PromotionEvent::id)
                    .containsOnly(
                            shop.heard(PromotionEvent.Kind.ROLLED_BACK).get(0).id());
            assertThat(shop.heard(PromotionEvent.Kind.RECOVERED)).hasSize(1);
        });
    }

    @Test
    void whatWasDeployedWhileTheControllerWasDownIsNotTakenBack() throws Exception {
        shop.healthy("prod", "1.1.0");
        shop.bump("prod", "1.2.0");
        KilledController.Dying dying = new KilledController.Dying(context.get(Run.class), 2);
        StepExecution execution = rollback("prod", step -> {}).start(dying);
        dying.runs(execution);
        execution.start();
        byte[] state = dying.kept().get(60, TimeUnit.SECONDS);
        shop.restart();
        String later = shop.bump("prod", "1.3.0");

        StepState.read(state, context).onResume();

        assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage("shop/prod has changed since the rollback was decided (commit " + later.substring(0, 7)
                        + " was deployed): check what it runs now, and roll back again if that is bad too.");
        assertThat(shop.tip()).isEqualTo(later);
    }

    @Test
    void aRecoveryPastTheObjectiveIsReportedInTheLogTheResultAndTheEvent() throws Exception {
        shop.healthy("prod", "1.1.0");
        String bad = shop.bump("prod", "1.2.0");
        shop.degraded(bad);

        rollback("prod", step -> step.setTimeout("2h")).start(context).start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> context.log().contains("shop/prod: shop-prod: "));
        shop.pass(Duration.ofMinutes(31));
        shop.live(shop.tip());

        Map<?, ?> result = (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("objectiveBreached")).isEqualTo(true);
        assertThat(context.log()).contains("LATER than its objective of 30 min");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> shop.heard(PromotionEvent.Kind.RECOVERED).size() == 1);
        assertThat(shop.heard(PromotionEvent.Kind.RECOVERED).get(0).summary())
                .contains("LATER than its objective of 30 min");
    }

    @Test
    void gatesLookAgainWhenItIsCommittedAndWhenItIsLive() throws Exception {
        shop.healthy("prod", "1.1.0");
        shop.degraded(shop.bump("prod", "1.2.0"));
        AtomicInteger asked = new AtomicInteger();
        GitOpsServices.get()
                .gates()
                .open(Gates.named("gate"), Gates.definition(List.of()), List.of(counting(asked)), event -> {});
        await().atMost(60, TimeUnit.SECONDS).until(() -> asked.get() == 1);

        rollback("prod", step -> {}).start(context).start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> asked.get() == 2);
        await().atMost(60, TimeUnit.SECONDS).until(() -> context.log().contains("shop/prod: shop-prod: "));
        shop.live(shop.tip());

        context.ended().get(60, TimeUnit.SECONDS);
        await().atMost(60, TimeUnit.SECONDS).until(() -> asked.get() == 3);
    }

    private static GateCheck counting(AtomicInteger asked) {
        return GateCheck.of("counted", (gate, now) -> {
            asked.incrementAndGet();
            return CheckResult.pending("counted", "never passes", null);
        });
    }

    @Test
    void itSaysHowLongItWaitsAndForWhat() throws Exception {
        shop.healthy("prod", "1.1.0");
        shop.degraded(shop.bump("prod", "1.2.0"));

        rollback("prod", step -> {}).start(context).start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> context.log().contains("shop/prod: shop-prod: "));

        assertThat(context.log())
                .containsPattern("Waiting up to \\d+ (min|s) .*for shop/prod to run commit "
                        + shop.tip().substring(0, 7) + ": ghcr.io/acme/shop-api:1.1.0");
    }

    @Test
    void aRollbackThatIsNotHealthyInTimeSaysSo() throws Exception {
        shop.healthy("prod", "1.1.0");
        String bad = shop.bump("prod", "1.2.0");
        shop.degraded(bad);

        rollback("prod", step -> step.setTimeout("1s")).start(context).start();

        assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .hasMessageStartingWith("The rollback of shop/prod is committed ("
                        + shop.tip().substring(0, 7) + ") but was not healthy in time (shop/prod shop-prod: ")
                .hasMessageEndingWith("): check the Application in Argo CD.");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> shop.heard(PromotionEvent.Kind.SYNC_FAILED).size() == 1);
    }

    @Test
    void goesBackToACommitARunOrATime() throws Exception {
        String first = shop.healthy("eu", "1.1.0");
        String second = shop.healthy("eu", "1.2.0");
        shop.bump("eu", "1.3.0");

        Map<?, ?> toCommit = rolledBack(rollback("eu", step -> step.setCommit(first.substring(0, 10))));
        assertThat(toCommit.get("rollbackTo")).isEqualTo(first);
        shop.assertRuns("eu", "1.1.0");

        Map<?, ?> toRun = rolledBack(rollback("eu", step -> step.setRun("https://ci.example.org/job/shop-1.2.0/1")));
        assertThat(toRun.get("rollbackTo")).isEqualTo(second);
        shop.assertRuns("eu", "1.2.0");

        shop.bump("eu", "1.4.0");
        String soon = Instant.now().plusSeconds(60).toString();
        Map<?, ?> toTime = rolledBack(rollback("eu", step -> step.setBefore(soon)));
        assertThat(toTime.get("rollbackTo")).as("the last healthy one").isEqualTo(second);
        shop.assertRuns("eu", "1.2.0");
    }

    @Test
    void severalEnvironmentsGoBackEachToItsOwnEarlierRelease() throws Exception {
        shop.healthy("eu", "1.1.0");
        shop.healthy("us", "1.2.0");
        shop.bump("eu", "1.3.0");
        shop.bump("us", "1.3.0");

        Map<?, ?> result = rolledBack(rollback("eu", step -> step.setEnvironments(List.of("eu", "us", "eu"))));

        assertThat(result.keySet().stream().map(String::valueOf)).containsExactly("eu", "us");
        shop.assertRuns("eu", "1.1.0");
        shop.assertRuns("us", "1.2.0");
    }

    @Test
    void severalApplicationsOfAnEnvironmentGoBackInOneCommitAndAllOfThemAreAwaited() throws Exception {
        String good = shop.healthy("world", "1.1.0");
        String bad = shop.bump("world", "1.2.0");
        shop.degraded("shop-east", bad);
        shop.degraded("shop-west", bad);

        rollback("world", step -> {}).start(context).start();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        context.log().contains("shop-east: ") && context.log().contains("shop-west: "));
        String back = shop.tip();
        shop.live("shop-east", back);
        await().atMost(60, TimeUnit.SECONDS).until(() -> context.log().contains("shop/world: shop-west: synced to"));
        assertThat(context.ended()).isNotDone();
        shop.live("shop-west", back);

        Map<?, ?> result = (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("commit")).isEqualTo(back);
        assertThat(result.get("rollbackTo")).isEqualTo(good);
        assertThat(shop.git("rev-list", "--count", bad + "..main")).isEqualTo("1");
        shop.assertRuns("world", "1.1.0");
    }

    @Test
    void whenOneOfSeveralCannotGoBackNoneDoes() throws Exception {
        shop.healthy("eu", "1.1.0");
        shop.bump("eu", "1.2.0");
        String last = shop.bump("us", "1.2.0");

        rollback("eu", step -> step.setEnvironments(List.of("eu", "us")))
                .start(context)
                .start();

        assertRefused("No earlier healthy release of shop/us is known: name a commit to go back to (gitopsRollback"
                + " commit: '…'), or choose one in the history on the page Deployments.");
        assertThat(shop.tip()).isEqualTo(last);
    }

    @Test
    void aHoldIsLiftedOnceAndWhereThereIsNoneNothingIs() throws Exception {
        shop.healthy("eu", "1.1.0");
        shop.bump("eu", "1.2.0");
        rolledBack(rollback("eu", step -> {}));
        String notes = shop.git("rev-parse", "refs/notes/gitops");
        rollback("eu", step -> {
                    step.setEnvironments(List.of("eu", "us"));
                    step.setLift("fixed");
                })
                .start(context)
                .start();
        assertRefused("There is no hold to lift in shop/us.");
        assertThat(shop.git("rev-parse", "refs/notes/gitops")).isEqualTo(notes);

        Map<?, ?> lifted = rolledBack(rollback("eu", step -> step.setLift("fixed")));

        assertThat((List<?>) lifted.get("lifted")).hasSize(1);
        context = context();
        rollback("eu", step -> step.setLift("fixed")).start(context).start();
        assertRefused("There is no hold to lift in shop/eu.");
    }

    @Test
    void aLiftThatAKilledControllerHadBegunIsFinished() throws Exception {
        shop.healthy("eu", "1.1.0");
        shop.bump("eu", "1.2.0");
        String back = (String) rolledBack(rollback("eu", step -> {})).get("commit");
        KilledController.Dying dying = new KilledController.Dying(context.get(Run.class), 2);
        StepExecution execution = rollback("eu", step -> step.setLift("fixed")).start(dying);
        dying.runs(execution);
        execution.start();
        byte[] state = dying.kept().get(60, TimeUnit.SECONDS);
        shop.restart();

        for (int start = 0; start < 2; start++) {
            RecordedStepContext after = context();
            StepState.read(state, after).onResume();
            assertThat(((Map<?, ?>) after.ended().get(60, TimeUnit.SECONDS)).get("lifted"))
                    .isEqualTo(List.of(back));
        }
    }

    /** Between the approval and the commit another controller begins to commit a change of the same target. */
    @Test
    void whatWasApprovedWaitsAgainForAnotherControllersTurnAndIsCommittedAfterIt() throws Exception {
        String first = shop.healthy("eu", "1.1.0");
        shop.healthy("eu", "1.2.0");
        shop.bump("eu", "1.3.0");
        shop.change(
                "gitops.yaml",
                text -> text.replace(
                        "eu/kustomization.yaml\n",
                        "eu/kustomization.yaml\n        gate: { approvals: { required: 1 } }\n"));
        String before = shop.tip();
        rollback("eu", step -> step.setCommit(first)).start(context).start();
        LiveGate gate = await().atMost(60, TimeUnit.SECONDS)
                .until(() -> GitOpsServices.get().gates().all(), live -> !live.isEmpty())
                .get(0);
        await().atMost(60, TimeUnit.SECONDS).until(() -> gate.explain().endsWith("waits for approvals (0 of 1)."));
        Instant now = Instant.now();
        shop.beforeTheNextPush(
                () -> shop.another(RepositoryLocks.REF, "turns.json", """
                    { "turns": [ { "gate": "theirs", "application": "shop", "environment": "eu",
                      "run": "https://other.example.org/job/shop/3/", "at": "%s", "until": "%s" } ] }
                    """.formatted(now, now.plusSeconds(600))));

        gate.decide("click", MARY, (asked, decision) -> GateDecisions.approve(asked, decision, ""));

        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> gate.explain().contains("another controller has been committing a change of shop/eu"));
        assertThat(shop.tip()).isEqualTo(before);
        assertThat(context.ended()).isNotDone();
        assertThat(gate.gate().approvals()).as("kept").hasSize(1);

        shop.another(RepositoryLocks.REF, "turns.json", "{ \"turns\": [] }");
        // As each gate does by itself after a while.
        GitOpsServices.get().gates().lookAgain("shop");

        assertThat(((Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS)).get("rollbackTo"))
                .isEqualTo(first);
        shop.assertRuns("eu", "1.1.0");
        assertThat(shop.git("rev-list", "--count", before + "..main")).isEqualTo("1");
        assertThat(context.log()).as("tried once").doesNotContain("already made");
    }

    @Test
    void whatIsNoPointInTimeAndNoDurationIsSaidBeforeAnythingIsDone() {
        assertThatThrownBy(() ->
                        rollback("eu", step -> step.setBefore("yesterday")).start(context))
                .hasMessage("Invalid 'before': 'yesterday' is not a point in time; write for example"
                        + " 2026-03-01T12:00:00Z.");
        assertThatThrownBy(() -> rollback("eu", step -> step.setTimeout("soon")).start(context))
                .hasMessageStartingWith("Invalid 'timeout': 'soon' is not a duration");
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage(sentence);
    }

    private static Map<?, ?> rolledBack(RollbackStep step) throws Exception {
        RecordedStepContext one = context();
        step.start(one).start();
        return (Map<?, ?>) one.ended().get(60, TimeUnit.SECONDS);
    }

    private static RollbackStep rollback(String environment, Consumer<RollbackStep> more) {
        RollbackStep step = new RollbackStep("shop");
        step.setEnvironment(environment);
        more.accept(step);
        return step;
    }
}
