package io.jenkins.plugins.gitops.engine.git;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.eclipse.jgit.lib.Repository;

/**
 * One commit to make.
 *
 * @param bumpId unique id of this wish; written as the trailer {@value #BUMP_ID_TRAILER} and looked for before any
 *     repetition
 * @param subject first line of the message
 * @param body further paragraphs, may be empty
 * @param trailers in order, without the bump id; values without line ends
 * @param author shown as the commit's author and committer
 * @param triedSince when this wish may have been tried first, if it is asked for again (a step after a restart of
 *     Jenkins): the branch's history since then is searched for the bump id, even where it is not at hand; empty for a
 *     new wish
 * @param signer if the commit is to be signed
 * @param edit what to change: gives path to new content, only for files that change. A pure function of the tip, applied
 *     again whenever the branch moved; throws a {@link io.jenkins.plugins.gitops.engine.GitOpsException} to give up, with
 *     the sentence for the user
 * @param modes Git's mode of a path that the edit gave last: {@value #KEPT} for the one it has, or that of a plain file;
 *     {@value #GONE} for a file that goes away
 */
public record CommitRequest(
        String branch,
        String bumpId,
        String subject,
        String body,
        List<Trailer> trailers,
        Identity author,
        Optional<Instant> triedSince,
        Optional<CommitSigner> signer,
        Function<Snapshot, Map<String, byte[]>> edit,
        ToIntFunction<String> modes) {

    public static final String BUMP_ID_TRAILER = "GitOps-Bump-Id";

    /** A mode that stays as it is. */
    public static final int KEPT = -1;

    /** Instead of a mode: there is no such file. */
    public static final int GONE = 0;

    public CommitRequest {
        trailers = List.copyOf(trailers);
        requireBranch(branch);
        if (!bumpId.matches("[!-~]{1,200}")) {
            throw new IllegalArgumentException("A bump id is 1 to 200 printable ASCII characters without spaces");
        }
        if (subject.isBlank() || subject.contains("\n")) {
            throw new IllegalArgumentException("A commit's subject is one line");
        }
    }

    /** A new wish, without signature. */
    public CommitRequest(
            String branch,
            String bumpId,
            String subject,
            String body,
            List<Trailer> trailers,
            Identity author,
            Function<Snapshot, Map<String, byte[]>> edit) {
        this(branch, bumpId, subject, body, trailers, author, Optional.empty(), Optional.empty(), edit, path -> KEPT);
    }

    /** The same wish, asked for again. */
    public CommitRequest triedSince(Instant when) {
        return new CommitRequest(
                branch, bumpId, subject, body, trailers, author, Optional.of(when), signer, edit, modes);
    }

    public CommitRequest signedBy(CommitSigner with) {
        return new CommitRequest(
                branch, bumpId, subject, body, trailers, author, triedSince, Optional.of(with), edit, modes);
    }

    CommitRequest saying(String otherSubject, List<Trailer> otherTrailers) {
        return new CommitRequest(
                branch, bumpId, otherSubject, body, otherTrailers, author, triedSince, signer, edit, modes);
    }

    /** With a message as a template has it. */
    public CommitRequest with(CommitTemplate template) {
        return template.apply(this);
    }

    /** Refuses what Git does not take as a branch's name. */
    public static void requireBranch(String branch) {
        if (!Repository.isValidRefName("refs/heads/" + branch)) {
            throw new RepositoryException("\"" + branch.replaceAll("\\p{Cntrl}", "?")
                    + "\" is not a branch name; write it without refs/heads/, as git branch shows it");
        }
    }

    /**
     * A trailer (git-interpret-trailers).
     *
     * @param key letters, digits and {@code -}
     * @param value one line
     */
    public record Trailer(String key, String value) {

        /** How the plugin's own begin, which its ledger reads. */
        public static final String OWN = "GitOps-";

        /** The application's name; once. */
        public static final String APPLICATION = OWN + "Application";

        /** An environment's name; once for each environment the commit changes. */
        public static final String ENVIRONMENT = OWN + "Environment";

        /** {@code name=registry/repository:tag@digest}; once for each image. */
        public static final String IMAGE = OWN + "Image";

        /** What a tracker calls the reason for the commit. */
        public static final String TICKET = OWN + "Ticket";

        public Trailer {
            if (!isKey(key) || value.contains("\n") || value.contains("\r")) {
                throw new IllegalArgumentException(
                        "A trailer is a key of letters, digits and - and a value of one line");
            }
        }

        /** Whether it is of the kind that this plugin writes. */
        public boolean isOwn() {
            return key.regionMatches(true, 0, OWN, 0, OWN.length());
        }

        /** Asked for every line of very many commits. */
        public static boolean isKey(String text) {
            return !text.isEmpty()
                    && text.charAt(0) != '-'
                    && text.chars()
                            .allMatch(c ->
                                    c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9');
        }
    }

    public record Identity(String name, String email) {}
}
