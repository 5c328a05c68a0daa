package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;

/**
 * A commit of the history.
 *
 * @param message the whole message, trailers included
 * @param trailers the message's last paragraph, if it is one of trailers; in order
 */
public record CommitInfo(
        @NonNull String commit,
        @NonNull String authorName,
        @NonNull String authorEmail,
        @NonNull Instant committedAt,
        @NonNull String message,
        @NonNull List<CommitRequest.Trailer> trailers) {

    public CommitInfo {
        trailers = List.copyOf(trailers);
    }

    /** A commit id as people write it: seven digits. */
    @NonNull
    public static String abbreviate(@NonNull String id) {
        return id.length() > 7 ? id.substring(0, 7) : id;
    }
}
