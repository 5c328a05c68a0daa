package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two environments of an application as Git has them, and what the other's files would have with the release of the one.
 *
 * @param there what the files of the one hold
 * @param here what those of the other hold
 * @param files of the other that would change, line by line
 * @param commits that changed the files of the one since they held what those of the other hold, newest first
 * @param problem why {@code files} and {@code commits} cannot be told; empty when they can
 */
public record Differences(
        Map<String, Version> there,
        Map<String, Version> here,
        List<FileChange> files,
        List<CommitSummary> commits,
        Optional<String> problem) {

    /** Files at the tip of their branch. */
    private record Side(ChangeAuthors.At at, Snapshot tip, ReleaseEdit.Place place) {

        static Side of(ConfigRepository repository, Target target, String defaultBranch, Progress progress) {
            String branch = target.environment().branch().orElse(defaultBranch);
            Snapshot tip = repository.tip(branch, progress);
            return new Side(
                    new ChangeAuthors.At(target, branch, tip.commit()),
                    tip,
                    ReleaseEdit.Place.of(target.application(), target.environment()));
        }

        @Nullable
        ReleaseEdit.Origin origin() {
            return place.carried() == null ? null : new ReleaseEdit.Origin(tip, place);
        }
    }

    /**
     * Compares them. Blocking; writes nothing.
     *
     * @param own whose name the commits of this controller carry
     * @throws GitOpsException if the files of one of them cannot be read
     */
    public static Differences between(
            Target from,
            Target to,
            ConfigRepository repository,
            String defaultBranch,
            ManifestFiles editor,
            Identity own,
            Progress progress) {
        ReleaseEdit edit = new ReleaseEdit(editor);
        Side one = Side.of(repository, from, defaultBranch, progress);
        Side other = Side.of(repository, to, defaultBranch, progress);
        Map<String, Version> there = edit.images(one.tip(), one.place());
        Map<String, Version> here = edit.images(other.tip(), other.place());
        try {
            ReleaseEdit.Outcome outcome = edit.apply(other.tip(), List.of(other.place()), there, one.origin());
            ChangeAuthors.Found found = outcome.isEmpty()
                    ? ChangeAuthors.Found.NOTHING
                    : new ChangeAuthors(repository, edit, own, progress).of(one.at(), other.at(), outcome.images());
            return new Differences(there, here, outcome.files(), found.commits(), Optional.empty());
        } catch (GitOpsException notWritable) {
            return new Differences(there, here, List.of(), List.of(), Optional.ofNullable(notWritable.getMessage()));
        }
    }
}
