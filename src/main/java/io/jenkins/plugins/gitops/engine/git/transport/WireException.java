package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server's answer, or its silence, that ended a conversation. The message is a clause for a sentence ("the server
 * answered 503 …"), names no secret and ends without a full stop.
 */
public final class WireException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What may be done about it. */
    public enum Kind {
        /** The server will say the same again. */
        FINAL,
        /** No connection was made; nothing was done. */
        UNREACHED,
        /** The server asks for patience; nothing was done. */
        LATER,
        /** The conversation broke; what it asked for may or may not have been done. */
        BROKEN,
        /** The server does not do what was asked for in this way; another way may be left. */
        UNSUPPORTED,
        /** A hook, a protected branch or a broken store: the same push would be refused again. */
        REFUSED
    }

    private final Kind kind;
    private final Duration retryAfter;

    public WireException(Kind kind, String clause) {
        this(kind, clause, null, null);
    }

    public WireException(Kind kind, String clause, @Nullable Throwable cause) {
        this(kind, clause, null, cause);
    }

    public WireException(Kind kind, String clause, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(clause, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the same may succeed another time, and may be tried without doing something twice. */
    public boolean mayPass() {
        return switch (kind) {
            case UNREACHED, LATER, BROKEN -> true;
            case FINAL, UNSUPPORTED, REFUSED -> false;
        };
    }

    /** How long the server asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
