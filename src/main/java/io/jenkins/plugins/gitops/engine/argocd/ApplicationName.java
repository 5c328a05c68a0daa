package io.jenkins.plugins.gitops.engine.argocd;

import java.io.Serializable;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Which Argo CD Application.
 *
 * @param namespace Kubernetes namespace of the Application resource (not of what it deploys)
 */
public record ApplicationName(String namespace, String name) implements Serializable, Comparable<ApplicationName> {

    /** DNS-1123. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*+");

    public ApplicationName {
        requireNamespace(namespace);
        requireName(name);
    }

    /**
     * Kubernetes' own rule: anything else would make the path of a request lead elsewhere.
     *
     * @throws ArgoCdException (rejected) if no namespace can be called so
     */
    public static void requireNamespace(String namespace) {
        if (!LABEL.matcher(namespace).matches()) {
            throw refused("namespace", namespace, "at most 63 lowercase letters, digits and '-'");
        }
    }

    /** @throws ArgoCdException (rejected) if no Application can be called so */
    static void requireName(String name) {
        if (name.length() > 253 || !SUBDOMAIN.matcher(name).matches()) {
            throw refused("Application", name, "at most 253 lowercase letters, digits, '-' and '.'");
        }
    }

    private static ArgoCdException refused(String what, String text, String rule) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return new ArgoCdException(
                ArgoCdException.Reason.REJECTED,
                "'" + shown.replaceAll("\\p{Cntrl}", "?") + "' is not a valid " + what + " name: it has " + rule + ".",
                null);
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
    public URI page(URI ui) {
        return URI.create(ui.toString().replaceFirst("/+$", "") + "/applications/" + this);
    }
}
