package io.jenkins.plugins.gitops.engine.argocd;

import java.util.regex.Pattern;

/**
 * One resource of an Application and how it fares.
 *
 * @param namespace empty for cluster-scoped ones
 * @param message Argo CD's own words, or empty
 */
public record ResourceState(String kind, String namespace, String name, HealthState health, String message) {

    /** Kubelet's reasons and messages. */
    private static final Pattern PULL_FAILURE =
            Pattern.compile("ImagePullBackOff|ErrImagePull|InvalidImageName|(?i:back-off pulling image)");

    /** {@code Deployment/shop-api}, as people say it. */
    public String title() {
        return kind + "/" + name;
    }

    /** Whether it is a pod that cannot pull an image: unlike a crash this seldom passes by itself. */
    public boolean isPullFailure() {
        return kind.equals("Pod") && PULL_FAILURE.matcher(message).find();
    }

    /** {@code Deployment shop/shop-api: Degraded, ImagePullBackOff}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name + ": " + health
                + (message.isEmpty() ? "" : ", " + message);
    }
}
