package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;

/** An object that a hostile or mistaken repository offers and that is not taken into memory. */
public final class ObjectTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long limit;

    public ObjectTooLargeException(long limit, @Nullable Throwable cause) {
        super("an object is larger than " + limit + " bytes", cause);
        this.limit = limit;
    }

    /** @param clause about what would be too large */
    ObjectTooLargeException(String clause) {
        super(clause);
        this.limit = 0;
    }

    /** In bytes. */
    public long limit() {
        return limit;
    }
}
