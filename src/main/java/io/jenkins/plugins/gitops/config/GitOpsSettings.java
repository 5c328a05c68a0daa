package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.util.List;
import java.util.Optional;

/** What is configured for an item: on its folders, the nearest first, then globally. No item is Jenkins itself. */
public final class GitOpsSettings {

    private GitOpsSettings() {}

    /** The config repositories an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ConfiguredRepository> repositories(@CheckForNull Item item) {
        return GitOpsConfiguration.get().getRepositories();
    }

    /**
     * How the controller calls the Argo CD connection that an item means by a name.
     *
     * @param name as {@code gitops.yaml} or a step has it; null for the only one configured
     * @throws ConfigurationException if none is configured, or several are and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     */
    @NonNull
    public static String argoCdConnection(@CheckForNull Item item, @CheckForNull String name) {
        List<ArgoCdConnection> configured = argoCdConnections(item);
        List<String> names = configured.stream().map(ArgoCdConnection::getName).toList();
        if (name != null && !names.contains(name)) {
            throw new UnknownNameException(name, "Argo CD connection", "Jenkins", names);
        }
        if (name == null && names.isEmpty()) {
            throw new ConfigurationException("No Argo CD connection is configured in Jenkins: add one under"
                    + " Manage Jenkins » System » GitOps Promotion.");
        }
        if (name == null && names.size() > 1) {
            throw new ConfigurationException("Which Argo CD connection is meant is not said: give it in gitops.yaml, as"
                    + " argocd: { connection: … }, or in the step, one of " + String.join(", ", names) + ".");
        }
        return new ConnectionKey("", name == null ? names.get(0) : name).toString();
    }

    /** Opens the connection that {@link #argoCdConnection} named. */
    @NonNull
    static ArgoCd openArgoCd(@NonNull String key) {
        ConnectionKey wanted = ConnectionKey.parse(key);
        return GitOpsConfiguration.get().getArgoCdConnections().stream()
                .filter(candidate -> candidate.getName().equals(wanted.name()))
                .findFirst()
                .map(found -> new ArgoCdOpening(found, CredentialLookup.in(null)).open())
                .orElseThrow(() -> new ConfigurationException(
                        "The Argo CD connection '" + key + "' is gone from Jenkins' configuration: add it again."));
    }

    /** The Argo CD connections an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ArgoCdConnection> argoCdConnections(@CheckForNull Item item) {
        return GitOpsConfiguration.get().getArgoCdConnections();
    }

    /** The container registries that are asked for an item's images. */
    @NonNull
    public static List<ConfiguredRegistry> registries(@CheckForNull Item item) {
        return GitOpsConfiguration.get().getRegistries();
    }

    /** The rules for an item's images; empty for the usual ones. */
    @NonNull
    public static Optional<ConfiguredImagePolicy> imagePolicy(@CheckForNull Item item) {
        return Optional.ofNullable(GitOpsConfiguration.get().getImagePolicy());
    }
}
