package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place where an application runs.
 *
 * @param after environments a release comes from; empty for the first one
 * @param afterPolicy whether it must have been in all of those or in any
 * @param branchName branch of the config repository, or null for the repository's configured one
 * @param folderName relative to which files are carried, {@code .} for the root, or null for that of the first file
 * @param files where the images stand; empty where only infrastructure is
 * @param repositories image name to {@code registry/repository}, of images that this environment takes from a place of its
 *     own
 * @param applications the Argo CD Applications that deploy it; empty when nobody watches
 * @param gateDefinition what a promotion into it needs, or null when it is open
 * @param rollbackPolicy how it recovers, or null for {@link RollbackPolicy#DEFAULT}
 * @param verificationDefinition what must hold of a release once it is healthy, or null for nothing
 * @param terraformFolder with the sources of its infrastructure, {@code .} for the root, or null where it has none
 * @param deliveryDefinition how pull requests bring releases, or null where commits do
 */
public record Environment(
        String name,
        List<String> after,
        AfterPolicy afterPolicy,
        @CheckForNull String branchName,
        @CheckForNull String folderName,
        List<ManifestFile> files,
        Map<String, String> repositories,
        List<ArgoApplication> applications,
        @CheckForNull GateDefinition gateDefinition,
        @CheckForNull RollbackPolicy rollbackPolicy,
        @CheckForNull VerificationDefinition verificationDefinition,
        @CheckForNull String terraformFolder,
        @CheckForNull DeliveryDefinition deliveryDefinition) {

    /** An environment that comes after all it names, with the defaults for what later versions of the format added. */
    public Environment(
            String name,
            List<String> after,
            @CheckForNull String branchName,
            List<ManifestFile> files,
            List<ArgoApplication> applications,
            @CheckForNull GateDefinition gateDefinition) {
        this(
                name,
                after,
                AfterPolicy.ALL,
                branchName,
                null,
                files,
                Map.of(),
                applications,
                gateDefinition,
                null,
                null,
                null,
                null);
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
    public record ArgoApplication(
            String name,
            @CheckForNull String connection,
            @CheckForNull String namespace) {}

    public Optional<String> branch() {
        return Optional.ofNullable(branchName);
    }

    /** Its folder in the repository, empty for the root: the declared one, or the one of the file that it declares first. */
    public Optional<String> folder() {
        if (folderName != null) {
            return Optional.of(folderName.equals(".") ? "" : folderName);
        }
        return files.stream()
                .findFirst()
                .map(file -> file.path().substring(0, Math.max(0, file.path().lastIndexOf('/'))));
    }

    /** Whether a release may come by a bump: there is no gate, or one that allows it. */
    public boolean takesBumps() {
        return gateDefinition == null || gateDefinition.bump() == GateDefinition.Bumps.ALLOWED;
    }

    public Optional<GateDefinition> gate() {
        return Optional.ofNullable(gateDefinition);
    }

    /** How it recovers. */
    public RollbackPolicy rollback() {
        return rollbackPolicy == null ? RollbackPolicy.DEFAULT : rollbackPolicy;
    }

    /** The folder with the sources of its infrastructure, empty for the root. */
    public Optional<String> terraform() {
        return Optional.ofNullable(terraformFolder).map(folder -> folder.equals(".") ? "" : folder);
    }

    /** Whether there is nothing but infrastructure. */
    public boolean isInfrastructure() {
        return files.isEmpty() && folderName == null && terraformFolder != null;
    }

    /** How pull requests bring releases; empty where commits do. */
    public Optional<DeliveryDefinition> delivery() {
        return Optional.ofNullable(deliveryDefinition);
    }

    /** What must hold of a release here once it is healthy, before it counts as verified. */
    public Optional<VerificationDefinition> verification() {
        return Optional.ofNullable(verificationDefinition);
    }
}
