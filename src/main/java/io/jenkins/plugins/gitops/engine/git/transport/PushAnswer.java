package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Locale;

/** A server's verdict on a compare-and-swap of a branch. */
public sealed interface PushAnswer {

    /** The branch is where it was asked to be. */
    record Accepted() implements PushAnswer {}

    /** Somebody else was first: look again. */
    record Moved(@NonNull String reason) implements PushAnswer {}

    /**
     * A hook, a protected branch or a broken store: the same push would be refused again.
     *
     * @param messages what the server printed, newest last
     */
    record Refused(@NonNull String reason, @NonNull List<String> messages) implements PushAnswer {
        public Refused {
            messages = List.copyOf(messages);
        }
    }

    /** The server failed before it moved anything: the same push may succeed later. */
    record Later(@NonNull String reason) implements PushAnswer {}

    /** What hosts answer for one ref when another writer was first, or holds the ref's lock. */
    List<String> MOVED = List.of(
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
    List<String> LATER = List.of("internal server error", "service unavailable", "temporarily unavailable");

    /** Words of a hook or of a protected branch, which may quote any of the others: the same would be refused again. */
    List<String> FINAL = List.of("hook declined", "protected branch", "pre-receive", "prohibited", "not permitted");

    /** Sorts the words after {@code ng <ref>}. */
    @NonNull
    static PushAnswer ng(@NonNull String reason, @NonNull List<String> messages) {
        String lower = reason.toLowerCase(Locale.ROOT);
        String line = ServerMessages.oneLine(reason);
        if (FINAL.stream().anyMatch(lower::contains)) {
            return new Refused(line, messages);
        }
        if (MOVED.stream().anyMatch(lower::contains)) {
            return new Moved(line);
        }
        return LATER.stream().anyMatch(lower::contains) ? new Later(line) : new Refused(line, messages);
    }
}
