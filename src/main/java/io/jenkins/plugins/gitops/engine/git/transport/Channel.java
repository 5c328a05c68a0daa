package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;

/** The way to one remote, over whatever transport. Safe for any thread. */
public interface Channel extends Closeable {

    /** Starts a conversation; nothing need be on the wire before its first method is called. */
    @NonNull
    Conversation open(@NonNull Service service) throws IOException;

    /** How often the remote answered; who sees it grow knows that the remote is there. */
    long contacts();

    /** Frees what is kept open between conversations. */
    @Override
    void close();
}
