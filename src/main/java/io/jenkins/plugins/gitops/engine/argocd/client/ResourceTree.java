package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Argo CD's resource tree shows of an Application. A pod is new where its ReplicaSet has the highest revision among
 * those of the same owner, where its StatefulSet's or DaemonSet's newest ControllerRevision is its own, where nothing owns
 * it, or where its Job still runs; of others the version is not known.
 */
final class ResourceTree {

    /** Enough to name the culprits. */
    private static final int MOST = 20;

    /** Pods of which the manifest is read: one pod's container and message are those of its siblings. */
    private static final int MOST_MANIFESTS = 3;

    private static final Set<String> VERSIONS = Set.of("ReplicaSet", "ControllerRevision");
    private static final Pattern REVISION = Pattern.compile("Rev:(\\d{1,18})");

    private final List<JsonNode> nodes;
    private final Map<String, JsonNode> named = new HashMap<>();
    /** ReplicaSets and ControllerRevisions by their owner. */
    private final Map<String, List<JsonNode>> versions;

    private final Function<JsonNode, Optional<JsonNode>> manifests;

    /** @param manifests reads the live resource of a node; empty where it cannot be read */
    ResourceTree(JsonNode tree, Function<JsonNode, Optional<JsonNode>> manifests) {
        this.nodes = ApplicationReader.stream(tree.path("nodes")).toList();
        this.manifests = manifests;
        nodes.forEach(node -> named.put(key(node), node));
        this.versions = nodes.stream()
                .filter(node -> VERSIONS.contains(text(node, "kind")))
                .collect(Collectors.groupingBy(node -> key(owner(node))));
    }

    /** Those that are not healthy, new pods that cannot start first. */
    List<ResourceState> unhealthy() {
        List<ResourceState> stuck = new ArrayList<>();
        List<ResourceState> rollouts = new ArrayList<>();
        List<ResourceState> others = new ArrayList<>();
        int read = 0;
        for (JsonNode node : nodes) {
            Optional<ResourceState> state = state(node);
            if (state.filter(ResourceState::isStuck).isPresent()) {
                boolean isRead = read++ < MOST_MANIFESTS;
                stuck.add((isRead ? manifests.apply(node) : Optional.<JsonNode>empty())
                        .flatMap(pod -> Workloads.pod(pod, true))
                        .filter(ResourceState::isStuck)
                        .or(() -> state)
                        .get());
            } else if (state.isPresent() && isOfRollouts(node) && rollouts.size() < MOST) {
                ofRollouts(node).ifPresent(rollouts::add);
            } else {
                state.filter(any -> others.size() < MOST).ifPresent(others::add);
            }
        }
        return Stream.of(stuck, rollouts, others)
                .flatMap(List::stream)
                .limit(MOST)
                .toList();
    }

    /** The Rollouts, healthy or not. */
    List<ResourceState> rollouts() {
        return nodes.stream()
                .filter(ResourceTree::isRollout)
                .limit(MOST)
                .map(this::rollout)
                .toList();
    }

    private static boolean isRollout(JsonNode node) {
        return text(node, "kind").equals(Rollouts.KIND) && text(node, "group").equals("argoproj.io");
    }

    private static boolean isOfRollouts(JsonNode node) {
        return isRollout(node)
                || text(node, "kind").equals("AnalysisRun")
                        && text(node, "group").equals("argoproj.io");
    }

    /** An AnalysisRun counts where it is of the newest version of its Rollout. */
    private Optional<ResourceState> ofRollouts(JsonNode node) {
        if (isRollout(node)) {
            return Optional.of(rollout(node));
        }
        boolean isOld = versions.getOrDefault(key(owner(node)), List.of()).stream()
                .anyMatch(version -> revisionNumber(version) > revisionNumber(node));
        return isOld
                ? Optional.empty()
                : manifests.apply(node).flatMap(Rollouts::failedAnalysis).or(() -> Optional.of(plain(node)));
    }

    /** As the live Rollout has it, else as Argo CD judges it. */
    private ResourceState rollout(JsonNode node) {
        return manifests.apply(node).map(Rollouts::state).orElseGet(() -> plain(node));
    }

    private static ResourceState plain(JsonNode node) {
        JsonNode health = node.path("health");
        return ApplicationReader.resource(
                node, HealthState.of(text(health, "status")), ApplicationReader.message(health));
    }

    /** As its health has it; of a new pod that cannot start also as its container's reason has it, which health leaves out. */
    private Optional<ResourceState> state(JsonNode node) {
        HealthState health = HealthState.of(text(node.path("health"), "status"));
        if (!node.path("health").hasNonNull("status") || health == HealthState.HEALTHY) {
            return Optional.empty();
        }
        ResourceState plain = plain(node);
        String reason = info(node, "Status Reason").replaceFirst("^Init:", "");
        if (!plain.kind().equals("Pod") || !ResourceState.isStuck(reason) || !isNew(node, reason)) {
            return Optional.of(plain);
        }
        String told = Stream.concat(
                        Stream.concat(
                                Stream.of(reason),
                                ApplicationReader.stream(node.path("images"))
                                        .map(JsonNode::asText)
                                        .sorted()),
                        Stream.of(plain.message()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return Optional.of(new ResourceState(
                plain.kind(),
                plain.namespace(),
                plain.name(),
                health,
                told,
                ApplicationReader.instant(node, "createdAt"),
                Optional.empty()));
    }

    private boolean isNew(JsonNode pod, String reason) {
        JsonNode owner = owner(pod);
        return switch (text(owner, "kind")) {
            case "" -> true;
            case "ReplicaSet" ->
                Optional.ofNullable(named.get(key(owner)))
                        .filter(this::isNewest)
                        .isPresent();
            case "StatefulSet", "DaemonSet" ->
                revision(pod).filter(this::isNewest).isPresent();
            case "Job" ->
                !reason.equals(Workloads.CRASH_LOOP)
                        && Optional.ofNullable(named.get(key(owner)))
                                .filter(ResourceTree::isRunningJob)
                                .isPresent();
            default -> false;
        };
    }

    /** A Job of a CronJob belongs to a run of it, not to a release; how often a Job's pods may crash its own limit says. */
    private static boolean isRunningJob(JsonNode job) {
        HealthState health = HealthState.of(text(job.path("health"), "status"));
        return health == HealthState.PROGRESSING && !text(owner(job), "kind").equals("CronJob");
    }

    /** The ControllerRevision that a pod is of: its name ends in the pod's label, which a StatefulSet writes whole. */
    private Optional<JsonNode> revision(JsonNode pod) {
        String hash = text(pod.path("networkingInfo").path("labels"), "controller-revision-hash");
        return versions.getOrDefault(key(owner(pod)), List.of()).stream()
                .filter(version -> !hash.isEmpty() && ("-" + text(version, "name")).endsWith("-" + hash))
                .findFirst();
    }

    private boolean isNewest(JsonNode version) {
        if (owner(version).isMissingNode()) {
            return true;
        }
        List<JsonNode> siblings = versions.getOrDefault(key(owner(version)), List.of());
        return siblings.size() == 1
                || revisionNumber(version) > 0
                        && siblings.stream().allMatch(other -> revisionNumber(other) <= revisionNumber(version));
    }

    private static JsonNode owner(JsonNode node) {
        return node.path("parentRefs").path(0);
    }

    private static long revisionNumber(JsonNode node) {
        Matcher revision = REVISION.matcher(info(node, "Revision"));
        return revision.matches() ? Long.parseLong(revision.group(1)) : 0;
    }

    private static String info(JsonNode node, String name) {
        return ApplicationReader.stream(node.path("info"))
                .filter(item -> text(item, "name").equals(name))
                .map(item -> text(item, "value"))
                .findFirst()
                .orElse("");
    }

    private static String key(JsonNode reference) {
        return String.join(
                " ",
                text(reference, "group"),
                text(reference, "kind"),
                text(reference, "namespace"),
                text(reference, "name"));
    }
}
