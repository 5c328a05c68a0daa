package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Replaceable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The Rollouts of the simulated Argo CD's Applications, and their controller: every new version pauses at the second of five
 * steps. Without its pause conditions, or promoted fully, it goes on to the end; aborted it is Degraded; retried it pauses
 * again.
 */
final class SimulatedRollouts {

    static final String NAMESPACE = "shop";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceDefinitionContext ROLLOUTS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Rollout")
            .withPlural("rollouts")
            .withNamespaced(true)
            .build();
    private static final String ROLLOUT = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
         "metadata": {"namespace": "shop", "name": "%s"},
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "shop"}}, "strategy": {"canary": {"steps": [
           {"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "10m"}}, {"setWeight": 80}]}}},
         "status": {"currentPodHash": "two", %s}}
        """;
    private static final String PAUSED = """
        "phase": "Paused", "message": "CanaryPauseStep", "currentStepIndex": 1,
        "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": "2026-08-01T10:00:00Z"}]
        """;
    private static final String HEALTHY = "\"phase\": \"Healthy\", \"currentStepIndex\": 5";
    private static final String ABORTED = "RolloutAborted: Rollout aborted update to revision 2";

    private final KubernetesClient client;
    private final BiConsumer<ApplicationName, Outcome> turn;
    private final Map<String, ApplicationName> applications = new ConcurrentHashMap<>();

    /** @param turn called when what runs of an Application turns to something else */
    SimulatedRollouts(KubernetesClient client, BiConsumer<ApplicationName, Outcome> turn) {
        this.client = client;
        this.turn = turn;
    }

    /** From now on the Application has this Rollout, which is healthy. */
    void give(ManagedApplication managed, String rollout) {
        applications.put(rollout, managed.definition.name());
        managed.rollout = Optional.of(rollout);
        managed.state.resource("argoproj.io", "Rollout", NAMESPACE, rollout);
        write(rollout, HEALTHY);
    }

    /** A new version begins. */
    Outcome begin(String rollout) {
        write(rollout, PAUSED);
        return new Outcome(HealthState.SUSPENDED, "CanaryPauseStep");
    }

    /** Somebody wrote to a Rollout. */
    void written(String rollout) {
        GenericKubernetesResource found = client.genericKubernetesResources(ROLLOUTS)
                .inNamespace(NAMESPACE)
                .withName(rollout)
                .get();
        if (found == null || !applications.containsKey(rollout)) {
            return;
        }
        JsonNode status = JSON.<ObjectNode>valueToTree(found).path("status");
        String phase = status.path("phase").asText();
        boolean isAborted = status.path("abort").asBoolean();
        if (phase.equals("Paused") && isAborted) {
            write(rollout, "\"phase\": \"Degraded\", \"abort\": true, \"message\": \"" + ABORTED + "\"");
            turn.accept(applications.get(rollout), new Outcome(HealthState.DEGRADED, ABORTED));
        } else if (phase.equals("Paused")
                && (status.path("pauseConditions").isEmpty()
                        || status.path("promoteFull").asBoolean())) {
            write(rollout, HEALTHY);
            turn.accept(applications.get(rollout), Outcome.HEALTHY);
        } else if (phase.equals("Degraded") && !isAborted) {
            turn.accept(applications.get(rollout), begin(rollout));
        }
    }

    private void write(String rollout, String status) {
        try {
            GenericKubernetesResource resource =
                    JSON.readValue(ROLLOUT.formatted(rollout, status), GenericKubernetesResource.class);
            client.genericKubernetesResources(ROLLOUTS)
                    .inNamespace(NAMESPACE)
                    .resource(resource)
                    .createOr(Replaceable::update);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
