package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.Ancestry;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Kinship;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Lineage;
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
final class Lineages implements Lineage {

    private static final Logger LOGGER = Logger.getLogger(Lineages.class.getName());
    private static final Duration DOUBTFUL = Duration.ofSeconds(20);

    private final String commit;
    private final Ancestry ancestry;
    private final Lane lookups;
    private final Threads threads;
    private final InstantSource clock;
    private final Runnable changed;
    private final Map<String, Answer> answers = new HashMap<>(4);
    private Optional<String> problem = Optional.empty();

    private record Answer(Kinship kinship, Instant askAgainAt) {}

    /**
     * @param lookups where the ancestry is asked
     * @param changed called on the loop when an answer has come
     */
    Lineages(String commit, Ancestry ancestry, Lane lookups, Threads threads, InstantSource clock, Runnable changed) {
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
    public Kinship of(String revision) {
        if (revision.equals(commit)) {
            return Kinship.SAME;
        }
        if (!revision.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            return Kinship.UNRELATED;
        }
        Answer answer = answers.get(revision);
        if (answer == null || !clock.instant().isBefore(answer.askAgainAt())) {
            Kinship meanwhile = answer == null ? Kinship.UNKNOWN : answer.kinship();
            answers.put(revision, new Answer(meanwhile, Instant.MAX));
            lookups.execute(() -> lookUp(revision));
            return meanwhile;
        }
        return answer.kinship();
    }

    private void lookUp(String revision) {
        try {
            Kinship found = find(revision);
            threads.onLoop(() -> answered(revision, found, Optional.empty()));
        } catch (RuntimeException cannot) {
            LOGGER.log(Level.FINE, cannot, () -> "Cannot relate " + revision + " to " + commit);
            threads.onLoop(() -> answered(revision, Kinship.UNKNOWN, Optional.of(String.valueOf(cannot.getMessage()))));
        }
    }

    private Kinship find(String revision) {
        if (ancestry.isAncestor(commit, revision)) {
            return Kinship.NEWER;
        }
        return ancestry.isAncestor(revision, commit) ? Kinship.OLDER : Kinship.UNRELATED;
    }

    private void answered(String revision, Kinship found, Optional<String> cause) {
        boolean certain = found == Kinship.NEWER || found == Kinship.OLDER;
        answers.put(
                revision,
                new Answer(found, certain ? Instant.MAX : clock.instant().plus(DOUBTFUL)));
        problem = cause;
        changed.run();
    }
}
