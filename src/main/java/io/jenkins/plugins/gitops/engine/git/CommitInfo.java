package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import java.time.Instant;
import java.util.List;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A commit of the history.
 *
 * @param message the whole message, trailers included
 * @param trailers the message's last paragraph, if it is one of trailers; in order
 */
public record CommitInfo(
        String commit,
        Identity author,
        Identity committer,
        Instant committedAt,
        String message,
        List<Trailer> trailers) {

    public CommitInfo {
        trailers = List.copyOf(trailers);
    }

    /** One that its author committed. */
    public CommitInfo(
            String commit,
            String authorName,
            String authorEmail,
            Instant committedAt,
            String message,
            List<Trailer> trailers) {
        this(
                commit,
                new Identity(authorName, authorEmail),
                new Identity(authorName, authorEmail),
                committedAt,
                message,
                trailers);
    }

    /** As Git has it; a commit whose author cannot be read has an empty one. */
    public static CommitInfo of(RevCommit commit) {
        List<Trailer> trailers = commit.getFooterLines().stream()
                .filter(line -> Trailer.isKey(line.getKey()))
                .map(line -> new Trailer(line.getKey(), line.getValue()))
                .toList();
        return new CommitInfo(
                commit.name(),
                identity(commit.getAuthorIdent()),
                identity(commit.getCommitterIdent()),
                Instant.ofEpochSecond(commit.getCommitTime()),
                commit.getFullMessage(),
                trailers);
    }

    public String authorName() {
        return author.name();
    }

    public String authorEmail() {
        return author.email();
    }

    private static Identity identity(@Nullable PersonIdent person) {
        return person == null
                ? new Identity("", "")
                : new Identity(text(person.getName()), text(person.getEmailAddress()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** A commit id as people write it: seven digits. */
    public static String abbreviate(String id) {
        return id.length() > 7 ? id.substring(0, 7) : id;
    }
}
