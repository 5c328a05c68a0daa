package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a gate decides about: one release, on its way from one environment into another; or, where there is no release,
 * a question that people answer.
 *
 * @param gate unique id of the gate; its promotion commits under this id, so it can never commit twice
 * @param repository address of the config repository, without a password
 * @param defaultBranch where its declaration stands
 * @param branch where the target's files stand
 * @param release images by name, as they will be written
 * @param changes image from → to
 * @param files the lines that will change, as of the opening
 * @param sourceCommit commit of the config repository that is live in the source environment
 * @param commits of the config repository that brought the release since the target's last deployment, newest first
 * @param changeAuthors who wrote the change, as the run and the trailers of those commits say; the committer's own
 *     author where no run made the commit
 * @param question what is asked, where there is no release; null for a promotion
 * @param startedBy id of the user who started the run, or null
 * @param run address of the run, or null
 */
public record GateSubject(
        @NonNull String gate,
        @NonNull String repository,
        @NonNull String defaultBranch,
        @NonNull String application,
        @NonNull String environment,
        @NonNull String branch,
        @NonNull Map<String, ImageReference> release,
        @NonNull List<ImageChange> changes,
        @NonNull List<FileChange> files,
        @NonNull String sourceEnvironment,
        @NonNull String sourceCommit,
        @NonNull List<CommitSummary> commits,
        @NonNull List<String> changeAuthors,
        @Nullable String question,
        @Nullable String startedBy,
        @Nullable String run) {

    public GateSubject {
        release = Collections.unmodifiableMap(new TreeMap<>(release));
        changes = List.copyOf(changes);
        files = List.copyOf(files);
        commits = List.copyOf(commits);
        changeAuthors = List.copyOf(changeAuthors);
    }

    /**
     * A commit for people to read.
     *
     * @param sourceCommit commit of the application's own repository, or null when unknown
     */
    public record CommitSummary(
            @NonNull String commit,
            @NonNull String subject,
            @NonNull List<String> authors,
            @Nullable String sourceCommit) {}

    /** As the log and the pages write it: {@code shop/prod}, or the question. */
    @NonNull
    public String target() {
        return question == null ? application + "/" + environment : "'" + question + "'";
    }

    /** A gate that guards no promotion: people answer a question. */
    @NonNull
    public static GateSubject question(@NonNull String gate, @NonNull String question, @NonNull Provenance provenance) {
        return new GateSubject(
                gate,
                "",
                "",
                "",
                "",
                "",
                Map.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(),
                provenance.changeAuthors(),
                question,
                provenance.startedBy(),
                provenance.run());
    }
}
