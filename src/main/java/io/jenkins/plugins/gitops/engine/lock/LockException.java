package io.jenkins.plugins.gitops.engine.lock;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A lock cannot be set, lifted or read so: another name, a reason, or a repaired ref is needed. */
public final class LockException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public LockException(String sentence) {
        this(sentence, null);
    }

    LockException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
