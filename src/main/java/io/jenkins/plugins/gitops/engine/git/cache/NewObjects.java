package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/**
 * The objects of commits that are not pushed yet, over what is known already. Nothing is on disk until the push is
 * done, so a crash leaves nothing behind.
 */
public final class NewObjects implements ObjectSource {

    private static final ObjectInserter.Formatter HASH = new ObjectInserter.Formatter();

    private final ObjectSource known;
    private final Map<ObjectId, GitObject> made = new LinkedHashMap<>();

    public NewObjects(@NonNull ObjectSource known) {
        this.known = known;
    }

    @Override
    public byte[] tree(ObjectId id) throws IOException {
        GitObject object = made.get(id);
        return object == null ? known.tree(id) : object.content();
    }

    @Override
    public byte[] blob(ObjectId id) throws IOException {
        GitObject object = made.get(id);
        return object == null ? known.blob(id) : object.content();
    }

    /** Adds a commit. */
    @NonNull
    public ObjectId commit(@NonNull byte[] content) {
        return add(Constants.OBJ_COMMIT, content, Optional.empty());
    }

    @NonNull
    ObjectId tree(@NonNull byte[] content, @NonNull Optional<GitObject.Base> base) {
        return add(Constants.OBJ_TREE, content, base);
    }

    @NonNull
    ObjectId blob(@NonNull byte[] content, @NonNull Optional<GitObject.Base> base) {
        return add(Constants.OBJ_BLOB, content, base);
    }

    /** What was made, bases before what stands on them. */
    @NonNull
    Collection<GitObject> made() {
        return Collections.unmodifiableCollection(made.values());
    }

    private ObjectId add(int type, byte[] content, Optional<GitObject.Base> base) {
        ObjectId id = HASH.idFor(type, content);
        if (base.isPresent() && base.get().id().equals(id)) {
            return id;
        }
        made.putIfAbsent(id, new GitObject(id, type, content, base));
        return id;
    }
}
