package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Applications to wait for, on one connection: one by its name, or every one that has certain labels at the time.
 *
 * @param connection name of the connection
 * @param namespace of the Application resources; null for the connection's own
 * @param name null where labels select
 * @param labels all of which an Application must have; empty where it is named
 */
public record AwaitedApplications(
        String connection,
        @CheckForNull String namespace,
        @CheckForNull String name,
        Map<String, String> labels) implements Serializable {

    /** As Kubernetes defines labels, so that nothing but a label reaches its API. */
    private static final Pattern LABEL = Pattern.compile(
            "((?:[a-z0-9][a-z0-9.-]{0,252}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)\\s*==?\\s*"
                    + "([A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)");

    /** @throws ArgoCdException (rejected) if something in it is not as Kubernetes has it */
    public AwaitedApplications {
        labels = Map.copyOf(labels);
        if (namespace != null) {
            ApplicationName.requireNamespace(namespace);
        }
        if (name != null) {
            ApplicationName.requireName(name);
        }
        if ((name == null) == labels.isEmpty()) {
            throw new IllegalArgumentException("select Applications by a name or by labels");
        }
        labels.forEach((key, value) -> {
            String label = key + "=" + value;
            if (!labels(label).equals(Map.of(key, value))) {
                throw invalid(label);
            }
        });
    }

    public static AwaitedApplications named(String connection, String name) {
        return new AwaitedApplications(connection, null, name, Map.of());
    }

    /**
     * The selector {@code key=value,…} taken apart.
     *
     * @throws ArgoCdException (rejected) if it is no selector of labels that must be equal
     */
    public static TreeMap<String, String> labels(String selector) {
        TreeMap<String, String> labels = new TreeMap<>();
        for (String term : selector.split(",")) {
            Matcher label = LABEL.matcher(term.strip());
            if (!label.matches()) {
                throw invalid(selector);
            }
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    private static ArgoCdException invalid(String selector) {
        return new ArgoCdException(
                Reason.REJECTED,
                "'" + selector + "' is not a list of equal labels; write key=value, several separated by commas.",
                null);
    }

    public boolean selects(Observation application) {
        return name == null
                ? application.labels().entrySet().containsAll(labels.entrySet())
                : application.name().name().equals(name);
    }

    /** The name, or the labels. */
    public String title() {
        return name != null ? name : text(labels);
    }

    /** Labels as {@code kubectl -l} takes them. */
    public static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }
}
