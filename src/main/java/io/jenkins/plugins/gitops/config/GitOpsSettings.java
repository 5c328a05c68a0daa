package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesJobs;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.verification.PrometheusApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** What is configured for an item: on its folders, the nearest first, then globally. No item is Jenkins itself. */
public final class GitOpsSettings {

    private GitOpsSettings() {}

    /** What a folder configures, or Jenkins itself, whose folder is null. */
    private record Place(
            @CheckForNull AbstractFolder<?> folder,
            List<ConfiguredRepository> repositories,
            List<ArgoCdConnection> connections,
            @CheckForNull ConfiguredDefaults defaults) {

        List<RepositoryConnector> repositoryConnectors() {
            return repositories.stream()
                    .map(repository -> new RepositoryConnector(repository, folder))
                    .toList();
        }

        List<ArgoCdConnector> connectors() {
            return connections.stream()
                    .map(connection -> new ArgoCdConnector(connection, folder))
                    .toList();
        }
    }

    /** The nearest first: the item, where it is a folder, the folders around it, Jenkins. */
    private static List<Place> around(@CheckForNull Item item) {
        List<Place> places = new ArrayList<>();
        for (Object at = item; at instanceof Item inside; at = inside.getParent()) {
            GitOpsFolderProperty set = inside instanceof AbstractFolder<?> folder
                    ? folder.getProperties().get(GitOpsFolderProperty.class)
                    : null;
            if (set != null) {
                places.add(new Place(
                        (AbstractFolder<?>) inside,
                        set.getRepositories(),
                        set.getArgoCdConnections(),
                        set.getDefaults()));
            }
        }
        GitOpsConfiguration jenkins = GitOpsConfiguration.get();
        places.add(new Place(null, jenkins.getRepositories(), jenkins.getArgoCdConnections(), jenkins.getDefaults()));
        return places;
    }

    /** Each name once: the nearest place has it. */
    private static <T> List<T> named(
            @CheckForNull Item item, Function<Place, List<T>> configured, Function<T, String> name) {
        Map<String, T> nearest = new LinkedHashMap<>();
        around(item)
                .forEach(place -> configured.apply(place).forEach(one -> nearest.putIfAbsent(name.apply(one), one)));
        return List.copyOf(nearest.values());
    }

    /** All of the nearest place that configures any. */
    private static <T> List<T> nearest(@CheckForNull Item item, Function<Place, List<T>> configured) {
        return around(item).stream()
                .map(configured)
                .filter(some -> !some.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** The config repositories an item may name; a nearer one hides another of the same name. */
    public static List<ConfiguredRepository> repositories(@CheckForNull Item item) {
        return repositoryConnectors(item).stream()
                .map(RepositoryConnector::repository)
                .toList();
    }

    static List<RepositoryConnector> repositoryConnectors(@CheckForNull Item item) {
        return named(
                item,
                Place::repositoryConnectors,
                connector -> connector.repository().getName());
    }

    /** Those an item may mean without a name: all of the nearest place that configures any. */
    static List<RepositoryConnector> nearestRepositories(@CheckForNull Item item) {
        return nearest(item, Place::repositoryConnectors);
    }

    /**
     * How the controller calls the Argo CD connection that an item means by a name.
     *
     * @param name as {@code gitops.yaml} or a step has it; null for the only one that the nearest place configures
     * @throws ConfigurationException if none is configured, or several are there and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     */
    public static String argoCdConnection(@CheckForNull Item item, @CheckForNull String name) {
        return connector(item, name).key();
    }

    /** The same for a run, which is recorded to use the connection's credentials. */
    public static String argoCdConnection(Run<?, ?> run, @CheckForNull String name) {
        ArgoCdConnector connector = connector(run.getParent(), name);
        connector.recordUseBy(run);
        return connector.key();
    }

    private static ArgoCdConnector connector(@CheckForNull Item item, @CheckForNull String name) {
        List<ArgoCdConnector> choice = name == null ? nearest(item, Place::connectors) : connectors(item);
        List<String> names = choice.stream().map(ArgoCdConnector::name).toList();
        if (name != null && !names.contains(name)) {
            throw new UnknownNameException(name, "Argo CD connection", "Jenkins", names);
        }
        if (names.isEmpty()) {
            throw new ConfigurationException("No Argo CD connection is configured in Jenkins: add one under"
                    + " Manage Jenkins » System » GitOps Promotion, or in a folder around the job.");
        }
        if (name == null && names.size() > 1) {
            throw new ConfigurationException(
                    "Several Argo CD connections are configured; choose one with 'connection' in the step, or in"
                            + " gitops.yaml as argocd: { connection: … }: one of " + String.join(", ", names) + ".");
        }
        return choice.get(name == null ? 0 : names.indexOf(name));
    }

    /** Opens the connection that {@link #argoCdConnection} named, with credentials of the place that configures it. */
    static ArgoCd openArgoCd(String key) {
        int end = key.lastIndexOf(ArgoCdConnector.SEPARATOR);
        return connectors(
                        end < 0 ? null : item(key.substring(0, end), Item.class).orElse(null))
                .stream()
                .filter(connector -> connector.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "The Argo CD connection '" + key + "' is no longer configured in Jenkins: add it again."))
                .open();
    }

    /**
     * The Jobs of the cluster of the Argo CD connection that an item means by a name; the caller closes it. Nothing is sent
     * yet.
     *
     * @throws ConfigurationException as {@link #argoCdConnection} does, and if it does not use the Kubernetes API
     */
    public static KubernetesJobs kubernetesJobs(@CheckForNull Item item, @CheckForNull String name) {
        return connector(item, name).openJobs();
    }

    /** An item, also one that the current user may not see; empty when there is none. */
    @SuppressWarnings("try") // being closed is all that it is for
    public static <T extends Item> Optional<T> item(String fullName, Class<T> kind) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return Optional.ofNullable(Jenkins.get().getItemByFullName(fullName, kind));
        }
    }

    private static List<ArgoCdConnector> connectors(@CheckForNull Item item) {
        return named(item, Place::connectors, ArgoCdConnector::name);
    }

    /** The Argo CD connections an item may name; a nearer one hides another of the same name. */
    public static List<ArgoCdConnection> argoCdConnections(@CheckForNull Item item) {
        return named(item, Place::connections, ArgoCdConnection::getName);
    }

    /** What holds for an item that sets nothing itself: of each setting what the nearest place sets. */
    public static ConfiguredDefaults defaults(@CheckForNull Item item) {
        return ConfiguredDefaults.of(around(item).stream()
                .map(Place::defaults)
                .filter(Objects::nonNull)
                .toList());
    }

    /** The signing key of the nearest defaults that name one. */
    static Optional<SigningKeys.Configured> defaultSigningKey(@CheckForNull Item item) {
        return around(item).stream()
                .flatMap(place -> Stream.ofNullable(place.defaults())
                        .map(ConfiguredDefaults::getSigningKeyId)
                        .filter(Objects::nonNull)
                        .map(id -> new SigningKeys.Configured(id, place.folder())))
                .findFirst();
    }

    /**
     * What asks a configured Prometheus.
     *
     * @throws UnknownNameException if none has the name, suggesting the nearest
     * @throws ConfigurationException if its address or certificate cannot be read
     */
    public static PrometheusApi prometheus(String name) {
        List<PrometheusConnection> all = GitOpsConfiguration.get().getPrometheusConnections();
        PrometheusConnection found = all.stream()
                .filter(connection -> connection.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        name,
                        "Prometheus connection",
                        "Jenkins",
                        all.stream().map(PrometheusConnection::getName).toList()));
        return found.open();
    }

    /** The container registries that are asked for an item's images. */
    public static List<ConfiguredRegistry> registries(@CheckForNull Item item) {
        return GitOpsConfiguration.get().getRegistries();
    }

    /** The rules for an item's images; empty for the usual ones. */
    public static Optional<ConfiguredImagePolicy> imagePolicy(@CheckForNull Item item) {
        return Optional.ofNullable(GitOpsConfiguration.get().getImagePolicy());
    }
}
