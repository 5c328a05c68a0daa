package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A promotion, rollback, lock or review that somebody ordered on a page, and how it went; its JSON form is part of the pages' contract
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
        String id,
        String application,
        Kind kind,
        String environment,
        String by,
        String at,
        State state,
        String message,
        @CheckForNull String commit) {

    enum Kind {
        PROMOTION,
        ROLLBACK,
        LOCK,
        UNLOCK,
        REVIEW
    }

    enum State {
        WORKING,
        /** At the gate of its target. */
        WAITING,
        DONE,
        REFUSED
    }

    Order waiting(String sentence) {
        return new Order(id, application, kind, environment, by, at, State.WAITING, sentence, null);
    }

    /** @param made null where the order is no deployment */
    Order done(@CheckForNull String made, String sentence) {
        return new Order(id, application, kind, environment, by, at, State.DONE, sentence, made);
    }

    Order refused(String sentence) {
        return new Order(id, application, kind, environment, by, at, State.REFUSED, sentence, null);
    }
}
