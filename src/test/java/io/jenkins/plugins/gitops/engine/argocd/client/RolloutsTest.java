package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rollouts and their analyses, as the Kubernetes API has them, and what is done with them. */
@Timeout(240)
class RolloutsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop");

    private static final String ROLLOUT = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
         "metadata": {"namespace": "shop", "name": "shop", "generation": 3},
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "shop"}}, "strategy": {"canary": {"steps": [
           {"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "10m"}}, {"setWeight": 80}]}}},
         "status": {"observedGeneration": "3", "currentPodHash": "two", %s}}
        """;
    private static final String PAUSED = """
        "phase": "Paused", "message": "CanaryPauseStep", "currentStepIndex": 1,
        "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": "2026-08-01T10:00:00Z"}]
        """;
    private static final String ABORTED = """
        "phase": "Degraded", "abort": true, "currentStepIndex": 0,
        "message": "RolloutAborted: Rollout aborted update to revision 2: Metric \\"success-rate\\" assessed Failed"
        """;
    private static final String ANALYSIS = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "AnalysisRun",
         "metadata": {"namespace": "shop", "name": "shop-%1$s-2", "labels": {"rollouts-pod-template-hash": "%1$s"}},
         "status": {"phase": "Failed", "message": "Metric assessed Failed due to failed (1) > failureLimit (0)", "metricResults": [
           {"name": "latency", "phase": "Successful", "measurements": [{"phase": "Successful", "value": "[12]"}]},
           {"name": "success-rate", "phase": "Failed", "measurements": [
             {"phase": "Successful", "value": "[0.99]"}, {"phase": "Failed", "value": "[0.42]"}]}]}}
        """;

    @Test
    void aRolloutThatStaysPausedIsSuspendedAndSaysAtWhichStep() throws IOException {
        ResourceState state = read(PAUSED);

        assertThat(state).hasToString("Rollout shop/shop: Suspended, is paused at step 2 of 5 (pause)");
        assertThat(state.standing()).isEqualTo("two " + state);
        assertThat(state.isPausedRollout()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"phase\": \"Paused\", \"currentStepIndex\": 3, \"pauseConditions\": [{\"reason\":"
                        + " \"CanaryPauseStep\"}] | PROGRESSING | is paused at step 4 of 5 (pause of 10m)",
                "\"phase\": \"Paused\", \"currentStepIndex\": 2, \"pauseConditions\": [{\"reason\":"
                        + " \"InconclusiveAnalysisRun\"}] | SUSPENDED | is paused at step 3 of 5"
                        + " (InconclusiveAnalysisRun)",
                "\"phase\": \"Paused\", \"currentStepIndex\": 5, \"pauseConditions\": [{\"reason\":"
                        + " \"BlueGreenPause\"}] | SUSPENDED | is paused (BlueGreenPause)",
                "\"phase\": \"Progressing\", \"message\": \"more replicas need to be updated\", \"currentStepIndex\":"
                        + " 0 | PROGRESSING | more replicas need to be updated at step 1 of 5",
                "\"phase\": \"Healthy\", \"currentStepIndex\": 5 | HEALTHY | ``",
                "\"abort\": true, \"pauseConditions\": [{\"reason\": \"CanaryPauseStep\"}] | DEGRADED | was aborted",
                "\"pauseConditions\": [{\"reason\": \"CanaryPauseStep\"}], \"currentStepIndex\": 1 | SUSPENDED | is"
                        + " paused at step 2 of 5 (pause)"
            })
    void everyPhaseIsToldFromTheStatus(String status, HealthState health, String message) throws IOException {
        assertThat(read(status).health()).isEqualTo(health);
        assertThat(read(status).message()).isEqualTo(message);
    }

    @Test
    void whatTheControllerHasNotObservedYetSaysNothingOfTheNewVersion() throws IOException {
        JsonNode rollout = JSON.readTree(ROLLOUT.formatted(ABORTED).replace("\"generation\": 3", "\"generation\": 4"));

        assertThat(Rollouts.state(rollout).health()).isEqualTo(HealthState.PROGRESSING);
    }

    @Test
    void aRolloutThatAPersonPausedSaysSo() throws IOException {
        JsonNode rollout = JSON.readTree(
                ROLLOUT.formatted("\"phase\": \"Paused\"").replace("\"replicas\": 2", "\"paused\": true"));

        assertThat(Rollouts.state(rollout))
                .hasToString("Rollout shop/shop: Suspended, is paused at step 1 of 5 by 'spec.paused'");
    }

    @Test
    void anAbortedRolloutIsNamedWithTheMetricThatFailed() throws IOException {
        try (KubernetesResources cluster = cluster(ABORTED);
                ArgoCd argoCd = cluster.connect()) {
            cluster.with("analysisruns", ANALYSIS.formatted("one")).with("analysisruns", ANALYSIS.formatted("two"));

            assertThat(argoCd.unhealthyResources(SHOP))
                    .extracting(ResourceState::toString)
                    .containsExactly(
                            "Rollout shop/shop: Degraded, RolloutAborted: Rollout aborted update to revision 2: Metric"
                                    + " \"success-rate\" assessed Failed",
                            "AnalysisRun shop/shop-two-2: Degraded, metric success-rate Failed, measured [0.42], Metric"
                                    + " assessed Failed due to failed (1) > failureLimit (0)");
        }
    }

    @ParameterizedTest
    @EnumSource(RolloutAction.class)
    void anActionIsAPatchOfTheStatus(RolloutAction action) throws IOException {
        try (KubernetesResources cluster = cluster(PAUSED);
                ArgoCd argoCd = cluster.connect()) {
            argoCd.act(SHOP, argoCd.rollouts(SHOP).get(0), action);

            assertThat(cluster.patched)
                    .containsExactly("shop/rollouts/shop/status "
                            + switch (action) {
                                case RESUME -> "{\"status\":{\"pauseConditions\":null}}";
                                case PROMOTE_FULL -> "{\"status\":{\"promoteFull\":true}}";
                                case ABORT -> "{\"status\":{\"abort\":true}}";
                                case RETRY -> "{\"status\":{\"abort\":false}}";
                            });
        }
    }

    @Test
    void aPauseThatAPersonBeganIsEndedInTheSpec() throws IOException {
        try (KubernetesResources cluster = cluster(PAUSED);
                ArgoCd argoCd = cluster.connect()) {
            cluster.with("rollouts", ROLLOUT.formatted(PAUSED).replace("\"replicas\": 2", "\"paused\": true"));

            argoCd.act(SHOP, argoCd.rollouts(SHOP).get(0), RolloutAction.RESUME);

            assertThat(cluster.patched)
                    .containsExactly(
                            "shop/rollouts/shop {\"spec\":{\"paused\":false}}",
                            "shop/rollouts/shop/status {\"status\":{\"pauseConditions\":null}}");
        }
    }

    @Test
    void aRolloutThatIsNotThereIsSaidToBeSo() throws IOException {
        try (KubernetesResources cluster = cluster(PAUSED);
                ArgoCd argoCd = cluster.connect()) {
            ResourceState other = new ResourceState("Rollout", "shop", "nope", HealthState.SUSPENDED, "");

            assertThatThrownBy(() -> argoCd.act(SHOP, other, RolloutAction.ABORT))
                    .hasMessage("There is no Rollout shop/nope to abort.");
        }
    }

    @Test
    void thePermissionThatAnActionNeedsIsNamed() throws IOException {
        try (KubernetesResources cluster = cluster(PAUSED);
                ArgoCd argoCd = cluster.connect()) {
            ResourceState rollout = argoCd.rollouts(SHOP).get(0);
            cluster.forbid("rollouts");

            assertThatThrownBy(() -> argoCd.act(SHOP, rollout, RolloutAction.RESUME))
                    .isInstanceOf(ArgoCdException.class)
                    .hasMessageContaining("rollouts.argoproj.io in namespace shop");
        }
    }

    private static ResourceState read(String status) throws IOException {
        return Rollouts.state(JSON.readTree(ROLLOUT.formatted(status)));
    }

    private static KubernetesResources cluster(String status) throws IOException {
        return new KubernetesResources().with("applications", """
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
             "metadata": {"namespace": "argocd", "name": "shop", "resourceVersion": "7"},
             "spec": {"destination": {}}, "status": {"resources": [
               {"kind": "Rollout", "group": "argoproj.io", "namespace": "shop", "name": "shop"}]}}
            """).with("rollouts", ROLLOUT.formatted(status));
    }

    @Test
    void theOrderOfActionsIsArgoCds() {
        assertThat(List.of(RolloutAction.values()))
                .extracting(RolloutAction::key)
                .containsExactly("resume", "promote-full", "abort", "retry");
    }
}
