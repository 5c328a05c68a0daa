package io.jenkins.plugins.gitops.engine.forge;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.time.Instant;
import java.util.Optional;

/** A Git server's API could not do what it was asked, and what to do about it. */
public final class ForgeException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    @Nullable
    private final Instant until;

    /** By what helps. */
    public enum Kind {
        /** No answer, or one that a server in trouble gives: it may pass. */
        UNAVAILABLE,
        /** Too many requests: it passes. */
        LIMITED,
        /** The credentials are missing, wrong or expired. */
        UNAUTHORIZED,
        /** The credentials may not do this. */
        FORBIDDEN,
        /** There is no such thing, or the credentials may not see it. */
        NOT_FOUND,
        /** What was asked does not fit the state of things: 405, 409, 422 and the like. */
        REFUSED
    }

    ForgeException(Kind kind, String sentence, @Nullable Instant until, @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.until = until;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the same request may succeed later with nobody doing anything. */
    public boolean mayPass() {
        return kind == Kind.UNAVAILABLE || kind == Kind.LIMITED;
    }

    /** When to ask again at the earliest, where the server says so. */
    public Optional<Instant> until() {
        return Optional.ofNullable(until);
    }
}
