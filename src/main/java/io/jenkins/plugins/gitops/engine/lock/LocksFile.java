package io.jenkins.plugins.gitops.engine.lock;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;

/** Locks as JSON. */
final class LocksFile {

    /** In the ref. */
    static final String NAME = "locks.json";

    private LocksFile() {}

    /**
     * What a file says.
     *
     * @param where names the file in the sentence
     * @throws RefusedException if it cannot be read; nobody knows then what is locked
     */
    static Locks read(String where, byte[] content) {
        try {
            Locks read = SharedFile.read(content, Locks.class);
            if (read.locks().size() > Locks.MOST) {
                throw unreadable(where, "it has more than " + Locks.MOST + " locks", null);
            }
            return read;
        } catch (SharedFile.UnreadableException e) {
            throw unreadable(where, String.valueOf(e.getMessage()), e);
        }
    }

    private static RefusedException unreadable(String where, String why, @Nullable Exception cause) {
        return new RefusedException(
                "Nobody knows what is locked, because " + where + " cannot be read (" + why
                        + "): repair it, or delete the ref to remove every lock.",
                cause);
    }

    static byte[] write(Locks locks) {
        if (locks.locks().size() > Locks.MOST) {
            throw new RefusedException("There are " + Locks.MOST + " locks already: unlock some first.");
        }
        return SharedFile.write(locks, "The locks would take more than 1 MiB: unlock some first.");
    }
}
