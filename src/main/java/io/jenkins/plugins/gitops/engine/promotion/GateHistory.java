package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which commits of the configured branch changed the gate of a target; a merge stands for what it merged.
 *
 * @param branch where the declaration is
 */
record GateHistory(ConfigRepository repository, String branch, String application, String environment) {

    /** Commits that are looked through. */
    private static final int DEPTH = 500;

    /** Different declarations that are read. */
    private static final int MOST_READ = 50;

    /**
     * Newest first; older ones than are looked through are left out. Blocking.
     *
     * @param tip full id of a commit of the branch
     * @param base full id of the commit before which nothing matters; what is not in the history of the tip stops nothing
     * @param most how many at most
     */
    List<CommitInfo> changes(String tip, Optional<String> base, int most) {
        Map<String, FileHistory.Entry> commits = repository
                .files(branch, tip, List.of(Declaration.FILE), DEPTH, Progress.SILENT)
                .byCommit();
        Map<String, Optional<GateDefinition>> read = new HashMap<>();
        List<CommitInfo> changes = new ArrayList<>();
        FileHistory.Entry at = commits.get(tip);
        while (at != null && changes.size() < most && read.size() < MOST_READ) {
            FileHistory.Entry before = at.firstParent().map(commits::get).orElse(null);
            if (before == null || base.filter(at.info().commit()::equals).isPresent()) {
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
