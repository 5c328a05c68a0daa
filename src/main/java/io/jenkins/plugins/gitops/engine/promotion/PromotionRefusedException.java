package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A release cannot be promoted this way, or not now: choose another environment, or wait. */
public final class PromotionRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public PromotionRefusedException(@NonNull String sentence) {
        super(sentence);
    }
}
