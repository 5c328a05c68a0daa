package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.eclipse.jgit.errors.InvalidObjectIdException;
import org.eclipse.jgit.lib.ObjectId;

/** Object ids as a server writes them. */
final class Ids {

    private Ids() {}

    @NonNull
    static ObjectId parse(@NonNull String hex) throws WireException {
        try {
            return ObjectId.fromString(hex);
        } catch (InvalidObjectIdException e) {
            throw new WireException(WireException.Kind.FINAL, "the answer is not Git's protocol", e);
        }
    }
}
