package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * One conversation with a service. Over HTTP each request stands alone and the greeting may be skipped; over a pipe
 * (SSH, in process) the greeting comes first and the requests follow on the same streams.
 */
public interface Conversation extends Closeable {

    /** The service's advertisement, to be read to its flush packet. */
    @NonNull
    InputStream greeting() throws IOException;

    /** Whether {@link #ask} works before {@link #greeting}. */
    boolean stateless();

    /** Sends the request and returns the answer, to be read to its end as the protocol says. */
    @NonNull
    InputStream ask(@NonNull byte[] request) throws IOException;

    @Override
    void close();
}
