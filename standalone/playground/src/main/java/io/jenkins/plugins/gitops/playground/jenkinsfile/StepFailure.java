package io.jenkins.plugins.gitops.playground.jenkinsfile;

import edu.umd.cs.findbugs.annotations.NonNull;

/** A step that failed for a reason told in one sentence; the run's log shows no stack trace. */
public final class StepFailure extends Exception {

    private static final long serialVersionUID = 1L;

    public StepFailure(@NonNull String sentence) {
        super(sentence);
    }
}
