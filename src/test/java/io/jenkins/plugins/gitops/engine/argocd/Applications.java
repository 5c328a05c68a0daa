package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Health;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Operation;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Scope;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Source;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Trait;
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
    public static ObservedApplication waiting(String name, String commit) {
        return application(name, commit, 0, HealthState.HEALTHY);
    }

    public static ObservedApplication live(String name, String commit, int version) {
        return application(name, commit, version, HealthState.HEALTHY);
    }

    public static ObservedApplication degraded(String name, String commit, int version) {
        return application(name, commit, version, HealthState.DEGRADED);
    }

    /** Compared at a commit and not synced to it: healthy at the one before, with version 0 of the image. */
    public static ObservedApplication outOfSync(String name, String commit, String before) {
        ObservedApplication was = waiting(name, before);
        return new ObservedApplication(
                was.name(),
                was.resourceVersion(),
                was.labels(),
                was.traits(),
                was.sources(),
                SyncState.OUT_OF_SYNC,
                List.of(commit),
                was.health(),
                was.operation(),
                was.reconciledAt(),
                was.conditions(),
                was.images(),
                was.history(),
                was.hydration(),
                was.resources());
    }

    private static ObservedApplication application(String name, String commit, int version, HealthState health) {
        return new ObservedApplication(
                new ApplicationName("argocd", name),
                "7",
                Map.of("team", "shop"),
                Set.of(Trait.AUTO_SYNC),
                List.of(new Source("https://git.example.com/acme/config.git", "main")),
                SyncState.SYNCED,
                List.of(commit),
                new Health(health, "", Optional.of(SYNCED)),
                Optional.of(new Operation(
                        OperationPhase.SUCCEEDED,
                        "successfully synced (all tasks run)",
                        List.of(commit),
                        Scope.WHOLE,
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
                List.of());
    }
}
