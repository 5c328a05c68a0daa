package io.jenkins.plugins.gitops.engine.argocd.verdict;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.OperationPhase;
import io.jenkins.plugins.gitops.engine.argocd.SyncState;
import java.util.List;
import java.util.Optional;

/** Finds the commit of a config repository that an Application runs now. */
public final class LiveCommit {

    private LiveCommit() {}

    /**
     * The commit that runs, healthy and with no sync under way. While Argo CD sees a newer commit that it has not synced
     * yet, that is the commit of the last successful sync and not the newer one.
     *
     * @param repository address of the config repository, to tell an Application's sources apart
     * @return empty when nothing settled runs, or Argo CD does not tell which commit
     */
    @NonNull
    public static Optional<String> of(@NonNull Observation application, @NonNull String repository) {
        if (application.live().isEmpty()) {
            return Optional.empty();
        }
        List<String> revisions = application.sync() == SyncState.SYNCED
                ? application.live().get().revisions()
                : application
                        .operation()
                        .filter(last -> last.phase() == OperationPhase.SUCCEEDED)
                        .map(last -> application.dry(last.revisions()))
                        .orElse(List.of());
        String wanted = CommitPosition.canonical(repository);
        for (int i = 0; i < revisions.size() && i < application.sources().size(); i++) {
            if (CommitPosition.canonical(application.sources().get(i).repository())
                    .equals(wanted)) {
                return Optional.of(revisions.get(i));
            }
        }
        // Argo CD may know the repository by another address; with one source there is no doubt which it is.
        return revisions.size() == 1 ? Optional.of(revisions.get(0)) : Optional.empty();
    }
}
