package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Commits a {@link ReleaseEdit} and says what it did: the one road of bump, promotion and rollback. */
final class Commits {

    private Commits() {}

    /**
     * Everything about the commit but its files.
     *
     * @param triedSince when this wish may have been tried first, if it is tried again
     */
    record Wish(
            @NonNull String branch,
            @NonNull String bumpId,
            @NonNull String subject,
            @NonNull Trailers trailers,
            @NonNull CommitRequest.Identity author,
            @NonNull Map<String, ImageReference> release,
            @Nullable String application,
            @NonNull List<String> environments,
            @NonNull Optional<Instant> triedSince) {}

    @NonNull
    static BumpResult make(
            @NonNull ConfigRepository repository,
            @NonNull Wish wish,
            @NonNull Function<Snapshot, ReleaseEdit.Outcome> edit,
            @NonNull Progress progress) {
        AtomicReference<ReleaseEdit.Outcome> last =
                new AtomicReference<>(new ReleaseEdit.Outcome(Map.of(), List.of(), List.of()));
        CommitRequest request = new CommitRequest(
                wish.branch(),
                wish.bumpId(),
                wish.subject(),
                "",
                wish.trailers().list(),
                wish.author(),
                tip -> {
                    ReleaseEdit.Outcome applied = edit.apply(tip);
                    last.set(applied);
                    return applied.contents();
                });
        CommitOutcome outcome =
                repository.commit(wish.triedSince().map(request::triedSince).orElse(request), progress);
        BumpResult result = new BumpResult(
                kind(outcome),
                outcome.commit(),
                wish.branch(),
                wish.application(),
                wish.environments(),
                wish.release(),
                last.get().images(),
                last.get().files());
        progress.say(BumpStory.line(result));
        return result;
    }

    private static Outcome kind(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed) {
            return Outcome.COMMITTED;
        }
        return outcome instanceof CommitOutcome.AlreadyCommitted ? Outcome.ALREADY_COMMITTED : Outcome.UNCHANGED;
    }
}
