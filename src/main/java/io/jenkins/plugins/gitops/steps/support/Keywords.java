package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Constants as they are written in a Pipeline. */
public final class Keywords {

    private Keywords() {}

    @NonNull
    public static String of(@NonNull Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant that a text means.
     *
     * @param usual where there is no text
     * @param purpose of the constants, as the end of "'x' is nothing …"
     * @throws StepParameterException if it means none of them
     */
    @NonNull
    public static <E extends Enum<E>> E parse(@CheckForNull String text, @NonNull E usual, @NonNull String purpose) {
        if (text == null) {
            return usual;
        }
        E[] constants = usual.getDeclaringClass().getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> of(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new StepParameterException("'" + text + "' is nothing " + purpose + ": give one of "
                        + Arrays.stream(constants).map(Keywords::of).collect(Collectors.joining(", "))
                        + "."));
    }
}
