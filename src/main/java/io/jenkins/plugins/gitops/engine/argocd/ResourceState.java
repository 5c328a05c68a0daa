package io.jenkins.plugins.gitops.engine.argocd;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One resource of an Application and how it fares.
 *
 * @param namespace empty for cluster-scoped ones
 * @param message Argo CD's own words, or empty
 * @param newPodSince when it was created, of a pod of the newest version of its workload; empty for anything else
 * @param version what tells the newest version of a Rollout from any other; empty for anything else
 */
public record ResourceState(
        String kind,
        String namespace,
        String name,
        HealthState health,
        String message,
        Optional<Instant> newPodSince,
        Optional<String> version) {

    /** Kubelet's reasons why a container cannot be started or does not keep running, and its messages then. */
    private static final Pattern STUCK =
            Pattern.compile("\\b(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|ImageInspectError"
                    + "|RegistryUnavailable|SignatureValidationFailed|CrashLoopBackOff|CreateContainerConfigError"
                    + "|CreateContainerError|RunContainerError|PreStartHookError|PostStartHookError)\\b"
                    + "|(?i:back-off pulling image|back-off \\S+ restarting failed container)");

    /** What is neither a pod of the newest version of its workload nor a Rollout. */
    public ResourceState(String kind, String namespace, String name, HealthState health, String message) {
        this(kind, namespace, name, health, message, Optional.empty(), Optional.empty());
    }

    /** {@code Deployment/shop-api}, as people say it. */
    public String title() {
        return kind + "/" + name;
    }

    /**
     * Whether it is a pod of its workload's newest version of which a container cannot be started, for example because its
     * image cannot be pulled, or crashes again and again.
     */
    public boolean isStuck() {
        return newPodSince.isPresent() && isStuck(message);
    }

    /** Whether it is a Rollout of Argo Rollouts. */
    public boolean isRollout() {
        return kind.equals("Rollout");
    }

    /** Whether it is a Rollout that is paused, until somebody resumes it or the pause is over. */
    public boolean isPaused() {
        return isRollout() && message.startsWith("is paused");
    }

    /**
     * Whether it is a Rollout that stays paused until somebody resumes it. Only the Rollout itself shows that: Argo CD
     * also calls a Rollout Suspended whose pause ends by itself.
     */
    public boolean isPausedRollout() {
        return isPaused() && health == HealthState.SUSPENDED;
    }

    /** The version of a Rollout and how it fares, as text: a later version at the same step is not the same. */
    public String standing() {
        return version.map(known -> known + " ").orElse("") + this;
    }

    /** Whether these are the words of such a pod. */
    public static boolean isStuck(String message) {
        return STUCK.matcher(message).find();
    }

    /** {@code Deployment shop/shop-api: Degraded, ImagePullBackOff}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name + ": " + health
                + (message.isEmpty() ? "" : ", " + message);
    }
}
