package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.net.URI;

/**
 * Which Argo CD Application.
 *
 * @param namespace Kubernetes namespace of the Application resource (not of what it deploys)
 */
public record ApplicationName(
        @NonNull String namespace, @NonNull String name) implements Serializable, Comparable<ApplicationName> {

    private static final long serialVersionUID = 1L;

    public ApplicationName {
        if (namespace.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("an Application has a namespace and a name");
        }
    }

    @Override
    public int compareTo(ApplicationName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code argocd/shop-prod}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }

    /**
     * The Application's page in Argo CD's UI.
     *
     * @param ui address of the UI, with its root path if it has one
     */
    @NonNull
    public URI page(@NonNull URI ui) {
        return URI.create(ui.toString().replaceFirst("/+$", "") + "/applications/" + this);
    }
}
