package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;

/**
 * The objects of commits that are not pushed yet, over what is known already. Nothing is on disk until the push is
 * done, so a crash leaves nothing behind.
 */
public final class NewObjects implements ObjectSource {

    private static final ObjectInserter.Formatter HASH = new ObjectInserter.Formatter();

    private final ObjectSource known;
    private final Map<ObjectId, ObjectLoader> made = new LinkedHashMap<>();

    public NewObjects(ObjectSource known) {
        this.known = known;
    }

    @Override
    public byte[] read(ObjectId id, int type) throws IOException {
        ObjectLoader object = made.get(id);
        return object == null ? known.read(id, type) : object.getCachedBytes();
    }

    /** Adds a commit. */
    public ObjectId commit(byte[] content) {
        return add(Constants.OBJ_COMMIT, content, Optional.empty());
    }

    /** @param old what is replaced, which may be the same */
    ObjectId add(int type, byte[] content, Optional<ObjectId> old) {
        ObjectId id = HASH.idFor(type, content);
        if (!old.equals(Optional.of(id))) {
            made.putIfAbsent(id, new ObjectLoader.SmallObject(type, content));
        }
        return id;
    }

    Map<ObjectId, ObjectLoader> made() {
        return Collections.unmodifiableMap(made);
    }
}
