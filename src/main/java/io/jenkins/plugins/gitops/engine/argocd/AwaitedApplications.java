package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Applications to wait for, on one connection.
 *
 * @param connection name of the connection
 * @param namespace of the Application resources; empty for the connection's own
 * @param selector which ones
 */
public record AwaitedApplications(
        @NonNull String connection,
        @NonNull Optional<String> namespace,
        @NonNull Selector selector) {

    public AwaitedApplications {
        namespace.ifPresent(ApplicationName::requireNamespace);
    }

    /** By name or by labels. */
    public sealed interface Selector {

        boolean selects(@NonNull Observation application);

        /** The one Application it is about, where it names one. */
        @NonNull
        Optional<String> singleName();

        record ByName(@NonNull String name) implements Selector {

            public ByName {
                ApplicationName.requireName(name);
            }

            @Override
            public boolean selects(Observation application) {
                return application.name().name().equals(name);
            }

            @Override
            public Optional<String> singleName() {
                return Optional.of(name);
            }

            @Override
            public String toString() {
                return name;
            }
        }

        /** Every Application that has all these labels at the time; at least one must be there. */
        record ByLabels(@NonNull Map<String, String> labels) implements Selector {

            public ByLabels {
                labels = Map.copyOf(labels);
                if (labels.isEmpty()) {
                    throw new IllegalArgumentException("give at least one label to select Applications by");
                }
            }

            @Override
            public boolean selects(Observation application) {
                return application.labels().entrySet().containsAll(labels.entrySet());
            }

            @Override
            public Optional<String> singleName() {
                return Optional.empty();
            }

            /** As {@code kubectl -l} takes it. */
            @Override
            public String toString() {
                return new TreeMap<>(labels)
                        .entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.joining(","));
            }
        }
    }

    @NonNull
    public static AwaitedApplications named(@NonNull String connection, @NonNull String name) {
        return new AwaitedApplications(connection, Optional.empty(), new Selector.ByName(name));
    }
}
