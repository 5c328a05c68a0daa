package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Opens Argo CD connections by the names they have in the configuration. */
@FunctionalInterface
public interface ArgoCdProvider {

    /**
     * A new connection; the caller closes it. May block.
     *
     * @throws ArgoCdException if there is none of that name, or its credentials are gone
     */
    @NonNull
    ArgoCd open(@NonNull String connection);
}
