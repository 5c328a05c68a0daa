package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What keeps an Application's workloads from being healthy, read from the workloads themselves, since Argo CD 3 keeps
 * their health to itself: the workload's own condition, and of the pods of its newest version the container that waits or
 * ends. Needs get on the workloads and list on {@code replicasets.apps} and {@code pods} in the namespaces deployed to, of
 * Argo CD's own cluster. What may not be read is named at the end of the list, with the permission that is missing.
 */
final class Workloads {

    private static final int MOST_WORKLOADS = 20;
    private static final long MOST_PODS = 50;
    private static final String IN_CLUSTER = "https://kubernetes.default.svc";
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String POD_TEMPLATE_HASH = "pod-template-hash";
    private static final String GENERATION = "deprecated.daemonset.template.generation";

    private static final ResourceDefinitionContext PODS = KubernetesApi.kind("", "v1", "Pod", "pods");
    private static final String ROLLOUT_HASH = "rollouts-pod-template-hash";
    static final ResourceDefinitionContext ROLLOUTS =
            KubernetesApi.kind("argoproj.io", "v1alpha1", Rollouts.KIND, "rollouts");
    private static final ResourceDefinitionContext ANALYSIS_RUNS =
            KubernetesApi.kind("argoproj.io", "v1alpha1", "AnalysisRun", "analysisruns");
    private static final ResourceDefinitionContext REPLICA_SETS =
            KubernetesApi.kind("apps", "v1", "ReplicaSet", "replicasets");
    private static final Map<String, ResourceDefinitionContext> KINDS = Stream.of(
                    KubernetesApi.kind("apps", "v1", "Deployment", "deployments"),
                    KubernetesApi.kind("apps", "v1", "StatefulSet", "statefulsets"),
                    KubernetesApi.kind("apps", "v1", "DaemonSet", "daemonsets"),
                    REPLICA_SETS,
                    KubernetesApi.kind("batch", "v1", "Job", "jobs"),
                    ROLLOUTS)
            .collect(Collectors.toMap(ResourceDefinitionContext::getKind, kind -> kind));

    static final String CRASH_LOOP = "CrashLoopBackOff";

    /** Every container goes through these on its way. */
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

    private final KubernetesApi api;
    private final JsonNode application;
    private final List<ResourceState> found = new ArrayList<>();
    private final Set<ResourceState> unreadable = new LinkedHashSet<>();

    Workloads(KubernetesApi api, JsonNode application) {
        this.api = api;
        this.application = application;
    }

    /** Blocks; the gravest first. */
    List<ResourceState> unhealthy() {
        JsonNode resources = application.path("status").path("resources");
        JsonNode destination = application.path("spec").path("destination");
        if (!destination.path("server").asText(IN_CLUSTER).equals(IN_CLUSTER)
                || !destination.path("name").asText("in-cluster").equals("in-cluster")) {
            String cluster =
                    destination.path("name").asText(destination.path("server").asText());
            unreadable.add(note("Cluster", "", cluster, "only a connection to Argo CD's API server can read it"));
        } else {
            ApplicationReader.stream(resources)
                    .filter(resource -> KINDS.containsKey(text(resource, "kind")))
                    .limit(MOST_WORKLOADS)
                    .forEach(this::look);
        }
        if (found.isEmpty()) {
            found.addAll(ApplicationReader.resources(resources));
        }
        return Stream.concat(found.stream().sorted(Comparator.comparing(Workloads::gravity)), unreadable.stream())
                .toList();
    }

    private static int gravity(ResourceState state) {
        boolean degraded = state.health() == HealthState.DEGRADED;
        return state.kind().equals("Pod") ? (degraded ? 0 : 2) : degraded ? 1 : 3;
    }

    private void look(JsonNode resource) {
        ResourceDefinitionContext kind = KINDS.get(text(resource, "kind"));
        String namespace = text(resource, "namespace");
        reading("get", kind, namespace, () -> api.get(kind, namespace, text(resource, "name")))
                .flatMap(workload -> workload)
                .ifPresent(workload -> look(kind, namespace, workload));
    }

    private void look(ResourceDefinitionContext kind, String namespace, JsonNode workload) {
        boolean isRollout = kind.getKind().equals(Rollouts.KIND);
        Optional<ResourceState> state = isRollout
                ? Optional.of(Rollouts.state(workload)).filter(rollout -> rollout.health() != HealthState.HEALTHY)
                : state(kind, namespace, workload);
        state.ifPresent(unhealthy -> {
            found.add(unhealthy);
            if (isRollout && unhealthy.health() == HealthState.DEGRADED) {
                analyses(namespace, workload);
            }
            Map<String, String> labels =
                    labels(workload.path("spec").path("selector").path("matchLabels"));
            if (!labels.isEmpty()) {
                Optional<Map.Entry<String, String>> newest = newestVersion(kind, namespace, workload, labels);
                newest.ifPresent(version -> labels.put(version.getKey(), version.getValue()));
                list(PODS, namespace, labels)
                        .forEach(pod -> pod(pod, newest.isPresent())
                                .filter(one -> !kind.getKind().equals("Job")
                                        || !one.message().startsWith(CRASH_LOOP))
                                .ifPresent(found::add));
            }
        });
    }

    /** The analyses of a Rollout's newest version that failed. */
    private void analyses(String namespace, JsonNode rollout) {
        String hash = text(rollout.path("status"), "currentPodHash");
        if (!hash.isEmpty()) {
            list(ANALYSIS_RUNS, namespace, Map.of(ROLLOUT_HASH, hash))
                    .forEach(run -> Rollouts.failedAnalysis(run).ifPresent(found::add));
        }
    }

    /** The Rollouts among the resources. Blocks. */
    List<ResourceState> rollouts() {
        return ApplicationReader.stream(application.path("status").path("resources"))
                .filter(resource -> text(resource, "kind").equals(Rollouts.KIND)
                        && text(resource, "group").equals("argoproj.io"))
                .limit(MOST_WORKLOADS)
                .flatMap(resource -> api.get(ROLLOUTS, text(resource, "namespace"), text(resource, "name")).stream())
                .map(Rollouts::state)
                .toList();
    }

    /** A workload that is not, or not yet, as it should be. */
    private static Optional<ResourceState> state(ResourceDefinitionContext kind, String namespace, JsonNode workload) {
        JsonNode status = workload.path("status");
        Optional<String> failed = ApplicationReader.stream(status.path("conditions"))
                .filter(Workloads::isFailure)
                .map(condition -> joined(text(condition, "reason"), ApplicationReader.message(condition)))
                .findFirst();
        if (failed.isPresent()) {
            return Optional.of(resource(kind.getKind(), namespace, workload, HealthState.DEGRADED, failed.get()));
        }
        JsonNode spec = workload.path("spec");
        long wanted =
                switch (kind.getKind()) {
                    case "DaemonSet" -> status.path("desiredNumberScheduled").asLong();
                    case "Job" -> status.path("active").asLong();
                    default -> spec.path("replicas").asLong(1);
                };
        long ready =
                switch (kind.getKind()) {
                    case "DaemonSet" ->
                        Math.min(
                                status.path("numberReady").asLong(),
                                status.path("updatedNumberScheduled").asLong());
                    case "Job" -> status.path("ready").asLong();
                    default -> updatedAndReady(status);
                };
        return ready >= wanted
                ? Optional.empty()
                : Optional.of(resource(
                        kind.getKind(),
                        namespace,
                        workload,
                        HealthState.PROGRESSING,
                        ready + " of " + wanted + " pods are updated and ready"));
    }

    /** At least so many; those of an earlier version may be the ready ones. */
    private static long updatedAndReady(JsonNode status) {
        long ready = status.path("readyReplicas").asLong();
        long updated = status.path("updatedReplicas").asLong(Long.MAX_VALUE);
        long earlier = Math.max(0, status.path("replicas").asLong() - updated);
        return Math.max(0, Math.min(ready - earlier, updated));
    }

    private static boolean isFailure(JsonNode condition) {
        boolean holds = text(condition, "status").equals("True");
        return switch (text(condition, "type")) {
            case "ReplicaFailure", "Failed" -> holds;
            case "Progressing" -> text(condition, "status").equals("False");
            default -> false;
        };
    }

    /** The label that the pods of a workload's present template have, where it is known. */
    private Optional<Map.Entry<String, String>> newestVersion(
            ResourceDefinitionContext kind, String namespace, JsonNode workload, Map<String, String> labels) {
        JsonNode status = workload.path("status");
        return switch (kind.getKind()) {
            case "Deployment" -> label(POD_TEMPLATE_HASH, newestReplicaSet(namespace, workload, labels));
            case "StatefulSet" -> label("controller-revision-hash", text(status, "updateRevision"));
            case "DaemonSet" ->
                label("pod-template-generation", text(workload.path("metadata").path("annotations"), GENERATION));
            case "Rollout" -> label(ROLLOUT_HASH, text(status, "currentPodHash"));
            case "ReplicaSet" ->
                label(POD_TEMPLATE_HASH, text(workload.path("metadata").path("labels"), POD_TEMPLATE_HASH));
            case "Job" -> labels.entrySet().stream().findFirst();
            default -> Optional.empty();
        };
    }

    private static Optional<Map.Entry<String, String>> label(String name, String value) {
        return Optional.of(Map.entry(name, value)).filter(label -> !value.isEmpty());
    }

    private String newestReplicaSet(String namespace, JsonNode deployment, Map<String, String> labels) {
        String revision = text(deployment.path("metadata").path("annotations"), REVISION);
        return list(REPLICA_SETS, namespace, labels).stream()
                .filter(replicas -> text(replicas.path("metadata").path("annotations"), REVISION)
                        .equals(revision))
                .map(replicas -> text(replicas.path("metadata").path("labels"), POD_TEMPLATE_HASH))
                .findFirst()
                .orElse("");
    }

    /**
     * A pod that does not run as it should, with the container that waits.
     *
     * @param newest whether it is known to be of the newest version of its workload
     */
    static Optional<ResourceState> pod(JsonNode pod, boolean newest) {
        JsonNode status = pod.path("status");
        Optional<Instant> since =
                newest ? ApplicationReader.instant(pod.path("metadata"), "creationTimestamp") : Optional.empty();
        for (JsonNode container : containers(status)) {
            JsonNode waiting = container.path("state").path("waiting");
            String reason = text(waiting, "reason");
            if (!reason.isEmpty() && !STARTING.contains(reason)) {
                String what = joined(reason, "container " + text(container, "name") + " of " + image(pod, container));
                String message = joined(what, ApplicationReader.message(waiting));
                return Optional.of(pod(pod, HealthState.DEGRADED, message, since));
            }
        }
        return ApplicationReader.stream(status.path("conditions"))
                .filter(condition -> text(condition, "type").equals("PodScheduled")
                        && text(condition, "status").equals("False"))
                .map(condition -> joined(text(condition, "reason"), ApplicationReader.message(condition)))
                .map(message -> pod(pod, HealthState.PROGRESSING, message, since))
                .findFirst();
    }

    private static ResourceState pod(JsonNode pod, HealthState health, String message, Optional<Instant> since) {
        JsonNode metadata = pod.path("metadata");
        return new ResourceState(
                "Pod", text(metadata, "namespace"), text(metadata, "name"), health, message, since, Optional.empty());
    }

    private static List<JsonNode> containers(JsonNode status) {
        return Stream.concat(
                        ApplicationReader.stream(status.path("initContainerStatuses")),
                        ApplicationReader.stream(status.path("containerStatuses")))
                .toList();
    }

    /** As the pod names it: the runtime's status may write it otherwise. */
    private static String image(JsonNode pod, JsonNode container) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> ApplicationReader.stream(pod.path("spec").path(list)))
                .filter(one -> text(one, "name").equals(text(container, "name")))
                .map(one -> text(one, "image"))
                .findFirst()
                .orElseGet(() -> text(container, "image"));
    }

    private List<JsonNode> list(ResourceDefinitionContext kind, String namespace, Map<String, String> labels) {
        ListOptions options = new ListOptionsBuilder()
                .withLimit(MOST_PODS)
                .withLabelSelector(labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(",")))
                .build();
        return reading("list", kind, namespace, () -> api.list(kind, namespace, options))
                .map(list -> ApplicationReader.stream(list.path("items")).toList())
                .orElse(List.of());
    }

    /** What is there, unless it may not be read, which is noted; other failures leave it out. */
    private <T> Optional<T> reading(
            String verb, ResourceDefinitionContext kind, String namespace, java.util.function.Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (ArgoCdException cannot) {
            if (cannot.reason() == Reason.REFUSED) {
                unreadable.add(note(
                        kind.getKind(),
                        namespace,
                        "*",
                        "cannot be read: " + KubernetesApi.permission(verb, kind, namespace)));
            }
            return Optional.empty();
        }
    }

    private static Map<String, String> labels(JsonNode labels) {
        Map<String, String> map = new TreeMap<>();
        labels.properties()
                .forEach(label -> map.put(label.getKey(), label.getValue().asText()));
        return map;
    }

    private static ResourceState note(String kind, String namespace, String name, String message) {
        return new ResourceState(kind, namespace, name, HealthState.UNKNOWN, message);
    }

    private static ResourceState resource(
            String kind, String namespace, JsonNode resource, HealthState health, String message) {
        return new ResourceState(kind, namespace, text(resource.path("metadata"), "name"), health, message);
    }

    private static String joined(String first, String second) {
        return Stream.of(first, second).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }
}
