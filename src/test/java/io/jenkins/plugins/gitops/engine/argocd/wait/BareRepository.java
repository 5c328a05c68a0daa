package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A bare config repository on disk, written to without a work tree. */
final class BareRepository implements AutoCloseable {

    private static final String BRANCH = "refs/heads/main";
    private static final PersonIdent AUTHOR = new PersonIdent("Tester", "tester@example.com");

    private final Repository repository;
    private final Map<String, String> files = new TreeMap<>();
    private int commits;

    private BareRepository(Repository repository) {
        this.repository = repository;
    }

    static BareRepository create(Path parent) throws IOException {
        Repository made = new FileRepositoryBuilder()
                .setGitDir(parent.resolve("config.git").toFile())
                .setBare()
                .build();
        made.create(true);
        return new BareRepository(made);
    }

    Path directory() {
        return repository.getDirectory().toPath();
    }

    /** Commits these files to main beside those there are; returns the commit's full id. */
    String commit(Map<String, String> changes) {
        files.putAll(changes);
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            for (Map.Entry<String, String> file : files.entrySet()) {
                DirCacheEntry entry = new DirCacheEntry(file.getKey());
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(
                        inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8)));
                builder.add(entry);
            }
            builder.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            ObjectId parent = repository.resolve(BRANCH);
            if (parent != null) {
                commit.setParentId(parent);
            }
            commit.setAuthor(AUTHOR);
            commit.setCommitter(AUTHOR);
            commit.setMessage("Change number " + ++commits);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(BRANCH);
            update.setNewObjectId(id);
            update.update();
            return id.name();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    boolean isAncestor(String ancestor, String descendant) {
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId older = repository.resolve(ancestor + "^{commit}");
            ObjectId newer = repository.resolve(descendant + "^{commit}");
            return older != null
                    && newer != null
                    && walk.isMergedInto(walk.parseCommit(older), walk.parseCommit(newer));
        } catch (org.eclipse.jgit.errors.MissingObjectException unknown) {
            return false;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
