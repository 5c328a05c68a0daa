package io.jenkins.plugins.gitops.engine;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;

/**
 * What was asked for cannot be done so, or not now: a release bumped, promoted or rolled back, a target locked or
 * unlocked. The user changes the request, the declaration or the files, or waits.
 */
public class RefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RefusedException(@NonNull String sentence) {
        this(sentence, null);
    }

    public RefusedException(@NonNull String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
