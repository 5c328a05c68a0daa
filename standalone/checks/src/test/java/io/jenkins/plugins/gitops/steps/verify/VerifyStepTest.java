package io.jenkins.plugins.gitops.steps.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.standalone.BodyStandIn;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gitopsVerify}: its body as a check of what is live in prod, which declares none. */
@Timeout(180)
class VerifyStepTest {

    @TempDir
    private Path folder;

    private ShopController shop;
    private String good;
    private String live;

    @BeforeEach
    void deploy() throws Exception {
        shop = new ShopController(folder);
        good = shop.healthy("prod", "1.1.0");
        live = shop.healthy("prod", "1.2.0");
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    /** A step with its body, which the test runs. */
    private record Begun(RecordedStepContext context, StepExecution execution, CompletableFuture<BodyStandIn> begins) {

        BodyStandIn body() throws Exception {
            CompletableFuture.anyOf(begins, context.ended()).get(60, TimeUnit.SECONDS);
            return begins.get(60, TimeUnit.SECONDS);
        }

        Map<?, ?> result() throws Exception {
            return (Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS);
        }

        Throwable failure() {
            try {
                throw new AssertionError("returned " + result());
            } catch (ExecutionException failed) {
                return failed.getCause();
            } catch (Exception e) {
                throw new AssertionError(context.log(), e);
            }
        }
    }

    private Begun begin(String job, Consumer<VerifyStep> given) throws Exception {
        Run<?, ?> run = Pipelines.run(job);
        StandIn.current().withItem(run.getParent()).withRun(run);
        RecordedStepContext context = new RecordedStepContext(run);
        CompletableFuture<BodyStandIn> body = new CompletableFuture<>();
        context.withBody(body::complete);
        VerifyStep step = new VerifyStep("shop", "prod");
        given.accept(step);
        StepExecution execution = step.start(context);
        execution.start();
        return new Begun(context, execution, body);
    }

    private Begun begin() throws Exception {
        return begin("e2e", step -> {});
    }

    @Test
    void aBodyThatSucceedsVerifiesTheDeployment() throws Exception {
        Begun step = begin();

        step.body().succeeds("anything");

        assertThat(step.result().get("commit")).isEqualTo(live);
        assertThat(step.result().get("checks")).isEqualTo(List.of("pipeline passed: e2e#1"));
        assertThat(step.context().log())
                .contains("Verifying shop/prod with the steps of this block.")
                .contains("Verified: shop/prod: pipeline passed: e2e#1.");
        assertThat(note()).contains("GitOps-Outcome: verified", "GitOps-Check: pipeline passed: e2e#1");
        assertThat(shop.heard(PromotionEvent.Kind.VERIFIED)).hasSize(1);
    }

    @Test
    void aBodyThatFailsIsRecordedAndFailsTheStepWithItsOwnException() throws Exception {
        Begun step = begin();
        AbortException own = new AbortException("script returned\nexit code 1");

        step.body().fails(own);

        assertThat(step.failure()).isSameAs(own);
        assertThat(step.context().log())
                .contains("Not verified: shop/prod: pipeline failed: e2e#1: script returned exit code 1.");
        assertThat(note())
                .contains(
                        "GitOps-Outcome: verification-failed",
                        "GitOps-Check: pipeline failed: e2e#1: script returned exit code 1");
        assertThat(shop.heard(PromotionEvent.Kind.VERIFICATION_FAILED)).hasSize(1);
        assertThat(shop.tip()).isEqualTo(live);
    }

    @Test
    void whatItsBodyRefusesIsNotPromotedThoughNothingIsDeclared() throws Exception {
        Begun step = begin();
        step.body().fails(new AbortException("exit code 1"));
        step.failure();
        shop.live(live);
        RecordedStepContext promotion = new RecordedStepContext(Pipelines.run("promote"));

        new PromoteStep("shop", "live").start(promotion).start();

        assertThatThrownBy(() -> promotion.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .hasMessageContaining("The release in shop/prod is not verified (its verification in shop/prod failed:"
                        + " pipeline failed: e2e#1: exit code 1)");
    }

    @Test
    void aTimeoutStepInsideOfTheBodyIsAFailure() throws Exception {
        Begun step = begin();

        step.body().fails(interruption(false));

        assertThat(step.failure()).isInstanceOf(FlowInterruptedException.class);
        assertThat(note()).contains("GitOps-Check: pipeline failed: e2e#1: Aborted by Mary");
    }

    @Test
    void whoeverAbortsTheRunSaysNothingOfTheRelease() throws Exception {
        Begun step = begin("e2e", given -> given.setOnFailure("rollback"));
        String before = note();
        LiveVerification verification = verification();

        step.body().fails(interruption(true));

        assertThat(step.failure()).isInstanceOf(FlowInterruptedException.class);
        assertThat(verification.ended().get(60, TimeUnit.SECONDS).summary())
                .isEqualTo("pipeline aborted: e2e#1: Aborted by Mary");
        assertThat(note()).isEqualTo(before);
        assertThat(shop.tip()).isEqualTo(live);

        Begun again = begin();
        again.body().succeeds(null);
        assertThat(again.result().get("checks")).isEqualTo(List.of("pipeline passed: e2e#1"));
    }

    @Test
    void aReleaseThatTheBodyRefusesIsTakenBack() throws Exception {
        Begun step = begin("e2e", given -> given.setOnFailure("rollback"));
        AbortException own = new AbortException("exit code 1");

        step.body().fails(own);
        await().atMost(60, TimeUnit.SECONDS).until(() -> !shop.tip().equals(live));
        shop.live(shop.tip());

        assertThat(step.failure()).isSameAs(own);
        shop.assertRuns("prod", "1.1.0");
        assertThat(step.context().log())
                .contains("; shop/prod was rolled back to the release of commit " + good.substring(0, 7) + " (");
    }

    @Test
    void twoBodiesOfOneDeploymentAreRefusedUntilTheFirstHasEnded() throws Exception {
        Begun first = begin();
        first.body();

        assertThat(begin("other", step -> {}).failure())
                .hasMessage("The steps of e2e#1 already verify shop/prod (commit " + live.substring(0, 7)
                        + "): put them into one gitopsVerify, or run them one after the other.");

        first.body().succeeds(null);
        first.result();
        Begun second = begin("other", step -> {});
        second.body().fails(new AbortException("exit code 1"));
        second.failure();
        assertThat(note()).contains("GitOps-Outcome: verification-failed");
    }

    @Test
    void whatIsNotKnownToBeHealthyIsNotVerified() throws Exception {
        String bumped = shop.bump("prod", "1.3.0");

        assertThat(begin().failure())
                .isInstanceOf(AbortException.class)
                .hasMessage("The deployment history does not know commit " + bumped.substring(0, 7)
                        + " in shop/prod to be healthy: wait with gitopsAwaitSync first.");
        assertThat(begin("e2e", step -> step.setCommit(live)).failure())
                .hasMessage("shop/prod runs commit " + bumped.substring(0, 7) + ", and not " + live.substring(0, 7)
                        + ": leave 'commit' out, or deploy that release again.");
    }

    @Test
    void aStepWithoutABlockIsRefused() throws Exception {
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("e2e"));

        assertThatThrownBy(() -> new VerifyStep("shop", "prod").start(context))
                .isInstanceOf(AbortException.class)
                .hasMessage("gitopsVerify requires a block with the steps that verify the release:"
                        + " gitopsVerify(…) { … }.");
    }

    @Test
    void aDeploymentThatIsReplacedMeanwhileIsNotJudged() throws Exception {
        Begun step = begin();
        step.body();
        shop.healthy("prod", "1.3.0");

        step.body().fails(new AbortException("exit code 1"));

        assertThat(step.failure()).hasMessage("exit code 1");
        assertThat(step.context().log()).contains("Not verified: shop/prod: shop/prod was deployed again meanwhile");
        assertThat(note()).contains("GitOps-Outcome: healthy");
    }

    @Test
    void aRunThatIsGoneEndsTheCheckWithoutAJudgment() throws Exception {
        Begun step = begin();
        step.body();
        StandIn.current().withoutRun(step.context().get(Run.class));

        Begun other = begin("other", given -> {});
        other.body().succeeds(null);

        assertThat(other.result().get("checks")).isEqualTo(List.of("pipeline passed: other#1"));
    }

    @Test
    void theStepGoesOnAfterARestartWhileItsBodyRuns() throws Exception {
        Begun step = begin();
        byte[] state = kept(step);
        RecordedStepContext after = restarted(step);

        List<?> again = (List<?>) StepState.readAny(state, after);
        ((StepExecution) again.get(0)).onResume();
        ((BodyExecutionCallback) again.get(1)).onSuccess(after, null);

        Map<?, ?> result = (Map<?, ?>) after.ended().get(60, TimeUnit.SECONDS);
        assertThat(result.get("checks")).isEqualTo(List.of("pipeline passed: e2e#1"));
        assertThat(note()).contains("GitOps-Outcome: verified");
    }

    @Test
    void whatTheBodySaidBeforeARestartIsRecordedAfterIt() throws Exception {
        Begun step = begin();
        BodyStandIn body = step.body();
        shop.beginNoMoreWork();
        body.fails(new AbortException("exit code 1"));
        byte[] state = StepState.write(step.execution());
        assertThat(note()).contains("GitOps-Outcome: healthy");
        RecordedStepContext after = restarted(step);

        StepState.read(state, after).onResume();

        assertThatThrownBy(() -> after.ended().get(60, TimeUnit.SECONDS))
                .cause()
                .hasMessage("exit code 1");
        assertThat(note()).contains("GitOps-Check: pipeline failed: e2e#1: exit code 1");
    }

    @Test
    void aBodyThatWasNotBegunBeforeARestartIsBegunAfterIt() throws Exception {
        Run<?, ?> run = Pipelines.run("e2e");
        StandIn.current().withItem(run.getParent()).withRun(run);
        RecordedStepContext before = new RecordedStepContext(run);
        before.withBody(body -> {});
        StepExecution execution = new VerifyStep("shop", "prod").start(before);
        byte[] state = StepState.write(execution);
        RecordedStepContext after = restarted(new Begun(before, execution, new CompletableFuture<>()));
        CompletableFuture<BodyStandIn> body = new CompletableFuture<>();
        after.withBody(body::complete);

        StepState.read(state, after).onResume();
        body.get(60, TimeUnit.SECONDS).succeeds(null);

        assertThat(after.ended().get(60, TimeUnit.SECONDS)).isNotNull();
    }

    private byte[] kept(Begun step) throws Exception {
        return StepState.write(new ArrayList<>(
                List.of(step.execution(), step.body().callbacks().get(0))));
    }

    /** Another controller, with the run as it was. */
    private RecordedStepContext restarted(Begun step) throws Exception {
        shop.restart();
        Run<?, ?> run = step.context().get(Run.class);
        StandIn.current().withItem(run.getParent()).withRun(run);
        ReleaseVerifications.resume();
        return new RecordedStepContext(run);
    }

    private LiveVerification verification() {
        return await().atMost(60, TimeUnit.SECONDS)
                .until(() -> GitOpsServices.get().verifications().all(), all -> !all.isEmpty())
                .get(0);
    }

    private static FlowInterruptedException interruption(boolean actual) {
        return new FlowInterruptedException(Result.ABORTED, actual, new CauseOfInterruption() {
            @Override
            public String getShortDescription() {
                return "Aborted by Mary";
            }
        });
    }

    /** The newest remark on a deployment. */
    private String note() {
        return shop.git("log", "-1", "--format=%B", "refs/notes/gitops");
    }
}
