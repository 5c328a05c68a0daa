package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Remembers how revisions relate to a wait's commit and looks up new ones off the event loop. Confined to the loop.
 *
 * <p>Ancestors stay ancestors; that two commits are unrelated is looked up again after a while, because the later one
 * may only not have been fetched yet.
 */
final class CommitRelations implements Function<String, CommitRelation> {

    private static final Logger LOGGER = Logger.getLogger(CommitRelations.class.getName());
    private static final Duration DOUBTFUL = Duration.ofSeconds(20);

    private final String commit;
    private final BiPredicate<String, String> ancestry;
    private final EventLoop loop;
    private final EventLoop.Pool lookups;
    private final Runnable changed;
    private final Map<String, Answer> answers = new HashMap<>(4);
    private Optional<String> problem = Optional.empty();

    private record Answer(CommitRelation relation, Instant askAgainAt) {}

    /** @param changed called on the loop when an answer has come */
    CommitRelations(SyncRequest request, EventLoop loop, Runnable changed) {
        this.commit = request.expectation().commit().orElse("");
        this.ancestry = request.ancestry().orElse(String::equals);
        this.loop = loop;
        this.lookups = loop.lookups(request.expectation().repository().orElse(""));
        this.changed = changed;
    }

    /** Why the last look-up failed, if it did. */
    Optional<String> problem() {
        return problem;
    }

    /** When an answer is due for another look; empty if none is. */
    Optional<Instant> reviewAt() {
        return answers.values().stream()
                .map(Answer::askAgainAt)
                .filter(at -> at.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    /** Does not block: what is not known yet is UNKNOWN. */
    @Override
    public CommitRelation apply(String revision) {
        if (revision.equals(commit)) {
            return CommitRelation.SAME;
        }
        if (!revision.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            return CommitRelation.UNRELATED;
        }
        Answer answer = answers.get(revision);
        if (answer == null || !loop.now().isBefore(answer.askAgainAt())) {
            CommitRelation meanwhile = answer == null ? CommitRelation.UNKNOWN : answer.relation();
            answers.put(revision, new Answer(meanwhile, Instant.MAX));
            lookups.execute(() -> lookUp(revision));
            return meanwhile;
        }
        return answer.relation();
    }

    private void lookUp(String revision) {
        try {
            CommitRelation found = find(revision);
            loop.run(() -> answered(revision, found, Optional.empty()));
        } catch (RuntimeException cannot) {
            LOGGER.log(Level.FINE, cannot, () -> "Cannot relate " + revision + " to " + commit);
            Optional<String> cause = Optional.of(String.valueOf(cannot.getMessage()));
            loop.run(() -> answered(revision, CommitRelation.UNKNOWN, cause));
        }
    }

    private CommitRelation find(String revision) {
        if (ancestry.test(commit, revision)) {
            return CommitRelation.NEWER;
        }
        return ancestry.test(revision, commit) ? CommitRelation.OLDER : CommitRelation.UNRELATED;
    }

    private void answered(String revision, CommitRelation found, Optional<String> cause) {
        boolean certain = found == CommitRelation.NEWER || found == CommitRelation.OLDER;
        answers.put(
                revision, new Answer(found, certain ? Instant.MAX : loop.now().plus(DOUBTFUL)));
        problem = cause;
        changed.run();
    }
}
