package io.jenkins.plugins.gitops.engine.argocd;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * A cluster's clock that can be moved on. Kubernetes times have whole seconds: when a sync begins, ends and is looked at
 * within one second, nobody can tell from them whether that look came after the end, and whoever waits has to ask for
 * another. Syncs of real clusters take longer; those of tests need not, because the clock is moved instead.
 */
final class ClusterClock implements InstantSource {

    private final InstantSource source;
    private Instant earliest = Instant.MIN;

    ClusterClock(InstantSource source) {
        this.source = source;
    }

    @Override
    public synchronized Instant instant() {
        Instant now = source.instant();
        return now.isBefore(earliest) ? earliest : now;
    }

    /** From here on every time is later by the second than every time before. */
    synchronized void moveToTheNextSecond() {
        earliest = instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
}
