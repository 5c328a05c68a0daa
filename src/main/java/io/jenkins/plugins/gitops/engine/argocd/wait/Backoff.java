package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.util.random.RandomGenerator;

/** Waiting times that double from a second to half a minute, with jitter so that many clients do not come back at once. */
final class Backoff {

    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 30_000;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    void succeeded() {
        failures = 0;
    }

    int failures() {
        return failures;
    }

    /** Milliseconds to wait after one more failure: half to whole of the nominal time. */
    long failed() {
        long nominal = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, 10));
        failures++;
        return nominal / 2 + random.nextLong(nominal / 2 + 1);
    }
}
