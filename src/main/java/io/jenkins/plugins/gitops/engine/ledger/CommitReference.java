package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A commit of the application's own repository, as Argo CD refers to it: the trailers {@code Argocd-reference-commit-*} of
 * its source hydrator. What Argo CD would not read is left out.
 *
 * @param commit its id
 * @param repository address, without a password; null when unknown
 * @param author name and mail address, {@code Name <address>}; null when unknown
 * @param date when it was written, in ISO 8601; null when unknown
 * @param subject first line of its message; null when unknown
 * @see <a href="https://argo-cd.readthedocs.io/en/latest/user-guide/source-hydrator/#commit-tracing">Commit tracing</a>
 */
public record CommitReference(
        String commit,
        @Nullable String repository,
        @Nullable String author,
        @Nullable String date,
        @Nullable String subject)
        implements Serializable {

    /** How its trailers begin. */
    public static final String KEY = "Argocd-reference-commit-";

    private static final int LONGEST = 200;
    private static final Pattern URL =
            Pattern.compile("(?<scheme>https?|ssh|git)://(?:[^/@]*@)?(?<rest>[^\\s@]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[^/@:\\s]+@)?(?<host>[^/@:\\s]+):(?!//)(?<path>[^\\s@]*/[^\\s@]+)");
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern AUTHOR =
            Pattern.compile("[\\p{L}\\p{N} .'_-]{1,100} <[\\w.+-]{1,100}@[A-Za-z0-9.-]{1,100}>");

    /** The one that a commit names. */
    public static Optional<CommitReference> of(Trailers trailers) {
        return trailers.value(KEY + "sha")
                .map(commit -> new CommitReference(
                        commit,
                        trailers.value(KEY + "repourl").orElse(null),
                        trailers.value(KEY + "author").orElse(null),
                        trailers.value(KEY + "date").orElse(null),
                        trailers.value(KEY + "subject").orElse(null)));
    }

    /** What Argo CD reads of it. */
    Trailers trailers() {
        if (!commit.matches("[0-9a-fA-F]{5,40}")) {
            return Trailers.NONE;
        }
        return Trailers.NONE
                .with(KEY + "sha", commit)
                .with(KEY + "repourl", Optional.ofNullable(repository).flatMap(CommitReference::address))
                .with(
                        KEY + "author",
                        Optional.ofNullable(author)
                                .filter(name -> AUTHOR.matcher(name).matches()))
                .with(
                        KEY + "date",
                        Optional.ofNullable(date).filter(at -> DATE.matcher(at).matches()))
                .with(
                        KEY + "subject",
                        Optional.ofNullable(subject)
                                .flatMap(text -> text.lines().findFirst())
                                .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) : line)
                                .filter(line -> !line.isBlank()));
    }

    /** A URL without user and password; what Git alone takes for an address is written as one. */
    private static Optional<String> address(String given) {
        Matcher url = URL.matcher(given);
        Matcher scp = SCP_LIKE.matcher(given);
        String plain = url.matches()
                ? url.group("scheme") + "://" + url.group("rest")
                : scp.matches() ? "ssh://" + scp.group("host") + "/" + scp.group("path") : "";
        try {
            return Optional.of(plain)
                    .filter(text -> !text.isEmpty()
                            && text.length() <= 2 * LONGEST
                            && URI.create(text).getHost() != null);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
