package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/** How a fetch ended. */
public sealed interface FetchAnswer {

    /**
     * The pack was received.
     *
     * @param shallow commits that are now cut off from their parents
     * @param unshallow commits that are no longer
     */
    record Received(@NonNull Set<ObjectId> shallow, @NonNull Set<ObjectId> unshallow) implements FetchAnswer {
        public Received {
            shallow = Set.copyOf(shallow);
            unshallow = Set.copyOf(unshallow);
        }
    }

    /** What is wanted does not descend from what is at hand; nothing was received. */
    record Unrelated() implements FetchAnswer {}
}
