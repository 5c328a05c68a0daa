package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.git.cache.NewObjects;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.TreePath;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Commits made in memory for a group of requests, to be pushed together.
 *
 * @param from where the branch stands
 * @param to where it shall stand; the same when no request changes anything
 * @param outcomes what to tell each request once the branch stands there
 */
record PreparedPush(ObjectId from, ObjectId to, NewObjects objects, Map<QueuedCommit, CommitOutcome> outcomes) {

    /**
     * Applies the edits one after the other and makes a commit of each. A request whose edit gives up fails at once and is
     * left out.
     *
     * @param tip the zero id where the ref does not exist yet: the first commit has no parent, its edit an empty tree
     * @param now dates the commits
     */
    static PreparedPush of(List<QueuedCommit> group, ObjectStore store, ObjectSource source, ObjectId tip, Instant now)
            throws IOException {
        NewObjects objects = new NewObjects(source);
        Map<QueuedCommit, CommitOutcome> outcomes = new IdentityHashMap<>();
        ObjectId commit = tip;
        ObjectId tree = Constants.EMPTY_TREE_ID;
        Instant when = now;
        if (!tip.equals(ObjectId.zeroId())) {
            try (RevWalk walk = store.walk()) {
                RevCommit parsed = walk.parseCommit(tip);
                tree = parsed.getTree().copy();
                // A clock that was set back does not make a commit older than its parent.
                Instant parent = Instant.ofEpochSecond(parsed.getCommitTime());
                when = when.isBefore(parent) ? parent : when;
            }
        }
        for (QueuedCommit queued : group) {
            try {
                CommitRequest request = queued.request();
                Map<String, byte[]> files = request.edit().apply(new Unpushed(commit, tree, objects));
                Map<TreePath, byte[]> byPath = new LinkedHashMap<>();
                files.forEach((path, content) -> byPath.put(TreePath.parse(path), content));
                ObjectId edited = byPath.isEmpty() ? tree : Trees.write(objects, tree, byPath);
                if (edited.equals(tree)) {
                    outcomes.put(queued, new CommitOutcome.Unchanged(commit.name()));
                } else {
                    commit = objects.commit(CommitTexts.write(request, edited, commit, when));
                    tree = edited;
                    outcomes.put(queued, new CommitOutcome.Committed(commit.name(), List.copyOf(files.keySet())));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                queued.fail(e);
            }
        }
        return new PreparedPush(tip, commit, objects, outcomes);
    }

    /** The tree an edit sees; a fault on the way to the server passes through the edit and is dealt with above. */
    private record Unpushed(ObjectId id, ObjectId tree, ObjectSource source) implements Snapshot {

        @Override
        public String commit() {
            return id.name();
        }

        @Override
        public Optional<byte[]> file(String path) {
            try {
                return Trees.read(source, tree, TreePath.parse(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The commits by their bump ids. */
    Map<String, ObjectId> bumps() {
        Map<String, ObjectId> bumps = new LinkedHashMap<>();
        outcomes.forEach((queued, outcome) -> {
            if (outcome instanceof CommitOutcome.Committed committed) {
                bumps.put(queued.request().bumpId(), ObjectId.fromString(committed.commit()));
            }
        });
        return bumps;
    }

    void settle() {
        outcomes.forEach((queued, outcome) -> queued.outcome().complete(outcome));
    }
}
