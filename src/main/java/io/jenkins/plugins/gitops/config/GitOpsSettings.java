package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.ConfiguredPlaces.Placed;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** What is configured for an item: on its folders, the nearest first, then globally. No item is Jenkins itself. */
public final class GitOpsSettings {

    private static final ConfiguredPlaces<ConfiguredRepository> REPOSITORIES =
            new ConfiguredPlaces<>(GitOpsFolderProperty::getRepositories, ConfiguredRepository::getName);

    private static final ConfiguredPlaces<ArgoCdConnection> CONNECTIONS =
            new ConfiguredPlaces<>(GitOpsFolderProperty::getArgoCdConnections, ArgoCdConnection::getName);

    private static final ConfiguredPlaces<ConfiguredDefaults> DEFAULTS = new ConfiguredPlaces<>(
            folder -> Stream.ofNullable(folder.getDefaults()).toList(), any -> "");

    /** Between the full name of a folder and the name of a connection there: folders may have connections of one name. */
    private static final String SEPARATOR = " » ";

    private GitOpsSettings() {}

    /** The config repositories an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ConfiguredRepository> repositories(@CheckForNull Item item) {
        return REPOSITORIES.around(item, GitOpsConfiguration.get().getRepositories()).stream()
                .map(Placed::configured)
                .toList();
    }

    /** Those an item may mean without a name: all of the nearest place that configures any. */
    @NonNull
    static List<ConfiguredRepository> nearestRepositories(@CheckForNull Item item) {
        return REPOSITORIES.nearest(item, GitOpsConfiguration.get().getRepositories()).stream()
                .map(Placed::configured)
                .toList();
    }

    /**
     * How the controller calls the Argo CD connection that an item means by a name.
     *
     * @param name as {@code gitops.yaml} or a step has it; null for the only one that the nearest place configures
     * @throws ConfigurationException if none is configured, or several are there and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     */
    @NonNull
    public static String argoCdConnection(@CheckForNull Item item, @CheckForNull String name) {
        return key(placedConnection(item, name));
    }

    /** The same for a run, which is recorded to use the connection's credentials. */
    @NonNull
    public static String argoCdConnection(@NonNull Run<?, ?> run, @CheckForNull String name) {
        Placed<ArgoCdConnection> meant = placedConnection(run.getParent(), name);
        new ArgoCdOpening(meant.configured(), meant.folder()).recordUseBy(run);
        return key(meant);
    }

    private static String key(Placed<ArgoCdConnection> placed) {
        String scope = placed.scope();
        return (scope.isEmpty() ? "" : scope + SEPARATOR) + placed.configured().getName();
    }

    private static Placed<ArgoCdConnection> placedConnection(@CheckForNull Item item, @CheckForNull String name) {
        List<Placed<ArgoCdConnection>> choice = name == null
                ? CONNECTIONS.nearest(item, GitOpsConfiguration.get().getArgoCdConnections())
                : placedConnections(item);
        List<String> names =
                choice.stream().map(placed -> placed.configured().getName()).toList();
        if (name != null && !names.contains(name)) {
            throw new UnknownNameException(name, "Argo CD connection", "Jenkins", names);
        }
        if (names.isEmpty()) {
            throw new ConfigurationException("No Argo CD connection is configured in Jenkins: add one under"
                    + " Manage Jenkins » System » GitOps Promotion, or in a folder around the job.");
        }
        if (name == null && names.size() > 1) {
            throw new ConfigurationException(
                    "Several Argo CD connections are configured; choose one with 'connection' in"
                            + " the step, or in gitops.yaml as argocd: { connection: … }: one of "
                            + String.join(", ", names) + ".");
        }
        return choice.get(name == null ? 0 : names.indexOf(name));
    }

    /** Opens the connection that {@link #argoCdConnection} named, with credentials of the place that configures it. */
    @NonNull
    static ArgoCd openArgoCd(@NonNull String key) {
        int end = key.lastIndexOf(SEPARATOR);
        return placedConnections(end < 0 ? null : folder(key.substring(0, end))).stream()
                .filter(placed -> key(placed).equals(key))
                .findFirst()
                .map(placed -> new ArgoCdOpening(placed.configured(), placed.folder()).open())
                .orElseThrow(() -> new ConfigurationException(
                        "The Argo CD connection '" + key + "' is gone from Jenkins' configuration: add it again."));
    }

    /** A user who may see the job may not see the folder. */
    @CheckForNull
    @SuppressWarnings("try") // being closed is all that it is for
    private static Item folder(String fullName) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return Jenkins.get().getItemByFullName(fullName, Item.class);
        }
    }

    private static List<Placed<ArgoCdConnection>> placedConnections(@CheckForNull Item item) {
        return CONNECTIONS.around(item, GitOpsConfiguration.get().getArgoCdConnections());
    }

    /** The Argo CD connections an item may name; a nearer one hides another of the same name. */
    @NonNull
    public static List<ArgoCdConnection> argoCdConnections(@CheckForNull Item item) {
        return placedConnections(item).stream().map(Placed::configured).toList();
    }

    /** What holds for an item that sets nothing itself: of each setting what the nearest place sets. */
    @NonNull
    public static ConfiguredDefaults defaults(@CheckForNull Item item) {
        List<ConfiguredDefaults> inJenkins =
                Stream.ofNullable(GitOpsConfiguration.get().getDefaults()).toList();
        return ConfiguredDefaults.of(DEFAULTS.all(item, inJenkins));
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
