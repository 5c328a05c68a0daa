package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Optional;

/**
 * A place where an application runs.
 *
 * @param after environments a release comes from; empty for the first one
 * @param afterPolicy whether it must have been in all of those or in any
 * @param branchName branch of the config repository, or null for the repository's configured one
 * @param files where the images stand; not empty
 * @param applications the Argo CD Applications that deploy it; empty when nobody watches
 * @param gateDefinition what a promotion into it needs, or null when it is open
 * @param rollback how it recovers
 */
public record Environment(
        @NonNull String name,
        @NonNull List<String> after,
        @NonNull AfterPolicy afterPolicy,
        String branchName,
        @NonNull List<ManifestFile> files,
        @NonNull List<ArgoApplication> applications,
        GateDefinition gateDefinition,
        @NonNull RollbackPolicy rollback) {

    /** An environment that comes after all it names, with the defaults for what later versions of the format added. */
    public Environment(
            @NonNull String name,
            @NonNull List<String> after,
            String branchName,
            @NonNull List<ManifestFile> files,
            @NonNull List<ArgoApplication> applications,
            GateDefinition gateDefinition) {
        this(name, after, AfterPolicy.ALL, branchName, files, applications, gateDefinition, RollbackPolicy.DEFAULT);
    }

    /** How several predecessors count. */
    public enum AfterPolicy {
        /** The release must be live and healthy in every one of them. */
        ALL,
        /** One is enough. */
        ANY
    }

    /**
     * An Argo CD Application by name.
     *
     * @param connection name of the Argo CD connection in Jenkins, or null for the only or default one
     * @param namespace Kubernetes namespace of the Application resource, or null for the connection's own
     */
    public record ArgoApplication(@NonNull String name, String connection, String namespace) {}

    @NonNull
    public Optional<String> branch() {
        return Optional.ofNullable(branchName);
    }

    /** Whether a release may come by a bump: there is no gate, or one that allows it. */
    public boolean takesBumps() {
        return gateDefinition == null || gateDefinition.bump() == GateDefinition.Bumps.ALLOWED;
    }

    @NonNull
    public Optional<GateDefinition> gate() {
        return Optional.ofNullable(gateDefinition);
    }
}
