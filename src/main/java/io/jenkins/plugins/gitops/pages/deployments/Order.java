package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A promotion or rollback that somebody ordered on a page, and how it went; its JSON form is part of the pages' contract
 * (docs/jenkins.md).
 *
 * @param id the same for a repeated click
 * @param application as {@link DeploymentSource#idOf} names it
 * @param by id of the person
 * @param at when it was ordered, ISO 8601
 * @param message how it went, or empty while it is under way
 * @param commit in the config repository, or null when none was made
 */
record Order(
        @NonNull String id,
        @NonNull String application,
        @NonNull Kind kind,
        @NonNull String environment,
        @NonNull String by,
        @NonNull String at,
        @NonNull State state,
        @NonNull String message,
        @CheckForNull String commit) {

    enum Kind {
        PROMOTION,
        ROLLBACK
    }

    enum State {
        WORKING,
        DONE,
        REFUSED
    }

    @NonNull
    Order done(@NonNull String made, @NonNull String sentence) {
        return new Order(id, application, kind, environment, by, at, State.DONE, sentence, made);
    }

    @NonNull
    Order refused(@NonNull String sentence) {
        return new Order(id, application, kind, environment, by, at, State.REFUSED, sentence, null);
    }
}
