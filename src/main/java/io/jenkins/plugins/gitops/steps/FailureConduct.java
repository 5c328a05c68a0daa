package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a step does, before it fails, with a deployment that Argo CD does not bring live. */
public enum FailureConduct {
    /** Leaves it to people. */
    FAIL,
    /** Puts the previous healthy release back. */
    ROLLBACK;

    /** @throws StepParameterException if it is none of them; null is {@link #FAIL} */
    @NonNull
    static FailureConduct parse(@CheckForNull String text) {
        if (text == null) {
            return FAIL;
        }
        return Arrays.stream(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new StepParameterException("'" + text + "' is nothing to do on failure: give one of "
                        + Arrays.stream(values()).map(FailureConduct::toString).collect(Collectors.joining(", "))
                        + "."));
    }

    /** For a form. */
    @NonNull
    static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.FailureConduct_fail(), FAIL.toString());
        items.add(Messages.FailureConduct_rollback(), ROLLBACK.toString());
        return items;
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
