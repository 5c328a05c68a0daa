package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.steps.support.Keywords;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;

/** What a waiting step does when its time is over. */
public enum TimeoutConduct {
    /** The step fails. */
    FAIL,
    /** The run becomes unstable and goes on. */
    UNSTABLE,
    /** The run goes on; the result tells. */
    CONTINUE;

    /** @throws StepParameterException if it is none of them; null is {@link #FAIL} */
    @NonNull
    static TimeoutConduct parse(@CheckForNull String text) {
        return Keywords.parse(text, FAIL, "to do on timeout");
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return Keywords.of(this);
    }
}
