package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
 * @param history revisions of the successful syncs, oldest first; one for each source
 * @param resources those that are not healthy, as far as the Application resource tells (Argo CD 3 does not by default)
 * @param children Applications among its resources
 */
public record Observation(
        ApplicationName name,
        String resourceVersion,
        Map<String, String> labels,
        Set<Trait> traits,
        Optional<Refresh> refresh,
        List<Source> sources,
        SyncState sync,
        List<String> revisions,
        Health health,
        Optional<Operation> operation,
        Optional<Instant> reconciledAt,
        List<Condition> conditions,
        List<String> images,
        List<List<String>> history,
        Optional<Hydration> hydration,
        List<ResourceState> resources,
        List<ApplicationName> children) {

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
        /** The last sync was of chosen resources only. */
        PARTLY_SYNCED,
        /** The cluster has a resource that Git does not have any more, and syncs do not delete it. */
        NEEDS_PRUNING,
        /** Other Applications are among its resources; their health is not part of its own. */
        APP_OF_APPS
    }

    /** {@code status.sync.status}: whether the cluster is as the compared revision says. */
    public enum SyncState {
        SYNCED,
        OUT_OF_SYNC,
        UNKNOWN;

        /** What Argo CD writes; anything new to us, and nothing, is unknown. */
        public static SyncState of(String word) {
            return read(word, UNKNOWN);
        }

        @Override
        public String toString() {
            return written(this);
        }
    }

    /**
     * @param repository its address in the form that {@link #address} gives
     * @param targetRevision branch, tag, commit or chart version it follows; empty for HEAD
     */
    public record Source(String repository, String targetRevision) {

        private static final Pattern SCHEME_AND_USER = Pattern.compile("^(?:[a-z+]+://)?(?:[^@/]*@)?");
        private static final Pattern PORT_OR_COLON = Pattern.compile("^([^/:]+):(?:\\d+/)?");
        private static final Pattern END = Pattern.compile("(?:\\.git)?/*$");

        public Source {
            repository = address(repository);
        }

        /** The same for every way to write it: with and without {@code .git}, user, port and, for SSH, scheme. */
        public static String address(String url) {
            String rest = SCHEME_AND_USER.matcher(url.strip()).replaceFirst("");
            rest = PORT_OR_COLON.matcher(rest).replaceFirst("$1/");
            return END.matcher(rest).replaceFirst("").toLowerCase(Locale.ROOT);
        }
    }

    public record Health(HealthState state, String message, Optional<Instant> since) {}

    /**
     * The sync that runs or ran last.
     *
     * @param revisions what it synced or is to sync, one for each source; empty when it never came to know
     * @param marks names in {@code operation.info} with their values: who asked for it
     * @param failedResources what the sync result says went wrong
     */
    public record Operation(
            Phase phase,
            String message,
            List<String> revisions,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            long retries,
            Map<String, String> marks,
            List<ResourceState> failedResources) {

        /** What Argo CD says in the message then. */
        public static final String BLOCKED = "blocked by sync window";

        /** {@code status.operationState.phase}. While Argo CD still retries, the phase stays Running. */
        public enum Phase {
            RUNNING,
            TERMINATING,
            SUCCEEDED,
            FAILED,
            ERROR;

            /** What Argo CD writes; a phase new to us counts as running, since nothing can be concluded from it. */
            public static Phase of(String word) {
                return read(word, RUNNING);
            }

            @Override
            public String toString() {
                return written(this);
            }
        }

        public boolean isFinished() {
            return phase != Phase.RUNNING && phase != Phase.TERMINATING;
        }

        public boolean isFailed() {
            return phase == Phase.FAILED || phase == Phase.ERROR;
        }

        /** Whether a closed sync window keeps it from beginning, or from being terminated, until it opens. */
        public boolean isBlocked() {
            return !isFinished() && message.contains(BLOCKED);
        }
    }

    public record Condition(String type, String message, Optional<Instant> since) {

        private static final Pattern OUTAGE = Pattern.compile("\\bcode = (Unavailable|DeadlineExceeded|Canceled)\\b");

        /** Argo CD's convention: a type that ends in Error is an error, the others warn or inform. */
        public boolean isError() {
            return type.endsWith("Error");
        }

        /** Whether auto-sync did not start, or will not start again. */
        public boolean isSyncError() {
            return type.equals("SyncError");
        }

        /** An error, of whatever kind, that may pass. */
        public boolean isTrouble() {
            return isError() && !isSyncError();
        }

        /** Whether a part of Argo CD did not answer another, by gRPC's status codes: that says nothing of the commit. */
        public boolean isOutage() {
            return OUTAGE.matcher(message).find();
        }

        @Override
        public String toString() {
            return type + ": " + message;
        }
    }

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
            String phase, String message, String attempted, String dry, String hydrated, String compared) {

        public boolean isFailed() {
            return phase.equals("Failed");
        }

        public boolean isUnderWay() {
            return phase.equals("Hydrating");
        }
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

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
    public boolean isAtLeast(String version) {
        return resourceVersion.equals(version)
                || resourceVersion.matches("\\d{1,30}")
                        && version.matches("\\d{1,30}")
                        && new BigInteger(resourceVersion).compareTo(new BigInteger(version)) > 0;
    }

    /** The same with resources that are not healthy, as another request found them. */
    public Observation with(List<ResourceState> unhealthy) {
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
                || operation.filter(last -> !last.isFinished()).isPresent();
    }

    /**
     * Revisions as commits of the config repository: hydrated ones as the dry commits they came from.
     *
     * @return empty where it is not known from which dry commit they came
     */
    public List<String> dry(List<String> known) {
        List<String> hydratedFrom = hydratedFrom(known);
        return hydratedFrom.isEmpty() || !isOnlyCompared()
                ? hydratedFrom
                : List.of(hydration.orElseThrow().compared());
    }

    private List<String> hydratedFrom(List<String> known) {
        return hydration
                .map(last -> !last.hydrated().isEmpty() && known.contains(last.hydrated())
                        ? List.of(last.dry())
                        : List.<String>of())
                .orElse(known);
    }

    /**
     * Whether the newest dry commit was only looked at: either there was nothing to hydrate, or its hydration is about to
     * begin, which Argo CD writes in the same way. A commit that is being hydrated, or could not be, is not one of these.
     */
    public boolean isOnlyCompared() {
        return hydration
                .filter(last -> !last.isUnderWay() && !last.isFailed())
                .filter(last -> !last.compared().isEmpty() && !last.compared().equals(last.dry()))
                .isPresent();
    }

    /** Whether what runs now is healthy and no sync is under way. */
    public boolean isLive() {
        return !isSyncing() && !is(Trait.DELETING) && isHealthCurrent() && health.state() == HealthState.HEALTHY;
    }

    /** Since when what runs now has been healthy, by the cluster's clock. */
    public Optional<Instant> healthySince() {
        Optional<Instant> deployed = operation.flatMap(Operation::finishedAt);
        return health.since()
                .map(healthy -> deployed.filter(healthy::isBefore).orElse(healthy))
                .or(() -> deployed);
    }

    /**
     * The commit of a config repository that runs, healthy and with no sync under way. While Argo CD sees a newer commit
     * that it has not synced yet, that is the commit of the last successful sync and not the newer one. With a source
     * hydrator it is the commit that was hydrated, never one that was only looked at.
     *
     * @param repository address of the config repository, to tell the sources apart
     * @return empty when nothing settled runs, or Argo CD does not tell which commit
     */
    public Optional<String> liveCommit(String repository) {
        if (!isLive()) {
            return Optional.empty();
        }
        List<String> running = sync == SyncState.SYNCED
                ? hydratedFrom(revisions)
                : operation
                        .filter(last -> last.phase() == Operation.Phase.SUCCEEDED)
                        .map(last -> hydratedFrom(last.revisions()))
                        .orElse(List.of());
        String address = Source.address(repository);
        for (int i = 0; i < running.size() && i < sources.size(); i++) {
            if (sources.get(i).repository().equals(address)) {
                return Optional.of(running.get(i));
            }
        }
        // Argo CD may know the repository by another address; with one source there is no doubt which it is.
        return running.size() == 1 ? Optional.of(running.get(0)) : Optional.empty();
    }

    /** The constant that Argo CD writes as this word. */
    static <E extends Enum<E>> E read(String word, E otherwise) {
        return Arrays.stream(otherwise.getDeclaringClass().getEnumConstants())
                .filter(constant -> written(constant).equals(word))
                .findFirst()
                .orElse(otherwise);
    }

    /** A constant as Argo CD writes it: {@code OutOfSync}. */
    static String written(Enum<?> constant) {
        return Arrays.stream(constant.name().split("_"))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
