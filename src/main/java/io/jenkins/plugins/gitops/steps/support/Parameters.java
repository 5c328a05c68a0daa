package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What Groovy passes as a step's parameters, made into what they mean: any value may be null, because the variable that
 * it comes from is not set, or end with the line break of a command's output.
 */
public final class Parameters {

    private Parameters() {}

    /** Every entry as a trimmed text; a null entry is {@code null}, as in a GString, for {@link #requireValues} to name. */
    @NonNull
    public static ArrayList<String> list(@CheckForNull List<?> values) {
        ArrayList<String> texts = new ArrayList<>();
        if (values != null) {
            values.forEach(value -> texts.add(text(value)));
        }
        return texts;
    }

    /** Likewise; Pipelines pass values of any type whose text is meant. */
    @NonNull
    public static LinkedHashMap<String, String> map(@CheckForNull Map<?, ?> values) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        if (values != null) {
            values.forEach((name, value) -> texts.put(text(name), text(value)));
        }
        return texts;
    }

    private static String text(@CheckForNull Object value) {
        return String.valueOf(value).strip();
    }

    /** @throws StepParameterException if an entry is missing */
    public static void requireValues(@NonNull String step, @NonNull String parameter, @NonNull List<String> values) {
        if (values.stream().anyMatch(Parameters::isUnset)) {
            throw new StepParameterException(
                    step + " has an empty entry in '" + parameter + "': check that the variable is set.");
        }
    }

    /**
     * @param what a value of the map is, for example {@code version}
     * @throws StepParameterException if an image has no name or no value
     */
    public static void requireValues(
            @NonNull String step,
            @NonNull String parameter,
            @NonNull String what,
            @NonNull Map<String, String> values) {
        values.forEach((name, value) -> {
            if (isUnset(value)) {
                throw new StepParameterException(
                        step + " has no " + what + " for the image '" + name + "': '" + parameter + "' gives "
                                + (value.isEmpty() ? "an empty text" : "null") + " (is the variable set?).");
            }
            if (name.isEmpty()) {
                throw new StepParameterException(
                        step + " has no name for the image '" + value + "': '" + parameter + "' is a map of names.");
            }
        });
    }

    /** Groovy writes a variable that is not set as {@code null} into a text: {@code "${env.TAG}"}. */
    public static boolean isUnset(@NonNull String value) {
        return value.isEmpty() || value.equals("null");
    }

    /** @throws StepParameterException if the text is not a duration */
    @NonNull
    public static Duration duration(@NonNull String parameter, @NonNull String text) {
        try {
            return Durations.parse(text);
        } catch (Durations.InvalidDurationException e) {
            throw new StepParameterException("Invalid '" + parameter + "': " + e.getMessage());
        }
    }

    /** A constant as it is written in a Pipeline. */
    @NonNull
    public static String keyword(@NonNull Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant that a text means.
     *
     * @param usual where there is no text
     * @throws StepParameterException if it means none of them
     */
    @NonNull
    public static <E extends Enum<E>> E keyword(
            @NonNull String parameter, @CheckForNull String text, @NonNull E usual) {
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

    /** A keyword to keep for a form: null where it is the usual one. */
    @CheckForNull
    public static String unlessUsual(@CheckForNull String text, @NonNull Enum<?> usual) {
        String given = Util.fixEmptyAndTrim(text);
        return keyword(usual).equals(given) ? null : given;
    }

    /** {@code shop/dev+staging}, from a call's arguments; empty where it names neither. */
    @NonNull
    public static String target(@NonNull Map<String, Object> arguments) {
        List<String> parts = new ArrayList<>(List.of(joined(arguments.get("application"), "")));
        parts.add(joined(arguments.getOrDefault("environments", arguments.get("environment")), "+"));
        parts.removeIf(String::isEmpty);
        return String.join("/", parts);
    }

    /** The text of a value, or the texts of a list's. */
    @NonNull
    public static String joined(@CheckForNull Object value, @NonNull String between) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(between))
                : Objects.toString(value, "");
    }
}
