package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.Observation.Health;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Source;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applications in states that tests wait on. */
public final class Applications {

    private static final Instant SYNCED = Instant.parse("2026-08-01T10:00:00Z");

    private Applications() {}

    /** Healthy at a commit, with version 0 of the image. */
    public static Observation waiting(String name, String commit) {
        return application(name, commit, 0, HealthState.HEALTHY);
    }

    public static Observation live(String name, String commit, int version) {
        return application(name, commit, version, HealthState.HEALTHY);
    }

    public static Observation degraded(String name, String commit, int version) {
        return application(name, commit, version, HealthState.DEGRADED);
    }

    /** Healthy at a commit, while a refresh is requested. */
    public static Observation refreshing(String name, String commit) {
        Observation was = waiting(name, commit);
        return copy(
                was,
                was.resourceVersion(),
                Optional.of(ArgoCd.Refresh.NORMAL),
                was.sync(),
                was.revisions(),
                was.operation());
    }

    /** The same as of another version of the resource. */
    public static Observation at(String resourceVersion, Observation was) {
        return copy(was, resourceVersion, was.refresh(), was.sync(), was.revisions(), was.operation());
    }

    /** Compared at a commit and not synced to it: healthy at the one before, with version 0 of the image. */
    public static Observation outOfSync(String name, String commit, String before) {
        Observation was = waiting(name, before);
        return copy(was, was.resourceVersion(), was.refresh(), SyncState.OUT_OF_SYNC, List.of(commit), was.operation());
    }

    /** The same, with a sync of the commit that was requested while a sync window is closed. */
    public static Observation blocked(String name, String commit, String before) {
        Observation was = outOfSync(name, commit, before);
        Operation operation = new Operation(
                Operation.Phase.RUNNING,
                "Sync operation blocked by sync window",
                List.of(commit),
                Optional.of(SYNCED.plusSeconds(1)),
                Optional.empty(),
                0,
                Map.of(),
                List.of());
        return copy(was, was.resourceVersion(), was.refresh(), was.sync(), was.revisions(), Optional.of(operation));
    }

    private static Observation copy(
            Observation was,
            String resourceVersion,
            Optional<ArgoCd.Refresh> refresh,
            SyncState sync,
            List<String> revisions,
            Optional<Operation> operation) {
        return new Observation(
                was.name(),
                resourceVersion,
                was.labels(),
                was.traits(),
                refresh,
                was.sources(),
                sync,
                revisions,
                was.health(),
                operation,
                was.reconciledAt(),
                was.conditions(),
                was.images(),
                was.history(),
                was.hydration(),
                was.resources(),
                was.children());
    }

    /** Synced to a commit, with a Rollout that is paused. */
    public static Observation suspended(String name, String commit, int version) {
        return application(name, commit, version, HealthState.SUSPENDED);
    }

    /** Synced to a commit, with a rollout that is under way. */
    public static Observation progressing(String name, String commit, int version) {
        return application(name, commit, version, HealthState.PROGRESSING);
    }

    private static Observation application(String name, String commit, int version, HealthState health) {
        return new Observation(
                new ApplicationName("argocd", name),
                "7",
                Map.of("team", "shop"),
                Set.of(Trait.AUTO_SYNC),
                Optional.empty(),
                List.of(new Source("https://git.example.com/acme/config.git", "main")),
                SyncState.SYNCED,
                List.of(commit),
                new Health(health, "", Optional.of(SYNCED)),
                Optional.of(new Operation(
                        Operation.Phase.SUCCEEDED,
                        "successfully synced (all tasks run)",
                        List.of(commit),
                        Optional.of(SYNCED),
                        Optional.of(SYNCED),
                        0,
                        Map.of(),
                        List.of())),
                Optional.of(SYNCED.plusSeconds(1)),
                List.of(),
                List.of("ghcr.io/acme/shop:" + version),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }
}
