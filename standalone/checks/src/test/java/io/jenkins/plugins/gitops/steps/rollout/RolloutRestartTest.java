package io.jenkins.plugins.gitops.steps.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import io.jenkins.plugins.gitops.steps.lock.LockStep;
import io.jenkins.plugins.gitops.steps.lock.UnlockStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A paused Rollout at whose gate a controller ends, and the controller that goes on. */
@Timeout(180)
class RolloutRestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private Run<?, ?> run;
    private RecordedStepContext context;
    private StepExecution step;
    private String commit;

    /** Which step waits at the gate. */
    enum At {
        AWAIT_SYNC("resume"),
        PROMOTE("resume"),
        PROMOTE_FULL("promote-full");

        private final String action;

        At(String action) {
            this.action = action;
        }
    }

    @BeforeEach
    void deploy() throws Exception {
        shop = new ShopController(folder);
        shop.change(
                "gitops.yaml",
                before -> before.replace(
                        "live/kustomization.yaml\n",
                        "live/kustomization.yaml\n        argocd: { application: shop-live }\n"));
        commit = shop.bump("prod", "1.1.0");
        shop.suspended("shop-prod", commit);
        shop.suspended("shop-live", commit);
        pausedIn("v2");
        run = Pipelines.run("deploy");
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    private void pausedIn(String version) {
        shop.rollout(rollout(HealthState.SUSPENDED, "is paused at step 2 of 5 (pause)", version));
    }

    private void goesOn() {
        shop.rollout(rollout(HealthState.PROGRESSING, "more replicas need to be updated at step 3 of 5", "v2"));
    }

    private static ResourceState rollout(HealthState health, String message, String version) {
        return new ResourceState("Rollout", "shop", "web", health, message, Optional.empty(), Optional.of(version));
    }

    private void begin(At at) throws Exception {
        context = new RecordedStepContext(run);
        step = step(at).start(context);
        step.start();
        await().atMost(PATIENCE)
                .until(() -> gates().stream()
                        .anyMatch(gate -> gate.explanation().endsWith("waits for approvals (0 of 1).")));
    }

    private GitOpsStep step(At at) {
        if (at == At.AWAIT_SYNC) {
            AwaitSyncStep step = new AwaitSyncStep();
            step.setApplication("shop");
            step.setEnvironment("prod");
            step.setCommit(commit);
            step.setOnPaused("gate");
            return step;
        }
        RolloutStep step = new RolloutStep(at == At.PROMOTE ? "promote" : "promote-full");
        step.setApplication("shop");
        step.setEnvironment("live");
        return step;
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAIT_SYNC", "PROMOTE"})
    void whatWasDoneBeforeTheEndIsNotDoneAgain(At at) throws Exception {
        begin(at);
        byte[] before = StepState.write(step);
        approve();
        await().atMost(PATIENCE).until(() -> !shop.rolloutActions().isEmpty());
        byte[] after = at == At.AWAIT_SYNC ? before : StepState.write(step);
        goesOn();

        shop.restart();
        resume(after);

        if (at == At.AWAIT_SYNC) {
            await().atMost(PATIENCE)
                    .until(() -> context.log().contains("Rollout web has changed meanwhile and stays as it is."));
            shop.live(commit);
        }
        assertThat(context.ended()).succeedsWithin(PATIENCE);
        assertThat(shop.rolloutActions()).containsExactly("Rollout/web " + at.action);
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAIT_SYNC", "PROMOTE_FULL"})
    void anotherVersionAtTheSamePauseIsAnotherQuestion(At at) throws Exception {
        begin(at);
        pausedIn("v3");

        approve();

        if (at == At.AWAIT_SYNC) {
            await().atMost(PATIENCE)
                    .until(() -> context.log().contains("Rollout web has changed meanwhile and stays as it is."));
        } else {
            assertThatThrownBy(() -> context.ended().get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("was not promoted: it has changed meanwhile");
        }
        assertThat(shop.rolloutActions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAIT_SYNC", "PROMOTE"})
    void isDecidedAfterARestartAndHeldByALockUntilThatIsLifted(At at) throws Exception {
        begin(at);
        byte[] state = StepState.write(step);
        shop.restart();
        resume(state);
        lock();

        approve();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gate().explanation()).contains("waits for lock (locked by "));
        assertThat(shop.rolloutActions()).isEmpty();
        unlock();
        assertActedOnOnce(at);
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAIT_SYNC", "PROMOTE"})
    void whatWasDecidedIsDoneOnceByTheNextControllerUnlessALockHoldsIt(At at) throws Exception {
        begin(at);
        byte[] state = StepState.write(step);
        shop.beginNoMoreWork();
        approve();
        shop.restart();
        lock();

        resume(state);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gate().explanation()).contains("waits for lock (locked by "));
        assertThat(shop.rolloutActions()).isEmpty();
        assertThat(gate().approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
        unlock();
        assertActedOnOnce(at);
    }

    @ParameterizedTest
    @EnumSource(names = "AWAIT_SYNC")
    void aLockOfAnotherControllerThatTheGateDoesNotKnowYetHoldsItToo(At at) throws Exception {
        lock();
        String locks = shop.git("show", "refs/gitops/locks:locks.json");
        unlock();
        begin(at);
        shop.another("refs/gitops/locks", "locks.json", locks);

        approve();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gate().explanation()).contains("waits for lock (locked by "));
        assertThat(shop.rolloutActions()).isEmpty();
        unlock();
        assertActedOnOnce(at);
    }

    @Test
    void whereThereIsNoGateALockedRolloutIsNotPromoted() throws Exception {
        lock();
        RolloutStep promote = new RolloutStep("promote");
        promote.setApplication("shop");
        promote.setEnvironment("prod");

        assertThatThrownBy(() -> end(promote))
                .rootCause()
                .hasMessageContaining("shop/prod is locked by ")
                .hasMessageContaining("have it unlocked with a reason");

        RolloutStep abort = new RolloutStep("abort");
        abort.setApplication("shop");
        abort.setEnvironment("prod");
        end(abort);
        assertThat(shop.rolloutActions()).containsExactly("Rollout/web abort");
    }

    private void assertActedOnOnce(At at) throws Exception {
        await().atMost(PATIENCE).until(() -> !shop.rolloutActions().isEmpty());
        goesOn();
        if (at == At.AWAIT_SYNC) {
            shop.live(commit);
        }
        assertThat(context.ended()).succeedsWithin(PATIENCE);
        assertThat(shop.rolloutActions()).containsExactly("Rollout/web " + at.action);
        assertThat(gate().status()).isEqualTo(GateStatus.APPROVED);
    }

    private void approve() {
        live().decide("click", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, ""));
        assertThat(gate().approvals()).hasSize(1);
    }

    private void lock() throws Exception {
        LockStep lock = new LockStep("shop");
        lock.setEnvironment("*");
        lock.setReason("the database moves");
        end(lock);
    }

    private void unlock() throws Exception {
        UnlockStep unlock = new UnlockStep("shop");
        unlock.setEnvironment("*");
        unlock.setReason("it has moved");
        end(unlock);
    }

    private static Map<?, ?> end(GitOpsStep step) throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("night"));
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }

    private void resume(byte[] state) throws Exception {
        context = new RecordedStepContext(run);
        step = StepState.read(state, context);
        step.onResume();
    }

    private List<GateView> gates() {
        return GateAction.of(run).views();
    }

    private GateView gate() {
        return gates().get(0);
    }

    /** The gate of the controller that runs now. */
    private LiveGate live() {
        return await().atMost(PATIENCE)
                .until(() -> GitOpsServices.get().gates().find(gate().id()), Optional::isPresent)
                .orElseThrow();
    }
}
