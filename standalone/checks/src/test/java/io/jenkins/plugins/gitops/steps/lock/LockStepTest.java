package io.jenkins.plugins.gitops.steps.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gitopsLock and gitopsUnlock against a real Git server. */
@Timeout(180)
class LockStepTest {

    private static final String REF = "refs/gitops/locks";

    @TempDir
    private Path folder;

    private ShopController shop;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        StandIn.current()
                .withUser(StandIn.user("dora", List.of()))
                .withUser(StandIn.user("eve", List.of()))
                .withAccess((who, permission, where) ->
                        permission != GitOpsPermissions.LOCK || who.getName().equals("dora"));
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    @Test
    void aLockedEnvironmentTakesNoBumpUntilItIsUnlocked() throws Exception {
        Map<?, ?> locked = run(startedBy("dora"), lock("shop", "eu", step -> {}));

        assertThat(locked.keySet()).isEqualTo(Set.of("lock"));
        assertThatThrownBy(() -> shop.bump("eu", "1.1.0"))
                .hasRootCauseInstanceOf(AbortException.class)
                .rootCause()
                .hasMessage("shop/eu is locked by dora: the database moves; wait, or have it unlocked with a reason"
                        + " (gitopsUnlock, or Unlock on the page Deployments).");
        shop.assertRuns("eu", "1.0.0");

        Map<?, ?> lifted = run(startedBy("dora"), unlock("shop", "eu"));

        assertThat(lifted.get("lifted")).isEqualTo(List.of(locked.get("lock")));
        shop.bump("eu", "1.1.0");
        shop.assertRuns("eu", "1.1.0");
        assertThat(shop.git("log", "--format=%s", REF)).isEqualTo("""
            Unlock shop/eu by dora
            Lock shop/eu by dora\
            """);
    }

    @Test
    void everyJobMayStopButNotGoOn() throws Exception {
        run(startedBy("eve"), lock("*", "*", step -> step.setUntil("4h")));

        assertThatThrownBy(() -> shop.bump("us", "1.1.0")).rootCause().hasMessageContaining("locked by eve");
        for (Run<?, ?> run : List.of(startedBy("eve"), byTimer(), startedBy(null), startedBy("nobody"))) {
            assertThatThrownBy(() -> run(run, unlock("*", "*")))
                    .rootCause()
                    .hasMessage("This run may not unlock */*, which its job has not locked: start it by hand as a user"
                            + " with the permission GitOps/Lock on the job, or unlock on the page Deployments.");
        }
        assertThat(shop.git("rev-list", "--count", REF)).isEqualTo("1");
    }

    @Test
    void aJobLiftsWhatItHasLockedWithoutAnybody() throws Exception {
        run(byTimer(), lock("shop", "*", step -> {}));
        assertThat(shop.git("show", REF + ":locks.json")).contains("\"by\" : \"https://ci.example.org/job/night/1/\"");

        assertThatThrownBy(() -> run(Pipelines.run("other"), unlock("shop", "*")))
                .rootCause()
                .hasMessageStartingWith("This run may not unlock shop/*");
        run(byTimer(), unlock("shop", "*"));

        shop.bump("eu", "1.1.0");
    }

    @Test
    void theLockEndsByItself() throws Exception {
        run(startedBy("dora"), lock("shop", "eu", step -> step.setUntil("4h")));
        shop.pass(Duration.ofHours(4));

        shop.bump("eu", "1.1.0");

        shop.assertRuns("eu", "1.1.0");
    }

    @Test
    void aLockThatWouldLockNothingIsRefused() {
        assertThatThrownBy(() -> run(startedBy("dora"), lock("shop", "ue", step -> {})))
                .rootCause()
                .hasMessage("A lock on shop/ue would lock nothing: gitops.yaml declares the applications shop; correct"
                        + " 'application' or 'environment'.");
        assertThatThrownBy(() -> run(startedBy("dora"), unlock("shop", "eu")))
                .rootCause()
                .hasMessage("There is no lock on shop/eu: nothing changed.");
    }

    @Test
    void whatElseLocksATargetIsSaid() throws Exception {
        run(startedBy("dora"), lock("*", "eu", step -> {}));

        assertThatThrownBy(() -> run(startedBy("dora"), unlock("shop", "eu")))
                .rootCause()
                .hasMessage(
                        "There is no lock on shop/eu, but */eu is locked by dora: the database moves: unlock that.");
    }

    @Test
    void aStepThatIsRepeatedAfterARestartLocksOnce() throws Exception {
        RecordedStepContext context = new RecordedStepContext(startedBy("dora"));
        StepExecution execution = lock("shop", "eu", step -> {}).start(context);
        byte[] state = StepState.write(execution);
        execution.start();
        context.ended().get(60, TimeUnit.SECONDS);

        RecordedStepContext after = new RecordedStepContext(startedBy("dora"));
        StepState.read(state, after).onResume();
        after.ended().get(60, TimeUnit.SECONDS);

        assertThat(shop.git("rev-list", "--count", REF)).isEqualTo("1");
    }

    @Test
    void whatIsMissingOrNoTimeIsSaid() {
        assertThatThrownBy(() -> new LockStep("shop").start(new RecordedStepContext(byTimer())))
                .hasMessage("gitopsLock requires 'application', 'environment' and 'reason'; application and environment"
                        + " may be patterns such as '*'.");
        assertThatThrownBy(() -> run(startedBy("dora"), lock("shop", "eu", step -> step.setUntil("tomorrow"))))
                .rootCause()
                .hasMessage("Invalid 'until': 'tomorrow' is neither a duration nor a point in time; write for example"
                        + " 4h or 2026-03-01T12:00:00Z.");
    }

    private static LockStep lock(String application, String environment, Consumer<LockStep> with) {
        LockStep step = new LockStep(application);
        step.setEnvironment(environment);
        step.setReason("the database moves");
        with.accept(step);
        return step;
    }

    private static UnlockStep unlock(String application, String environment) {
        UnlockStep step = new UnlockStep(application);
        step.setEnvironment(environment);
        step.setReason("it has moved");
        return step;
    }

    private static Run<?, ?> startedBy(String user) throws Exception {
        return Pipelines.run("stop", new Cause.UserIdCause(user));
    }

    private static Run<?, ?> byTimer() throws Exception {
        return Pipelines.run("night");
    }

    private static Map<?, ?> run(Run<?, ?> run, GitOpsStep step) throws Exception {
        RecordedStepContext context = new RecordedStepContext(run);
        step.start(context).start();
        return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
    }
}
