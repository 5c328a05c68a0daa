package io.jenkins.plugins.gitops.engine.git.transport;

import java.util.List;
import java.util.Locale;

/**
 * A server's answer to a compare-and-swap of a branch.
 *
 * @param reason what it says of the branch; empty when it was accepted
 * @param messages what it printed to a push that it refused, newest last
 */
public record PushAnswer(Kind kind, String reason, List<String> messages) {

    /** What follows from it. */
    public enum Kind {
        /** The branch is where it was asked to be. */
        ACCEPTED,
        /** Somebody else was first: look again. */
        MOVED,
        /** A hook, a protected branch or a broken store: the same push would be refused again. */
        REFUSED,
        /** The server failed before it moved anything: the same push may succeed later. */
        LATER
    }

    /** What hosts answer for one ref when another writer was first, or holds the ref's lock. */
    private static final List<String> MOVED = List.of(
            // Git: receive-pack
            "non-fast-forward",
            "fetch first",
            "stale info",
            "failed to update ref",
            "failed to lock",
            "reference already exists",
            // GitHub, Gitea and others that pass on Git's own error
            "cannot lock ref",
            "unable to lock",
            // GitLab
            "incorrect old value provided",
            // JGit and Gerrit
            "non-fast forward",
            "invalid old id sent",
            "lock error",
            "lock failure",
            "lock_failure",
            // Azure DevOps
            "tf401028",
            "has already been updated by another client",
            // Bitbucket
            "was updated by another");

    /** A fault of the server's that passes, as a status of 5xx would. */
    private static final List<String> LATER =
            List.of("internal server error", "service unavailable", "temporarily unavailable");

    /** Words of a hook or of a protected branch, which may quote any of the others: the same would be refused again. */
    private static final List<String> FINAL =
            List.of("hook declined", "protected branch", "pre-receive", "prohibited", "not permitted");

    public PushAnswer {
        messages = List.copyOf(messages);
    }

    /** Sorts the words after {@code ng <ref>}. */
    static PushAnswer ng(String reason, List<String> messages) {
        String lower = reason.toLowerCase(Locale.ROOT);
        boolean refused = FINAL.stream().anyMatch(lower::contains);
        Kind kind = Kind.REFUSED;
        if (!refused && MOVED.stream().anyMatch(lower::contains)) {
            kind = Kind.MOVED;
        } else if (!refused && LATER.stream().anyMatch(lower::contains)) {
            kind = Kind.LATER;
        }
        return new PushAnswer(kind, Failures.oneLine(reason), messages);
    }
}
