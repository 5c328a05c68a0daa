package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** Where trees and blobs are read from. */
@FunctionalInterface
public interface ObjectSource {

    /**
     * The content of an object, as Git stores it; not to be changed.
     *
     * @param type as {@link org.eclipse.jgit.lib.Constants} counts them
     * @throws ObjectTooLargeException if it is
     */
    byte[] read(ObjectId id, int type) throws IOException;
}
