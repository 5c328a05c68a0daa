package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Definition;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Syncing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An Application of the simulated Argo CD, and what its controller is about to do with it. For the controller's thread. */
final class ManagedApplication {

    final Definition definition;
    final Traps traps;
    final SimulatedApplication state;
    final List<String> refreshes = new CopyOnWriteArrayList<>();

    /** What is compared, while it is. */
    Optional<Rendered> comparing = Optional.empty();
    /** Whether it is because a refresh was requested. */
    boolean refreshing;
    /** Whether to compare again when that is done. */
    boolean again;
    /** Of the sync under way. */
    int retries;

    Outcome outcome = Outcome.HEALTHY;
    /** The Rollout that its versions are rolled out by; else a Deployment, of which nothing is seen. */
    Optional<String> rollout = Optional.empty();

    Optional<String> failure = Optional.empty();
    /** When it was first published as live at a revision; for any thread. */
    final Map<String, Long> liveAt = new ConcurrentHashMap<>();

    ManagedApplication(Definition definition, Traps traps) {
        this.definition = definition;
        this.traps = traps;
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("project", "default");
        ObjectNode source =
                traps.hydrated() ? spec.putObject("sourceHydrator").putObject("drySource") : spec.putObject("source");
        source.put("repoURL", definition.repositoryUrl())
                .put("targetRevision", definition.branch())
                .put("path", definition.path());
        spec.putObject("destination").put("server", "https://kubernetes.default.svc");
        if (definition.syncing() == Syncing.AUTOMATIC) {
            spec.putObject("syncPolicy").putObject("automated");
        }
        this.state = new SimulatedApplication(definition.name(), spec);
        state.children(traps.children());
    }

    /** As if it had been hydrated before, where it is hydrated. */
    void begin(SimulatedRepoServer manifests) {
        if (traps.hydrated()) {
            state.endHydrating(manifests.head(definition));
        }
    }

    /** What there is to sync: of the branch, or of the dry commit that was hydrated last. */
    Rendered render(SimulatedRepoServer manifests) {
        Rendered rendered =
                manifests.render(definition, state.hydrated("drySHA").orElseGet(() -> manifests.head(definition)));
        return state.hydrated("hydratedSHA")
                .map(revision -> new Rendered(revision, rendered.images(), rendered.fingerprint()))
                .orElse(rendered);
    }

    /** The pods are those of what was applied last, or, with a Rollout, some of them. */
    void endRollout(SimulatedRollouts rollouts) {
        Outcome end = rollout.filter(any -> outcome.equals(Outcome.HEALTHY))
                .map(rollouts::begin)
                .orElse(outcome);
        state.runs(state.applied().orElseThrow().images(), end.health(), end.message());
    }

    /** What Argo CD asks itself for. */
    static ObjectNode automatic(Rendered target) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.putObject("sync").put("revision", target.revision());
        operation.putObject("initiatedBy").put("automated", true);
        return operation;
    }

    /** Notes whether it is live in what is published now. */
    void published() {
        Observation seen = state.observed();
        if (seen.isLive() && seen.sync() == Observation.SyncState.SYNCED) {
            liveAt.putIfAbsent(seen.revisions().get(0), System.nanoTime());
        }
    }

    /** The one under way. */
    ObjectNode operation() {
        return (ObjectNode) state.status().path("operationState").path("operation");
    }
}
