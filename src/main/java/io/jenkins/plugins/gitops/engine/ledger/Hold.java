package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Instant;
import java.util.Map;

/**
 * What a rollback leaves behind: the release that was taken back, and older ones, do not come again by themselves.
 *
 * @param rollback the rollback's commit; a lift names it
 * @param release the images that were taken back
 * @param by who rolled back
 * @param reason why
 */
public record Hold(
        String target, String rollback, Map<String, Version> release, Instant since, String by, String reason) {

    /** A clause: {@code held since …, when bob rolled back api 1.5.0 (errors)}. */
    @Override
    public String toString() {
        return "held since " + Durations.time(since) + ", when " + by + " rolled back " + Release.text(release)
                + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
