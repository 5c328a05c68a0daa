package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads Rollouts and AnalysisRuns of Argo Rollouts ({@code argoproj.io/v1alpha1}).
 *
 * @see <a href="https://argo-rollouts.readthedocs.io/en/stable/features/specification/">their fields</a>
 */
final class Rollouts {

    static final String KIND = "Rollout";

    private static final int MOST_SHOWN = 200;

    private Rollouts() {}

    /**
     * How a Rollout fares. Suspended is one that stays paused until somebody resumes it; one whose pause ends by itself
     * progresses.
     */
    static ResourceState state(JsonNode rollout) {
        JsonNode status = rollout.path("status");
        String message = ApplicationReader.message(status);
        if (!isObserved(rollout)) {
            return state(rollout, HealthState.PROGRESSING, "its new version is not observed yet");
        }
        boolean isAborted = status.path("abort").asBoolean();
        String phase = status.path("phase").asText(isAborted ? "Degraded" : "");
        boolean isPaused = !isAborted
                && (phase.equals("Paused")
                        || !status.path("pauseConditions").isEmpty()
                        || rollout.path("spec").path("paused").asBoolean());
        if (isPaused) {
            return paused(rollout);
        }
        HealthState health = HealthState.of(phase);
        return switch (health) {
            case HEALTHY -> state(rollout, health, message);
            case DEGRADED -> state(rollout, health, message.isEmpty() ? "was aborted" : message);
            default -> state(rollout, HealthState.PROGRESSING, message + step(rollout));
        };
    }

    /** What its spec, and the workload that it refers to, became last is what its status speaks of. */
    private static boolean isObserved(JsonNode rollout) {
        JsonNode status = rollout.path("status");
        String generation = rollout.path("metadata").path("generation").asText();
        String observed = status.path("observedGeneration").asText();
        String workload = rollout.path("metadata")
                .path("annotations")
                .path("rollout.argoproj.io/workload-generation")
                .asText();
        // Before version 0.10 it is a hash.
        boolean isOwn = !observed.matches("\\d{1,18}") || generation.isEmpty() || observed.equals(generation);
        return isOwn
                && (workload.isEmpty()
                        || workload.equals(
                                status.path("workloadObservedGeneration").asText()));
    }

    private static ResourceState paused(JsonNode rollout) {
        if (rollout.path("spec").path("paused").asBoolean()) {
            return state(rollout, HealthState.SUSPENDED, "is paused" + step(rollout) + " by 'spec.paused'");
        }
        JsonNode step = currentStep(rollout);
        String reason = ApplicationReader.stream(rollout.path("status").path("pauseConditions"))
                .map(condition -> condition.path("reason").asText())
                .collect(Collectors.joining(", "));
        JsonNode duration = step.path("pause").path("duration");
        if (step.has("pause") && (reason.isEmpty() || reason.equals("CanaryPauseStep"))) {
            boolean ends = !duration.isMissingNode() && !duration.isNull();
            String pause =
                    ends ? " (pause of " + duration.asText() + (duration.isNumber() ? "s" : "") + ")" : " (pause)";
            return state(
                    rollout,
                    ends ? HealthState.PROGRESSING : HealthState.SUSPENDED,
                    "is paused" + step(rollout) + pause);
        }
        return state(
                rollout,
                HealthState.SUSPENDED,
                "is paused" + step(rollout) + (reason.isEmpty() ? "" : " (" + reason + ")"));
    }

    /** {@code " at step 2 of 5"}; empty where there are no steps, or all are done. */
    private static String step(JsonNode rollout) {
        int steps = steps(rollout).size();
        int index = rollout.path("status").path("currentStepIndex").asInt(0);
        return index < steps ? " at step " + (index + 1) + " of " + steps : "";
    }

    private static JsonNode currentStep(JsonNode rollout) {
        return steps(rollout)
                .path(rollout.path("status").path("currentStepIndex").asInt(0));
    }

    private static JsonNode steps(JsonNode rollout) {
        return rollout.path("spec").path("strategy").path("canary").path("steps");
    }

    /** An AnalysisRun that failed, with the metrics that did and what was measured last; empty for any other. */
    static Optional<ResourceState> failedAnalysis(JsonNode run) {
        JsonNode status = run.path("status");
        String phase = status.path("phase").asText();
        if (!isBad(phase)) {
            return Optional.empty();
        }
        String metrics = ApplicationReader.stream(status.path("metricResults"))
                .filter(metric -> isBad(metric.path("phase").asText()))
                .map(Rollouts::metric)
                .collect(Collectors.joining("; "));
        String message = Stream.of(metrics, ApplicationReader.message(status))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return Optional.of(state(run, HealthState.DEGRADED, message.isEmpty() ? phase : message));
    }

    private static String metric(JsonNode metric) {
        JsonNode last =
                metric.path("measurements").path(metric.path("measurements").size() - 1);
        String value = shown(last.path("value").asText());
        String message =
                shown(last.path("message").asText(metric.path("message").asText()));
        return "metric " + metric.path("name").asText() + " "
                + metric.path("phase").asText()
                + (value.isEmpty() ? "" : ", measured " + value)
                + (message.isEmpty() ? "" : ", " + message);
    }

    private static boolean isBad(String phase) {
        return phase.equals("Failed") || phase.equals("Error") || phase.equals("Inconclusive");
    }

    /** Of what a metric's provider returned, so much as a log line bears. */
    private static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    private static ResourceState state(JsonNode resource, HealthState health, String message) {
        JsonNode metadata = resource.path("metadata");
        return new ResourceState(
                resource.path("kind").asText(KIND),
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                health,
                message.strip(),
                Optional.empty(),
                Optional.of(resource.path("status").path("currentPodHash").asText())
                        .filter(hash -> !hash.isEmpty()));
    }

    /** What an action changes of a Rollout's status. */
    static ObjectNode statusPatch(RolloutAction action) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode status = patch.putObject("status");
        switch (action) {
            case RESUME -> status.putNull("pauseConditions");
            case PROMOTE_FULL -> status.put("promoteFull", true);
            case ABORT -> status.put("abort", true);
            case RETRY -> status.put("abort", false);
        }
        return patch;
    }

    /** What ends a pause that a person began. */
    static ObjectNode unpausePatch() {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").put("paused", false);
        return patch;
    }
}
