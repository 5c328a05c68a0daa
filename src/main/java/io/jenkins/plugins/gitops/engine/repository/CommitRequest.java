package io.jenkins.plugins.gitops.engine.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Map;

/**
 * One commit to make.
 *
 * @param bumpId unique id of this wish; written as the trailer {@value #BUMP_ID_TRAILER} and looked for before any
 *     repetition
 * @param subject first line of the message
 * @param body further paragraphs, may be empty
 * @param trailers in order, without the bump id; values without line ends
 * @param author shown as author and committer unless the repository's settings say otherwise
 * @param edit what to change, applied to the tip, possibly several times
 */
public record CommitRequest(
        @NonNull String branch,
        @NonNull String bumpId,
        @NonNull String subject,
        @NonNull String body,
        @NonNull List<Trailer> trailers,
        @NonNull Identity author,
        @NonNull Edit edit) {

    public static final String BUMP_ID_TRAILER = "GitOps-Bump-Id";

    public record Trailer(@NonNull String key, @NonNull String value) {}

    public record Identity(@NonNull String name, @NonNull String email) {}

    /** A pure function of the tree: run again whenever the branch moved. */
    @FunctionalInterface
    public interface Edit {

        /**
         * @return path to new content, only for files that change; empty when nothing changes
         * @throws io.jenkins.plugins.gitops.engine.GitOpsException to give up, with the sentence for the user
         */
        @NonNull
        Map<String, byte[]> apply(@NonNull Snapshot tip);
    }
}
