package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.CommitRelation.Ancestry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Remembers how revisions relate to one commit and looks up new ones off the event loop. Confined to the loop.
 *
 * <p>Ancestors stay ancestors; that two commits are unrelated is looked up again after a while, because the later one
 * may only not have been fetched yet.
 */
final class CommitRelations implements CommitRelation.Lookup {

    private static final Logger LOGGER = Logger.getLogger(CommitRelations.class.getName());
    private static final Duration DOUBTFUL = Duration.ofSeconds(20);

    private final String commit;
    private final Ancestry ancestry;
    private final BoundedPool lookups;
    private final Threads threads;
    private final InstantSource clock;
    private final Runnable changed;
    private final Map<String, Answer> answers = new HashMap<>(4);
    private Optional<String> problem = Optional.empty();

    private record Answer(CommitRelation kinship, Instant askAgainAt) {}

    /**
     * @param lookups where the ancestry is asked
     * @param changed called on the loop when an answer has come
     */
    CommitRelations(
            String commit,
            Ancestry ancestry,
            BoundedPool lookups,
            Threads threads,
            InstantSource clock,
            Runnable changed) {
        this.commit = commit;
        this.ancestry = ancestry;
        this.lookups = lookups;
        this.threads = threads;
        this.clock = clock;
        this.changed = changed;
    }

    /** Why the last look-up failed, if it did. */
    @NonNull
    Optional<String> problem() {
        return problem;
    }

    /** When an answer is due for another look; empty if none is. */
    @NonNull
    Optional<Instant> reviewAt() {
        return answers.values().stream()
                .map(Answer::askAgainAt)
                .filter(at -> at.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    @Override
    public CommitRelation of(String revision) {
        if (revision.equals(commit)) {
            return CommitRelation.SAME;
        }
        if (!revision.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            return CommitRelation.UNRELATED;
        }
        Answer answer = answers.get(revision);
        if (answer == null || !clock.instant().isBefore(answer.askAgainAt())) {
            CommitRelation meanwhile = answer == null ? CommitRelation.UNKNOWN : answer.kinship();
            answers.put(revision, new Answer(meanwhile, Instant.MAX));
            lookups.execute(() -> lookUp(revision));
            return meanwhile;
        }
        return answer.kinship();
    }

    private void lookUp(String revision) {
        try {
            CommitRelation found = find(revision);
            threads.onLoop(() -> answered(revision, found, Optional.empty()));
        } catch (RuntimeException cannot) {
            LOGGER.log(Level.FINE, cannot, () -> "Cannot relate " + revision + " to " + commit);
            threads.onLoop(
                    () -> answered(revision, CommitRelation.UNKNOWN, Optional.of(String.valueOf(cannot.getMessage()))));
        }
    }

    private CommitRelation find(String revision) {
        if (ancestry.isAncestor(commit, revision)) {
            return CommitRelation.NEWER;
        }
        return ancestry.isAncestor(revision, commit) ? CommitRelation.OLDER : CommitRelation.UNRELATED;
    }

    private void answered(String revision, CommitRelation found, Optional<String> cause) {
        boolean certain = found == CommitRelation.NEWER || found == CommitRelation.OLDER;
        answers.put(
                revision,
                new Answer(found, certain ? Instant.MAX : clock.instant().plus(DOUBTFUL)));
        problem = cause;
        changed.run();
    }
}
