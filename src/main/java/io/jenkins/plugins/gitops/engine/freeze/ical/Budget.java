package io.jenkins.plugins.gitops.engine.freeze.ical;

/** Days and times that may be looked at while one calendar is read: a rule can name more of them than there is time for. */
final class Budget {

    private static final int MOST = 2_000_000;

    private int left = MOST;

    void spend() {
        if (--left < 0) {
            throw new IllegalArgumentException("its events repeat too often to be counted");
        }
    }
}
