package io.jenkins.plugins.gitops.engine;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;

/**
 * Something the user can mend. The message is one sentence that names the thing, the place and the remedy; it is shown
 * without a stack trace, so it must stand alone and hold no secret. There is one subclass per kind of remedy.
 */
public abstract class GitOpsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected GitOpsException(@NonNull String sentence) {
        this(sentence, null);
    }

    protected GitOpsException(@NonNull String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    /** The sentence without its full stop, to stand within another. */
    @NonNull
    public String clause() {
        return String.valueOf(getMessage()).replaceFirst("\\.$", "");
    }
}
