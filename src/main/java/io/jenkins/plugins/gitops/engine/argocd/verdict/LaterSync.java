package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import java.util.List;

/**
 * The sync of a commit that comes after ours, while pods of our version and of another one are listed. It may have taken
 * ours back, whose pods, perhaps never ready, end at this moment; or it brought ours, and finished Jobs have pods of
 * before. Only what was synced, or tried, before it tells the two apart.
 */
record LaterSync(Timeline timeline, CommitPosition position) {

    /** Whether nothing that has our commit was synced before, as far as is known: pods that stay are of this sync. */
    boolean isFirst() {
        Observation app = position.app();
        List<String> last = app.operation()
                .filter(operation -> operation.retries() == 0)
                .map(Operation::revisions)
                .orElse(List.of());
        List<String> before = app.history().stream()
                .filter(entry -> !entry.equals(last))
                .reduce((earlier, later) -> later)
                .orElse(List.of());
        return timeline.syncs() <= 1
                && app.history().contains(last)
                && position.relation(before) == CommitRelation.OLDER;
    }

    /** Whether this is the one sync that the wait saw, and none of our images was there before it: it brought them. */
    boolean hasBroughtOurs() {
        return isFirst()
                && timeline.syncs() == 1
                && timeline.first()
                        .map(position::images)
                        .filter(images -> images == ImageEvidence.CONTRADICTED)
                        .isPresent();
    }
}
