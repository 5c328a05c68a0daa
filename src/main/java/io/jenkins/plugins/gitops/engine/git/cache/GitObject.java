package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * An object made in memory.
 *
 * @param type as {@link org.eclipse.jgit.lib.Constants} counts them
 * @param content not to be changed
 * @param base an earlier version of it, which whoever receives it has
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the id is the identity
record GitObject(
        @NonNull ObjectId id,
        int type,
        @NonNull byte[] content,
        @NonNull Optional<Base> base) {

    record Base(@NonNull ObjectId id, @NonNull byte[] content) {}
}
