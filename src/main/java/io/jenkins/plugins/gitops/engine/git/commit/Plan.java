package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.cache.NewObjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Commits made for a group of requests, to be pushed together.
 *
 * @param from where the branch stands
 * @param to where it shall stand; the same when no request changes anything
 * @param outcomes what to tell each request once the branch stands there
 */
record Plan(
        @NonNull ObjectId from,
        @NonNull ObjectId to,
        @NonNull NewObjects objects,
        @NonNull Map<Pending, CommitOutcome> outcomes) {

    /** The commits by their bump ids. */
    @NonNull
    Map<String, ObjectId> bumps() {
        Map<String, ObjectId> bumps = new LinkedHashMap<>();
        outcomes.forEach((pending, outcome) -> {
            if (outcome instanceof CommitOutcome.Committed committed) {
                bumps.put(pending.request().bumpId(), ObjectId.fromString(committed.commit()));
            }
        });
        return bumps;
    }

    @NonNull
    List<Pending> requests() {
        return List.copyOf(outcomes.keySet());
    }

    void settle() {
        outcomes.forEach((pending, outcome) -> pending.outcome().complete(outcome));
    }
}
