package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The edit of a bump, promotion or rollback, which remembers what it changed last: that is what was committed. */
final class ReleaseCommit implements CommitRequest.Edit {

    private final Function<Snapshot, ReleaseEdit.Outcome> edit;
    private volatile ReleaseEdit.Outcome last = new ReleaseEdit.Outcome(Map.of(), List.of(), List.of());

    ReleaseCommit(@NonNull Function<Snapshot, ReleaseEdit.Outcome> edit) {
        this.edit = edit;
    }

    @Override
    @NonNull
    public Map<String, byte[]> apply(@NonNull Snapshot tip) {
        last = edit.apply(tip);
        return last.contents();
    }

    /**
     * Makes the commit and logs what it did.
     *
     * @param request whose edit this is
     * @param application null where files were named without a declaration
     */
    @NonNull
    BumpResult make(
            @NonNull ConfigRepository repository,
            @NonNull CommitRequest request,
            @NonNull Map<String, ImageReference> release,
            @Nullable String application,
            @NonNull List<String> environments,
            @NonNull Progress progress) {
        CommitOutcome outcome = repository.commit(request, progress);
        BumpResult result = new BumpResult(
                kind(outcome),
                outcome.commit(),
                request.branch(),
                application,
                environments,
                release,
                last.images(),
                last.files());
        progress.say(result.line());
        return result;
    }

    private static Outcome kind(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed) {
            return Outcome.COMMITTED;
        }
        return outcome instanceof CommitOutcome.AlreadyCommitted ? Outcome.ALREADY_COMMITTED : Outcome.UNCHANGED;
    }
}
