package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** The store was replaced while it was read: begin again. */
final class StaleStoreException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final String MESSAGE = "the cache was replaced";

    StaleStoreException() {
        super(MESSAGE);
    }

    StaleStoreException(@NonNull Throwable cause) {
        super(MESSAGE, cause);
    }
}
