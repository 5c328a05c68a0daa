package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.PushRefusedException;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the user reads when an operation ends badly.
 *
 * @param url without credentials
 * @param cacheRoot where the caches are
 */
record FailureMessages(String url, Path cacheRoot) {

    RepositoryException failed(String doing, String branch, IOException e) {
        String head = doing + " branch " + branch + " of " + url + " failed: ";
        if (e instanceof WireException wire) {
            return new RepositoryException(head + wire.getMessage() + remedy(wire), e);
        }
        if (e instanceof ObjectTooLargeException) {
            return new RepositoryException(head + e.getMessage() + "; only small text files are read and written", e);
        }
        if (e instanceof BodyLimits.TooLargeException large) {
            return new RepositoryException(
                    head + "the server sends more than the " + (large.limit() >> 20)
                            + " MiB that the cache may take; keep only declarations in the config repository",
                    e);
        }
        if (e instanceof InterruptedIOException) {
            return new RepositoryException(doing + " branch " + branch + " of " + url + " was interrupted", e);
        }
        String reason = String.valueOf(e.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("no space left")) {
            return new RepositoryException(
                    "The disk of the cache directory " + cacheRoot + " is full; free space there", e);
        }
        return new RepositoryException(
                head + "the cache under " + cacheRoot + " cannot be used (" + oneLine(e)
                        + "); check its permissions and free space",
                e);
    }

    RepositoryException gaveUp(String doing, String branch, String spent, IOException last) {
        RepositoryException why = failed(doing, branch, last);
        return new RepositoryException(why.getMessage() + " (given up after " + spent + ")", last);
    }

    RepositoryException noCommit(String commit, String branch) {
        return new RepositoryException("There is no commit " + commit + " in branch " + branch + " of " + url
                + "; the branch may have been rewritten: check its history");
    }

    /** The server said no. */
    RepositoryException refused(String branch, WireException answer) {
        return new PushRefusedException(
                "The server refused the push to branch " + branch + " of " + url + " " + answer.getMessage()
                        + "; allow it in the hook or in the branch protection",
                answer);
    }

    /** Others were faster each time. */
    RepositoryException overtaken(String branch, String spent) {
        return new RepositoryException("Branch " + branch + " of " + url + " moved before each push (" + spent
                + "); try again when fewer pushes are under way");
    }

    /** The push may have been done. */
    RepositoryException unsure(String branch, String bumpId, IOException last) {
        return new RepositoryException(
                "It is not known whether the commit with bump id " + bumpId + " reached branch " + branch + " of " + url
                        + ": " + oneLine(last)
                        + "; repeat the request with the same bump id, which finds the commit if it did",
                last);
    }

    /** Nobody waits for the commit any more, or the controller stops. */
    RepositoryException interrupted(String branch, String bumpId, Exception cause) {
        return new RepositoryException(
                "The commit with bump id " + bumpId + " to branch " + branch + " of " + url
                        + " was interrupted; repeat the request with the same bump id",
                cause);
    }

    private static String remedy(WireException e) {
        return switch (e.kind()) {
            case UNREACHED -> "; check the address, the server and the network";
            case LATER, BROKEN -> "; try again later, or check the server and the network";
            case FINAL, UNSUPPORTED, REFUSED -> "; check the address, the credentials and the server";
        };
    }

    private static String oneLine(Throwable e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ");
    }
}
