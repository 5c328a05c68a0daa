package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A hold cannot be lifted so: the user says more. */
public final class LiftRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public LiftRefusedException(@NonNull String sentence) {
        super(sentence);
    }
}
