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
 * @param signature whether the commit is by somebody whose word counts
 */
public record CommitInfo(
        String commit,
        Identity author,
        Identity committer,
        Instant committedAt,
        String message,
        List<Trailer> trailers,
        SignatureCheck.Result signature) {

    /** In bytes; what a larger one says is not read. */
    public static final int LARGEST = 256 << 10;

    private static final String UNREAD = "(a commit of more than " + (LARGEST >> 10) + " KiB, which is not read)";

    public CommitInfo {
        trailers = List.copyOf(trailers);
    }

    /** One that its author committed, in a repository where nobody asks for signatures. */
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
                trailers,
                SignatureCheck.Result.UNCHECKED);
    }

    /** The same, with what is known of its signature. */
    public CommitInfo with(SignatureCheck.Result checked) {
        return new CommitInfo(commit, author, committer, committedAt, message, trailers, checked);
    }

    /** As Git has it; a commit whose author cannot be read has an empty one, and a very large one says nothing. */
    public static CommitInfo of(RevCommit commit) {
        if (commit.getRawBuffer().length > LARGEST) {
            return new CommitInfo(
                    commit.name(),
                    identity(commit.getAuthorIdent()),
                    identity(commit.getCommitterIdent()),
                    Instant.ofEpochSecond(commit.getCommitTime()),
                    UNREAD,
                    List.of(),
                    SignatureCheck.Result.UNSIGNED);
        }
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
                trailers,
                SignatureCheck.Result.UNCHECKED);
    }

    /** Whether it is so large that nothing of what it says was read. */
    public boolean isUnread() {
        return trailers.isEmpty() && message.equals(UNREAD);
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
