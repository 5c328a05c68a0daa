package io.jenkins.plugins.gitops.engine.git;

import java.time.Instant;
import java.util.List;

/**
 * A commit of the history.
 *
 * @param message the whole message, trailers included
 * @param trailers the message's last paragraph, if it is one of trailers; in order
 */
public record CommitInfo(
        String commit,
        String authorName,
        String authorEmail,
        Instant committedAt,
        String message,
        List<CommitRequest.Trailer> trailers) {

    public CommitInfo {
        trailers = List.copyOf(trailers);
    }

    /** A commit id as people write it: seven digits. */
    public static String abbreviate(String id) {
        return id.length() > 7 ? id.substring(0, 7) : id;
    }
}
