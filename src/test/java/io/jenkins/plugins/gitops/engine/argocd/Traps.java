package io.jenkins.plugins.gitops.engine.argocd;

import java.time.Duration;
import java.util.List;

/**
 * What a real Argo CD does to those who take its word too literally.
 *
 * @param comparison how long a comparison takes; a refresh that is requested while another one is under way is lost
 * @param staleLooks whether the comparison right after a sync reads the cluster as it was before
 * @param retries how often a sync fails before it succeeds; its phase stays Running meanwhile
 * @param hydrated whether the source hydrator renders the commit into another one, which is synced
 * @param children Applications that are its resources, whose health is no part of its own
 */
public record Traps(
        Duration comparison, boolean staleLooks, int retries, boolean hydrated, List<ApplicationName> children) {

    public static final Traps NONE = new Traps(Duration.ZERO, false, 0, false, List.of());

    /** Only comparisons that take their time. */
    public static Traps slow(Duration comparison) {
        return new Traps(comparison, false, 0, false, List.of());
    }
}
