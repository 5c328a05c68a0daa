package io.jenkins.plugins.gitops.engine.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** The store was replaced while it was read: begin again. */
final class StaleStoreException extends IOException {

    private static final long serialVersionUID = 1L;

    StaleStoreException(@NonNull Throwable cause) {
        super("the cache was replaced", cause);
    }
}
