package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.TreePath;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A tree at a commit, read while the engine itself watches for failures.
 *
 * @param id of the commit
 * @param tree its root
 * @param source where objects come from
 */
record CommitSnapshot(
        @NonNull ObjectId id,
        @NonNull ObjectId tree,
        @NonNull ObjectSource source) {

    @NonNull
    Optional<byte[]> read(@NonNull String path) throws IOException {
        TreePath treePath = TreePath.parse(path);
        Optional<ObjectId> blob = Trees.find(source, tree, treePath);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Trees.readFile(source, blob.get(), treePath).clone());
    }
}
