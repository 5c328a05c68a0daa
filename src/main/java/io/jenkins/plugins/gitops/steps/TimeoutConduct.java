package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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
        if (text == null) {
            return FAIL;
        }
        return Arrays.stream(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new StepParameterException("'" + text + "' is nothing to do on timeout: give one of "
                        + Arrays.stream(values()).map(TimeoutConduct::toString).collect(Collectors.joining(", "))
                        + "."));
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
