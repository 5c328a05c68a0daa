package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A decision that a gate does not take; nothing was changed. */
public final class GateRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why, for a caller that answers with a status code. */
    public enum Kind {
        /** This person may not. */
        FORBIDDEN,
        /** The gate, or an earlier decision, is in the way. */
        CONFLICT,
        /** The request itself lacks something. */
        INVALID
    }

    GateRefusedException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
