package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
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
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Applies edits one after the other and makes a commit of each, in memory. */
final class Planner {

    private final InstantSource clock;

    Planner(@NonNull InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes the commits on the tip. A request whose edit gives up fails at once and is left out.
     *
     * @param tip the zero id where the ref does not exist yet: the first commit has no parent, its edit an empty tree
     */
    @NonNull
    Plan plan(
            @NonNull List<Pending> group,
            @NonNull ObjectStore store,
            @NonNull ObjectSource source,
            @NonNull ObjectId tip)
            throws IOException {
        NewObjects objects = new NewObjects(source);
        Map<Pending, CommitOutcome> outcomes = new IdentityHashMap<>();
        ObjectId commit = tip;
        ObjectId tree;
        Instant when = clock.instant();
        if (tip.equals(ObjectId.zeroId())) {
            tree = Constants.EMPTY_TREE_ID;
        } else {
            try (RevWalk walk = store.walk()) {
                RevCommit parsed = walk.parseCommit(tip);
                tree = parsed.getTree().copy();
                // A clock that was set back does not make a commit older than its parent.
                Instant parent = Instant.ofEpochSecond(parsed.getCommitTime());
                when = when.isBefore(parent) ? parent : when;
            }
        }
        for (Pending pending : group) {
            try {
                CommitRequest request = pending.request();
                Map<String, byte[]> files = request.edit().apply(new Unpushed(commit, tree, objects));
                Map<TreePath, byte[]> byPath = new LinkedHashMap<>();
                files.forEach((path, content) -> byPath.put(TreePath.parse(path), content));
                ObjectId edited = byPath.isEmpty() ? tree : Trees.write(objects, tree, byPath);
                if (edited.equals(tree)) {
                    outcomes.put(pending, new CommitOutcome.Unchanged(commit.name()));
                } else {
                    commit = objects.commit(CommitTexts.write(request, edited, commit, when));
                    tree = edited;
                    outcomes.put(pending, new CommitOutcome.Committed(commit.name(), List.copyOf(files.keySet())));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                pending.fail(e);
            }
        }
        return new Plan(tip, commit, objects, outcomes);
    }

    /** The tree an edit sees; trouble on the way to the server passes through the edit and is dealt with here. */
    private record Unpushed(ObjectId id, ObjectId tree, ObjectSource source) implements Snapshot {

        @Override
        public String commit() {
            return id.name();
        }

        @Override
        public Optional<byte[]> file(String path) {
            try {
                return new CommitSnapshot(id, tree, source).read(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
