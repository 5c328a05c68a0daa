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

    /**
     * Sorts the words after {@code ng <ref>}. Git itself says "failed to update ref" and "fetch first"; "cannot lock
     * ref" is GitHub's wording, "incorrect old value provided" GitLab's, "invalid old id sent", "non-fast forward", "lock error"
     * and "failed to lock" JGit's.
     */
    @NonNull
    static PushAnswer ng(@NonNull String reason, @NonNull List<String> messages) {
        String lower = reason.toLowerCase(Locale.ROOT);
        boolean moved = List.of(
                        "non-fast-forward",
                        "non-fast forward",
                        "invalid old id sent",
                        "fetch first",
                        "stale info",
                        "failed to update ref",
                        "cannot lock ref",
                        "failed to lock",
                        "lock error",
                        "incorrect old value provided",
                        "reference already exists")
                .stream()
                .anyMatch(lower::contains);
        String line = ServerMessages.oneLine(reason);
        return moved ? new Moved(line) : new Refused(line, messages);
    }
}
