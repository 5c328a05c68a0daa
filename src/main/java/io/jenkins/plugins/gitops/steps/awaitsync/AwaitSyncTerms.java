package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.steps.support.DurationText;
import io.jenkins.plugins.gitops.steps.support.FailureConduct;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * On what terms to wait.
 *
 * @param timeout how long at most
 * @param grace how long Degraded and errors that often pass may last
 * @param appearance how long an Application may be missing
 * @param accepted what counts as arrived beyond Healthy
 */
public record AwaitSyncTerms(
        @NonNull Duration timeout,
        @NonNull TimeoutConduct onTimeout,
        @NonNull FailureConduct onFailure,
        @NonNull Duration grace,
        @NonNull Duration appearance,
        @NonNull Refresh refresh,
        @NonNull TreeSet<Policy.Acceptance> accepted,
        @NonNull Policy.Syncing syncing)
        implements Serializable {

    private static final long serialVersionUID = 3L;

    /** @throws StepParameterException if one of the texts is not what it should be */
    @NonNull
    public static AwaitSyncTerms parse(
            @NonNull Duration timeout,
            @CheckForNull String onTimeout,
            @CheckForNull String onFailure,
            @CheckForNull String grace,
            @CheckForNull String appearance,
            @CheckForNull String refresh,
            @NonNull Set<Policy.Acceptance> accepted,
            @NonNull Policy.Syncing syncing) {
        return new AwaitSyncTerms(
                timeout,
                TimeoutConduct.parse(onTimeout),
                FailureConduct.parse(onFailure),
                grace == null ? Policy.DEFAULT.trouble() : DurationText.parse("degradedGrace", grace),
                appearance == null ? Policy.DEFAULT.appearance() : DurationText.parse("appearWithin", appearance),
                refresh(refresh),
                new TreeSet<>(accepted),
                syncing);
    }

    @NonNull
    Policy policy() {
        return new Policy(grace, appearance, refresh, accepted, syncing);
    }

    private static Refresh refresh(@CheckForNull String text) {
        if (text == null || text.equals("hard")) {
            return Refresh.HARD;
        }
        if (text.equals("normal")) {
            return Refresh.NORMAL;
        }
        throw new StepParameterException("'" + text + "' is no way to refresh: give hard or normal.");
    }
}
