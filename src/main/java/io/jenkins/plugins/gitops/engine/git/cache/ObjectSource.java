package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** Where trees and blobs are read from. */
public interface ObjectSource {

    /**
     * The content of a tree, as Git stores it; not to be changed.
     *
     * @throws ObjectTooLargeException if it is
     */
    @NonNull
    byte[] tree(@NonNull ObjectId id) throws IOException;

    /**
     * The content of a file; not to be changed.
     *
     * @throws ObjectTooLargeException if it is
     */
    @NonNull
    byte[] blob(@NonNull ObjectId id) throws IOException;
}
