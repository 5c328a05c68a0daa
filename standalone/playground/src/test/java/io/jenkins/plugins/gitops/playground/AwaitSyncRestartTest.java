package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import io.jenkins.plugins.gitops.playground.controller.Controller;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller is killed while {@code gitopsAwaitSync} waits: what is left is what the step has persisted. */
class AwaitSyncRestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ApplicationName DEV = new ApplicationName(Cluster.NAMESPACE, "shop-dev");
    private static final String NOWHERE = "9".repeat(40);

    @TempDir
    private Path folder;

    private PlaygroundFixture playground;
    private SimulatedArgoCd simulation;
    private PlaygroundRun run;

    @BeforeEach
    void open() throws Exception {
        playground = new PlaygroundFixture(folder);
        simulation = playground.playground().world().cluster().simulation();
        simulation.rolloutsEnd(DEV, new Outcome(HealthState.PROGRESSING, "waiting for the pods"));
        run = playground.startSteps("gitopsBumpImage application: 'shop', environment: 'dev', images: [api: 'v9.0.0']");
        PlaygroundFixture.end(run);
    }

    @AfterEach
    void close() throws Exception {
        playground.close();
    }

    @Test
    void aWaitGoesOnAfterARestart() throws Exception {
        RecordedStepContext before = new RecordedStepContext(run);
        StepExecution execution = start(step("10m"), before);
        awaitLine(before, "Progressing, waiting for the pods");
        byte[] persisted = StepState.write(execution);
        kill();

        RecordedStepContext after = new RecordedStepContext(run);
        resume(persisted, after);
        awaitLine(after, "Progressing, waiting for the pods");
        simulation.heal(DEV);

        assertThat(after.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .asString()
                .contains("verdict=HEALTHY");
        assertThat(after.log()).doesNotContain("Waiting up to");
    }

    @Test
    void aDeadlineThatPassedMeanwhileEndsTheStepWhetherArgoCdCanBeAskedOrNot() throws Exception {
        RecordedStepContext before = new RecordedStepContext(run);
        Instant began = Instant.now();
        StepExecution execution = start(step("2s"), before);
        awaitLine(before, "Waiting up to");
        byte[] persisted = StepState.write(execution);
        kill();
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(began.plusSeconds(5)));

        assertThat(failure(persisted)).startsWith("Not live in time: ");
        makeArgoCdUnreachable();
        assertThat(failure(persisted)).startsWith("Not live in time: ");
    }

    /** A refresh makes Argo CD render everything anew: twenty waits that come back at once must not ask twenty times. */
    @Test
    void waitsThatComeBackTogetherAskForRefreshesAsOne() throws Exception {
        AwaitSyncStep step = new AwaitSyncStep();
        step.setArgoApplications(List.of(DEV.name()));
        step.setCommit(NOWHERE);
        RecordedStepContext before = new RecordedStepContext(run);
        StepExecution execution = start(step, before);
        awaitLine(before, "not related to your commit");
        byte[] persisted = StepState.write(execution);
        kill();

        int asked = simulation.refreshes(DEV).size();
        Instant began = Instant.now();
        List<StepExecution> resumed = new ArrayList<>();
        List<RecordedStepContext> contexts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            contexts.add(new RecordedStepContext(run));
            resumed.add(resume(persisted, contexts.get(i)));
        }
        contexts.forEach(context -> awaitLine(context, "not related to your commit"));

        await().atMost(PATIENCE).until(() -> simulation.refreshes(DEV).size() > asked);
        int again = simulation.refreshes(DEV).size() - asked;

        // Waits that begin together share a request, and another may follow every two seconds; one may have been on its
        // way when the controller was killed.
        assertThat((long) again)
                .isLessThanOrEqualTo(2 + Duration.between(began, Instant.now()).toSeconds() / 2);
        for (StepExecution one : resumed) {
            one.stop(new InterruptedException("the test is over"));
        }
    }

    private static void awaitLine(RecordedStepContext context, String part) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(context.log()).contains(part));
    }

    private static AwaitSyncStep step(String timeout) {
        AwaitSyncStep step = new AwaitSyncStep();
        step.setApplication("shop");
        step.setEnvironment("dev");
        step.setTimeout(timeout);
        return step;
    }

    private static StepExecution start(AwaitSyncStep step, RecordedStepContext context) throws Exception {
        StepExecution execution = step.start(context);
        assertThat(execution.start()).isFalse();
        return execution;
    }

    /** Nothing of the controller is left but its home. */
    private void kill() throws Exception {
        GitOpsServices.terminate();
        new Controller(playground.playground().world(), folder.resolve("home-again"), "http://jenkins.example.org/");
    }

    private static void makeArgoCdUnreachable() {
        ArgoCdConnection gone = new ArgoCdConnection("cluster", ArgoCdConnection.Kind.KUBERNETES);
        gone.setUrl("http://127.0.0.1:9/");
        GitOpsConfiguration.get().setArgoCdConnections(List.of(gone));
    }

    private String failure(byte[] persisted) throws Exception {
        RecordedStepContext context = new RecordedStepContext(run);
        resume(persisted, context);
        await().atMost(PATIENCE).until(context.ended()::isCompletedExceptionally);
        return context.ended().handle((none, cause) -> cause.getMessage()).get();
    }

    private static StepExecution resume(byte[] persisted, RecordedStepContext context) throws Exception {
        StepExecution execution = StepState.read(persisted, context);
        execution.onResume();
        return execution;
    }
}
