package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which commits of the configured branch changed the gate of a target; a merge stands for what it merged.
 *
 * @param branch where the declaration is
 */
record GateHistory(ConfigRepository repository, String branch, String application, String environment) {

    /** Commits that are looked through. */
    private static final int DEPTH = 500;

    private static final int MOST_SHOWN = 10;

    /** Different declarations that are read. */
    private static final int MOST_READ = 50;

    /**
     * Those since a deployment of the target, as people read them. Blocking.
     *
     * @param tip full id of a commit of the branch
     * @param place where the target's files are
     */
    List<CommitSummary> since(Deployment deployment, String tip, String place) {
        return changes(
                        tip,
                        commit -> commit.commit().equals(deployment.commit())
                                || !branch.equals(place) && commit.committedAt().isBefore(deployment.committedAt()),
                        MOST_SHOWN)
                .stream()
                .map(commit -> new CommitSummary(
                        commit.commit(),
                        commit.message().lines().findFirst().orElse(""),
                        List.of(commit.author().name()),
                        null))
                .toList();
    }

    /**
     * Newest first; older ones than are looked through are left out. Blocking.
     *
     * @param tip full id of a commit of the branch
     * @param end of a commit that does not count any more, nor do those before it
     * @param most how many at most
     */
    List<CommitInfo> changes(String tip, Predicate<CommitInfo> end, int most) {
        Map<String, FileHistory.Entry> commits = repository
                .files(branch, tip, List.of(Declaration.FILE), DEPTH, Progress.SILENT)
                .byCommit();
        Map<String, Optional<GateDefinition>> read = new HashMap<>();
        List<CommitInfo> changes = new ArrayList<>();
        FileHistory.Entry at = commits.get(tip);
        while (at != null && changes.size() < most && read.size() < MOST_READ) {
            FileHistory.Entry before = at.firstParent().map(commits::get).orElse(null);
            if (before == null || end.test(at.info())) {
                break;
            }
            if (!at.contents().equals(before.contents()) && !gate(at, read).equals(gate(before, read))) {
                changes.add(at.info());
            }
            at = before;
        }
        return changes;
    }

    private Optional<GateDefinition> gate(FileHistory.Entry at, Map<String, Optional<GateDefinition>> read) {
        return read.computeIfAbsent(at.contents().getOrDefault(Declaration.FILE, ""), mark -> gate(at));
    }

    /** A declaration that cannot be read has no gate. */
    private Optional<GateDefinition> gate(FileHistory.Entry at) {
        try {
            return Declarations.find(repository.at(branch, at.info().commit(), Progress.SILENT), branch)
                    .flatMap(declaration -> declaration
                            .target(application, environment)
                            .environment()
                            .gate());
        } catch (GitOpsException notReadable) {
            return Optional.empty();
        }
    }
}
