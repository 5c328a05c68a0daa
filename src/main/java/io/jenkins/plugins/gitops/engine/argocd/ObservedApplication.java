package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of an Application resource that a verdict rests on, as one answer of the API server had them. Times are the
 * cluster's own, in whole seconds: compare them with each other, never with the local clock.
 *
 * @param resourceVersion opaque version of the resource, or empty
 * @param sources {@code spec.sources}, or the one of {@code spec.source}; with a source hydrator its dry source
 * @param revisions what the sources resolved to at the last comparison, one for each source; empty before the first
 * @param reconciledAt when the comparison that produced this state began
 * @param images images of the live pods
 * @param history successful syncs, oldest first
 * @param resources those that are not healthy, as far as the Application resource tells (Argo CD 3 does not by default)
 */
public record ObservedApplication(
        @NonNull ApplicationName name,
        @NonNull String resourceVersion,
        @NonNull Map<String, String> labels,
        @NonNull Set<Trait> traits,
        @NonNull List<Source> sources,
        @NonNull SyncState sync,
        @NonNull List<String> revisions,
        @NonNull Health health,
        @NonNull Optional<Operation> operation,
        @NonNull Optional<Instant> reconciledAt,
        @NonNull List<Condition> conditions,
        @NonNull List<String> images,
        @NonNull List<Deployment> history,
        @NonNull Optional<Hydration> hydration,
        @NonNull List<ResourceState> resources) {

    /** What is either so or not. */
    public enum Trait {
        /** Has a deletion timestamp. */
        DELETING,
        /** {@code operation} is set: a sync is asked for or under way. */
        OPERATION_REQUESTED,
        /** Argo CD starts syncs by itself. */
        AUTO_SYNC,
        /** Other Applications are among its resources; their health is not part of its own. */
        APP_OF_APPS
    }

    /** @param targetRevision branch, tag, commit or chart version it follows; empty for HEAD */
    public record Source(
            @NonNull String repository, @NonNull String targetRevision) {}

    public record Health(
            @NonNull HealthState state,
            @NonNull String message,
            @NonNull Optional<Instant> since) {}

    /**
     * The sync that runs or ran last.
     *
     * @param revisions what it synced or is to sync, one for each source; empty when it never came to know
     * @param marks names in {@code operation.info} with their values: who asked for it
     * @param failedResources what the sync result says went wrong
     */
    public record Operation(
            @NonNull OperationPhase phase,
            @NonNull String message,
            @NonNull List<String> revisions,
            @NonNull Scope scope,
            @NonNull Optional<Instant> startedAt,
            @NonNull Optional<Instant> finishedAt,
            long retries,
            @NonNull Map<String, String> marks,
            @NonNull List<ResourceState> failedResources) {}

    /** Whether a sync was of everything or of chosen resources. */
    public enum Scope {
        WHOLE,
        PARTIAL
    }

    public record Condition(
            @NonNull String type,
            @NonNull String message,
            @NonNull Optional<Instant> since) {

        /** Argo CD's convention: a type that ends in Error is an error, the others warn or inform. */
        public boolean isError() {
            return type.endsWith("Error");
        }

        @Override
        public String toString() {
            return type + ": " + message;
        }
    }

    public record Deployment(
            @NonNull List<String> revisions, @NonNull Optional<Instant> deployedAt) {}

    /**
     * Source hydrator: Argo CD renders the dry commit into a hydrated one and syncs that.
     *
     * @param phase Hydrating, Hydrated, Failed or empty
     * @param attempted dry commit of the current operation, or empty
     * @param dry dry commit of the last success, or empty
     * @param hydrated what became of it, or empty
     * @param compared newest dry commit that was looked at, also when there was nothing to hydrate, or empty
     */
    public record Hydration(
            @NonNull String phase,
            @NonNull String message,
            @NonNull String attempted,
            @NonNull String dry,
            @NonNull String hydrated,
            @NonNull String compared) {}

    public boolean is(@NonNull Trait trait) {
        return traits.contains(trait);
    }

    /**
     * Whether health was looked at after the last sync ended, as far as whole seconds tell; before that it is the old
     * version's. Who has followed the Application can tell more.
     */
    public boolean isHealthCurrent() {
        Optional<Instant> finished = operation.flatMap(Operation::finishedAt);
        return finished.isEmpty()
                || reconciledAt.filter(at -> !at.isBefore(finished.get())).isPresent();
    }

    /** What runs now, when it is healthy and no sync is under way. */
    @NonNull
    public Optional<LiveRelease> live() {
        boolean settled = operation.map(last -> last.phase().isFinished()).orElse(true)
                && !is(Trait.OPERATION_REQUESTED)
                && !is(Trait.DELETING)
                && isHealthCurrent();
        if (!settled || health.state() != HealthState.HEALTHY) {
            return Optional.empty();
        }
        Optional<Instant> deployed = operation.flatMap(Operation::finishedAt);
        Optional<Instant> since = health.since()
                .map(healthy -> deployed.filter(healthy::isBefore).orElse(healthy))
                .or(() -> deployed);
        return Optional.of(new LiveRelease(name, Revisions.dry(this), images, since));
    }
}
