package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import java.math.BigInteger;
import java.time.Duration;
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
 * @param refresh the refresh that is requested and not done, if one is
 * @param reconciledAt when the comparison that produced this state began
 * @param images images of the live pods
 * @param history successful syncs, oldest first
 * @param resources those that are not healthy, as far as the Application resource tells (Argo CD 3 does not by default)
 * @param children Applications among its resources
 */
public record Observation(
        @NonNull ApplicationName name,
        @NonNull String resourceVersion,
        @NonNull Map<String, String> labels,
        @NonNull Set<Trait> traits,
        @NonNull Optional<Refresh> refresh,
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
        @NonNull List<ResourceState> resources,
        @NonNull List<ApplicationName> children) {

    /**
     * A comparison that begins within this time after a sync may read the cluster as it was before: then it shows
     * OutOfSync and the old health. Seen on Argo CD 3.5.1 for up to 7 s; only Synced rules it out.
     */
    public static final Duration STALE_LOOK = Duration.ofSeconds(15);

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
     * What runs now, healthy and with no sync under way.
     *
     * @param revisions commits of its sources (dry ones under a source hydrator), one for each source
     * @param images images of its pods as they are written there
     * @param healthySince since when this has been so, by the cluster's clock
     */
    public record LiveRelease(
            @NonNull ApplicationName application,
            @NonNull List<String> revisions,
            @NonNull List<String> images,
            @NonNull Optional<Instant> healthySince) {}

    /**
     * Whether health is that of what the last sync applied: by a comparison that began after the sync and shows Synced, or
     * by one that began well after it.
     */
    public boolean isHealthCurrent() {
        Duration doubt = sync == SyncState.SYNCED ? Duration.ZERO : STALE_LOOK;
        Optional<Instant> finished = operation.flatMap(Operation::finishedAt);
        return finished.isEmpty()
                || reconciledAt
                        .filter(at -> !at.isBefore(finished.get().plus(doubt)))
                        .isPresent();
    }

    /**
     * Whether this is the Application at this version or later.
     *
     * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions">versions are decimal
     *     numbers that grow</a>
     */
    public boolean isAtLeast(@NonNull String version) {
        return resourceVersion.equals(version)
                || resourceVersion.matches("\\d{1,30}")
                        && version.matches("\\d{1,30}")
                        && new BigInteger(resourceVersion).compareTo(new BigInteger(version)) > 0;
    }

    /** The same with resources that are not healthy, as another request found them. */
    @NonNull
    public Observation with(@NonNull List<ResourceState> unhealthy) {
        return unhealthy.isEmpty()
                ? this
                : new Observation(
                        name,
                        resourceVersion,
                        labels,
                        traits,
                        refresh,
                        sources,
                        sync,
                        revisions,
                        health,
                        operation,
                        reconciledAt,
                        conditions,
                        images,
                        history,
                        hydration,
                        unhealthy,
                        children);
    }

    /** Whether a sync is requested or under way. */
    public boolean isSyncing() {
        return is(Trait.OPERATION_REQUESTED)
                || operation.filter(last -> !last.phase().isFinished()).isPresent();
    }

    /**
     * Revisions as commits of the config repository: hydrated ones as the dry commits they came from.
     *
     * @return empty where it is not known from which dry commit they came
     */
    @NonNull
    public List<String> dry(@NonNull List<String> known) {
        if (hydration.isEmpty()) {
            return known;
        }
        Hydration last = hydration.get();
        boolean newest = !last.hydrated().isEmpty() && known.contains(last.hydrated());
        if (!newest) {
            return List.of();
        }
        // Where a dry commit changes nothing that is rendered, Argo CD only notes that it compared it.
        return List.of(last.compared().isEmpty() ? last.dry() : last.compared());
    }

    /** What runs now, when it is healthy and no sync is under way. */
    @NonNull
    public Optional<LiveRelease> live() {
        boolean settled = !isSyncing() && !is(Trait.DELETING) && isHealthCurrent();
        if (!settled || health.state() != HealthState.HEALTHY) {
            return Optional.empty();
        }
        Optional<Instant> deployed = operation.flatMap(Operation::finishedAt);
        Optional<Instant> since = health.since()
                .map(healthy -> deployed.filter(healthy::isBefore).orElse(healthy))
                .or(() -> deployed);
        return Optional.of(new LiveRelease(name, dry(revisions), images, since));
    }
}
