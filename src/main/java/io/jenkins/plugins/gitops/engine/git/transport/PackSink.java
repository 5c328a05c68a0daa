package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;

/** Takes a received pack. */
@FunctionalInterface
public interface PackSink {

    /** Reads the pack to its trailing checksum; what follows is left. */
    void accept(@NonNull InputStream pack) throws IOException;
}
