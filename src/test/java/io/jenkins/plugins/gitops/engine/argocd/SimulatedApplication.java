package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One Application as Argo CD's controller would keep it: what truly runs, and the status it publishes about that, which
 * moves only in the steps in which the controller moves it. Not safe for several threads.
 *
 * <ul>
 *   <li>{@link #compare} is a reconciliation: revision, sync status, {@code reconciledAt}, and health and images of the
 *       moment; it starts an automatic sync where one is due, or notes that it will not try a failed revision again;
 *   <li>{@link #beginSync}, {@link #retrySync}, {@link #completeSync} and {@link #failSync} move {@code operationState};
 *       none of them touches health, so that for a moment it is the old one;
 *   <li>{@link #runs} is the cluster's doing and changes nothing that is published until {@link #lookAtHealth} or the
 *       next comparison; the former leaves {@code reconciledAt} as it is, like the controller's refresh after a
 *       resource event.
 * </ul>
 *
 * <p>Simplified: one source, whole syncs, no hooks or waves, no self-heal.
 */
public final class SimulatedApplication {

    private static final int HISTORY = 10;

    private final ApplicationName name;
    private final ObjectNode spec;
    private final ObjectNode status = JsonNodeFactory.instance.objectNode();

    // what truly is
    private Optional<Rendered> applied = Optional.empty();
    private List<String> podImages = List.of();
    private HealthState health = HealthState.MISSING;
    private String healthMessage = "";
    private List<ApplicationName> children = List.of();

    // what the controller knows
    private Optional<Rendered> desired = Optional.empty();
    private Optional<Rendered> syncing = Optional.empty();
    private Optional<String> attempted = Optional.empty();
    private long historyId;

    public SimulatedApplication(ApplicationName name, ObjectNode spec) {
        this.name = name;
        this.spec = spec.deepCopy();
        status.putObject("sync").put("status", "Unknown");
        status.putObject("health").put("status", "Missing");
        status.putArray("conditions");
        status.putArray("history");
    }

    public ApplicationName name() {
        return name;
    }

    public ObjectNode spec() {
        return spec;
    }

    /** The published status; do not change it. */
    public ObjectNode status() {
        return status;
    }

    public boolean isAutoSync() {
        return spec.path("syncPolicy").path("automated").isObject();
    }

    public boolean isSyncing() {
        return syncing.isPresent();
    }

    public Optional<Rendered> applied() {
        return applied;
    }

    /** What truly runs, whether published or not. */
    public boolean runsHealthy(List<String> images) {
        return health == HealthState.HEALTHY && new TreeSet<>(podImages).equals(new TreeSet<>(images));
    }

    /** The whole resource. */
    public ObjectNode resource() {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Application");
        resource.putObject("metadata").put("namespace", name.namespace()).put("name", name.name());
        resource.set("spec", spec);
        resource.set("status", status);
        return resource;
    }

    /** Reconciles with what the followed revision renders to. True if an automatic sync is due: begin it. */
    public boolean compare(Rendered target, Instant now) {
        desired = Optional.of(target);
        boolean synced = applied.map(live -> live.fingerprint().equals(target.fingerprint()))
                .orElse(false);
        ObjectNode sync = status.putObject("sync");
        sync.put("status", synced ? "Synced" : "OutOfSync").put("revision", target.revision());
        status.put("reconciledAt", time(now));
        lookAtHealth(now);
        ArrayNode conditions = status.putArray("conditions");
        boolean failedBefore = attempted.equals(Optional.of(target.revision()));
        if (isAutoSync() && !synced && !isSyncing() && failedBefore) {
            conditions
                    .addObject()
                    .put("type", "SyncError")
                    .put(
                            "message",
                            "Failed last sync attempt to [" + target.revision() + "]: "
                                    + status.path("operationState")
                                            .path("message")
                                            .asText())
                    .put("lastTransitionTime", time(now));
        }
        return isAutoSync() && !synced && !isSyncing() && !failedBefore;
    }

    /**
     * Reconciles by a cluster cache that does not know of the last sync yet: revision and {@code reconciledAt} move, and
     * it shows OutOfSync with the health and images of before. Starts no sync, as that revision was just synced.
     */
    public void compareStale(Rendered target, Instant now) {
        status.putObject("sync").put("status", "OutOfSync").put("revision", target.revision());
        status.put("reconciledAt", time(now));
    }

    /** Publishes what the pods say now. */
    public void lookAtHealth(Instant now) {
        ObjectNode published = (ObjectNode) status.path("health");
        if (!published.path("status").asText().equals(health.toString())) {
            published.put("status", health.toString()).put("lastTransitionTime", time(now));
        }
        published.put("message", healthMessage);
        ObjectNode summary = status.putObject("summary");
        ArrayNode images = summary.putArray("images");
        new TreeSet<>(podImages).forEach(images::add);
        if (!children.isEmpty()) {
            summary.put("isAppOfApps", true);
        }
    }

    /** Has Applications among its resources. */
    void children(List<ApplicationName> names) {
        children = List.copyOf(names);
        ArrayNode resources = status.putArray("resources");
        for (ApplicationName child : names) {
            resources
                    .addObject()
                    .put("group", "argoproj.io")
                    .put("kind", "Application")
                    .put("namespace", child.namespace())
                    .put("name", child.name());
        }
    }

    /** Has this among its resources. */
    void resource(String group, String kind, String namespace, String resource) {
        status.withArray("/resources")
                .addObject()
                .put("group", group)
                .put("kind", kind)
                .put("namespace", namespace)
                .put("name", resource);
    }

    /** The source hydrator looks at a dry commit, which it may be about to hydrate. */
    public void lookAtDry(String dry) {
        status.withObject("sourceHydrator").put("lastComparedDryRevision", dry);
    }

    /** The source hydrator looks at a dry commit and begins to hydrate it, of which it does not say the id. */
    public void beginHydrating(String dry) {
        lookAtDry(dry);
        ObjectNode hydrator = status.withObject("sourceHydrator");
        hydrator.putObject("currentOperation").put("phase", "Hydrating").put("drySHA", "");
    }

    /** The hydrated commit has the id of the dry one in reverse. */
    public void endHydrating(String dry) {
        lookAtDry(dry);
        String hydrated = new StringBuilder(dry).reverse().toString();
        ObjectNode hydrator = status.withObject("sourceHydrator");
        hydrator.putObject("currentOperation").put("phase", "Hydrated").put("drySHA", dry);
        hydrator.putObject("lastSuccessfulOperation").put("drySHA", dry).put("hydratedSHA", hydrated);
    }

    Optional<String> hydrated(String field) {
        return Optional.of(status.path("sourceHydrator")
                        .path("lastSuccessfulOperation")
                        .path(field)
                        .asText())
                .filter(revision -> !revision.isEmpty());
    }

    /** @param operation the {@code operation} field that asked for it */
    public void beginSync(Rendered target, ObjectNode operation, Instant now) {
        syncing = Optional.of(target);
        ObjectNode state = status.putObject("operationState");
        state.set("operation", operation);
        state.put("phase", "Running").put("startedAt", time(now)).put("message", "waiting for completion");
        state.putObject("syncResult").put("revision", target.revision());
    }

    /** An attempt failed and there are more: the phase stays Running, at the old revision. */
    public void retrySync(String message, Instant now) {
        ObjectNode state = (ObjectNode) status.path("operationState");
        long retry = state.path("retryCount").asLong() + 1;
        state.put("retryCount", retry).put("finishedAt", time(now));
        state.put("message", message + ". Retrying attempt #" + retry + " at 10:00AM.");
    }

    /** Everything is applied. What that does to the pods is for {@link #runs} to say. */
    public void completeSync(Instant now) {
        Rendered done = syncing.orElseThrow();
        end("Succeeded", "successfully synced (all tasks run)", now);
        applied = Optional.of(done);
        attempted = Optional.empty();
        ArrayNode history = (ArrayNode) status.path("history");
        history.addObject()
                .put("id", historyId++)
                .put("revision", done.revision())
                .put("deployedAt", time(now));
        while (history.size() > HISTORY) {
            history.remove(0);
        }
    }

    public void failSync(String message, List<ResourceState> failed, Instant now) {
        attempted = syncing.map(Rendered::revision);
        ArrayNode resources = ((ObjectNode) status.path("operationState").path("syncResult")).putArray("resources");
        for (ResourceState resource : failed) {
            resources
                    .addObject()
                    .put("kind", resource.kind())
                    .put("namespace", resource.namespace())
                    .put("name", resource.name())
                    .put("status", "SyncFailed")
                    .put("message", resource.message());
        }
        end("Failed", message, now);
    }

    /** Drops the record of the last operation, as starting another one does. */
    public void forgetOperation() {
        status.remove("operationState");
        attempted = Optional.empty();
    }

    /** What the pods do from now on. */
    public void runs(List<String> images, HealthState state, String message) {
        podImages = List.copyOf(images);
        health = state;
        healthMessage = message;
    }

    /** While old pods are replaced both versions run. */
    public void runsAlso(List<String> images) {
        List<String> both = new ArrayList<>(podImages);
        both.addAll(images);
        runs(both, HealthState.PROGRESSING, "");
    }

    /** Replaces the conditions by one, or by none. */
    public void condition(Optional<Observation.Condition> condition, Instant now) {
        ArrayNode conditions = status.putArray("conditions");
        condition.ifPresent(one -> conditions
                .addObject()
                .put("type", one.type())
                .put("message", one.message())
                .put("lastTransitionTime", time(now)));
    }

    public Optional<Rendered> desired() {
        return desired;
    }

    /** What the sync under way is to apply. */
    public Optional<Rendered> syncing() {
        return syncing;
    }

    /** As the API server has it now. */
    public Observation observed() {
        return ApplicationReader.read(resource());
    }

    private void end(String phase, String message, Instant now) {
        ObjectNode state = (ObjectNode) status.path("operationState");
        state.put("phase", phase).put("message", message).put("finishedAt", time(now));
        syncing = Optional.empty();
    }

    /** Kubernetes times have whole seconds. */
    private static String time(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
