package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Durations and keywords as a step's parameters write them. */
public final class Parameters {

    private Parameters() {}

    /** @throws StepParameterException if the text is not a duration */
    public static Duration duration(String parameter, String text) {
        try {
            return Durations.parse(text);
        } catch (Durations.InvalidDurationException e) {
            throw new StepParameterException("Invalid '" + parameter + "': " + e.getMessage());
        }
    }

    /**
     * A later time: an ISO 8601 instant, or a duration from now on.
     *
     * @throws StepParameterException if the text is neither
     */
    public static Instant end(String parameter, String text, Instant now) {
        try {
            return Durations.end(text, now);
        } catch (Durations.InvalidDurationException e) {
            throw new StepParameterException("Invalid '" + parameter + "': " + e.getMessage());
        }
    }

    /** A constant as it is written in a Pipeline. */
    public static String keyword(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant that a text means.
     *
     * @param usual where there is no text
     * @throws StepParameterException if it means none of them
     */
    public static <E extends Enum<E>> E keyword(String parameter, @CheckForNull String text, E usual) {
        if (text == null) {
            return usual;
        }
        E[] constants = usual.getDeclaringClass().getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> keyword(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new StepParameterException("Invalid '" + parameter + "': '" + text
                        + "' is not one of "
                        + Arrays.stream(constants).map(Parameters::keyword).collect(Collectors.joining(", "))
                        + "."));
    }

    /** @throws StepParameterException if it is not the whole id of a commit */
    public static void requireCommit(String commit) {
        if (!commit.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            throw new StepParameterException("Invalid 'commit': '" + commit + "' is not a full commit id; pass the"
                    + " commit that gitopsBumpImage or gitopsPromote returned.");
        }
    }

    /**
     * The selector {@code key=value,…} taken apart.
     *
     * @throws StepParameterException if it is no selector of labels that must be equal
     */
    public static TreeMap<String, String> labels(String selector) {
        try {
            return AwaitedApplications.labels(selector);
        } catch (ArgoCdException invalid) {
            throw new StepParameterException("Invalid 'selector': " + invalid.getMessage());
        }
    }
}
