package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
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
 * @param accepted what is accepted beyond Healthy and synced
 * @param syncing whether the wait starts the sync itself
 */
public record Policy(
        @NonNull Duration trouble,
        @NonNull Duration appearance,
        @NonNull Refresh refresh,
        @NonNull Set<Acceptance> accepted,
        @NonNull Syncing syncing)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A minute for trouble to pass, two for an Application to appear, a normal refresh, nothing else accepted. */
    public static final Policy DEFAULT =
            new Policy(Duration.ofMinutes(1), Duration.ofMinutes(2), Refresh.NORMAL, Set.of(), Syncing.LEFT_TO_ARGO_CD);

    public Policy {
        if (trouble.isNegative() || appearance.isNegative()) {
            throw new IllegalArgumentException("a grace time is not negative");
        }
        accepted = Set.copyOf(accepted);
    }

    /** States that count as arrived only when asked for. */
    public enum Acceptance {
        /** Health Suspended: a paused rollout, a suspended CronJob. */
        SUSPENDED,
        /** The images are live and healthy though the Application is OutOfSync: for those that always are. */
        OUT_OF_SYNC
    }

    public enum Syncing {
        /** Auto-sync or a person starts it. */
        LEFT_TO_ARGO_CD,
        /** The wait asks for it when the Application is OutOfSync at the commit. */
        REQUESTED
    }

    public boolean accepts(@NonNull Acceptance acceptance) {
        return accepted.contains(acceptance);
    }
}
