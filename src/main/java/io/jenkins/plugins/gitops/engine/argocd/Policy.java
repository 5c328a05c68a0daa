package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * What counts as arrived and as failed.
 *
 * @param trouble how long Degraded, Missing health, a comparison error or a failed hydration may last before the wait
 *     fails; autoscalers and rollouts pass through Degraded
 * @param appearance how long the Application may be missing before the wait fails
 * @param refresh how to ask Argo CD to look again
 */
public record Policy(Duration trouble, Duration appearance, Refresh refresh, Set<Option> options)
        implements Serializable {

    /** A minute for trouble to pass, two for an Application to appear, a normal refresh, nothing else. */
    public static final Policy DEFAULT =
            new Policy(Duration.ofMinutes(1), Duration.ofMinutes(2), Refresh.NORMAL, Set.of());

    public Policy {
        if (trouble.isNegative() || appearance.isNegative()) {
            throw new IllegalArgumentException("a grace time is not negative");
        }
        options = Set.copyOf(options);
    }

    /** What holds only where it is asked for. */
    public enum Option {
        /** Health Suspended counts as arrived: a paused rollout, a suspended CronJob. */
        ACCEPT_SUSPENDED,
        /** Live and healthy images count as arrived though the Application is OutOfSync: for those that always are. */
        ACCEPT_OUT_OF_SYNC,
        /** The wait requests the sync when the Application is OutOfSync at the commit; else auto-sync or a person does. */
        SYNC
    }

    public boolean has(Option option) {
        return options.contains(option);
    }
}
