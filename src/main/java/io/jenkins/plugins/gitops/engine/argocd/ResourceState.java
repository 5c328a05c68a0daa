package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * One resource of an Application and how it fares.
 *
 * @param namespace empty for cluster-scoped ones
 * @param message Argo CD's own words, or empty
 */
public record ResourceState(
        @NonNull String kind,
        @NonNull String namespace,
        @NonNull String name,
        @NonNull HealthState health,
        @NonNull String message) {

    /** {@code Deployment/shop-api}, as people say it. */
    @NonNull
    public String title() {
        return kind + "/" + name;
    }

    /** {@code Deployment shop/shop-api: Degraded, ImagePullBackOff}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name + ": " + health
                + (message.isEmpty() ? "" : ", " + message);
    }
}
