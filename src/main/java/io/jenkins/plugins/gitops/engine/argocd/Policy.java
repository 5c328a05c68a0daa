package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * What counts as arrived and as failed.
 *
 * @param trouble how long Degraded, Missing health, a comparison error or a failed hydration may last before the wait
 *     fails; autoscalers and rollouts pass through Degraded
 * @param appearance how long the Application may be missing before the wait fails
 * @param stuck how long a new pod may be unable to start, or crash again and again, before the wait fails; zero for as
 *     long as the rollout
 * @param refresh how to ask Argo CD to look again
 */
public record Policy(Duration trouble, Duration appearance, Duration stuck, Refresh refresh, Set<Option> options)
        implements Serializable {

    private static final Duration USUAL_STUCK = Duration.ofMinutes(2);

    /** A minute for trouble to pass, two for an Application to appear and for a pod to start, a normal refresh. */
    public static final Policy DEFAULT =
            new Policy(Duration.ofMinutes(1), Duration.ofMinutes(2), USUAL_STUCK, Refresh.NORMAL, Set.of());

    public Policy {
        // A wait that an earlier version began has none.
        stuck = Objects.requireNonNullElse(stuck, USUAL_STUCK);
        if (trouble.isNegative() || appearance.isNegative() || stuck.isNegative()) {
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
        SYNC,
        /** The wait resumes a Rollout that stays paused until somebody does; else a person does. */
        RESUME
    }

    /** The same with another time for new pods that cannot start. */
    public Policy withStuck(Duration other) {
        return new Policy(trouble, appearance, other, refresh, options);
    }

    public boolean has(Option option) {
        return options.contains(option);
    }
}
