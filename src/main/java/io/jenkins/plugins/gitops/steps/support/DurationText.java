package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in a Pipeline: {@code 90s}, {@code 15m}, {@code 1h 30m}, {@code 2d}. */
public final class DurationText {

    private static final Pattern TEXT =
            Pattern.compile("(?:(?<d>\\d{1,4})d)? ?(?:(?<h>\\d{1,5})h)? ?(?:(?<m>\\d{1,6})m)? ?(?:(?<s>\\d{1,7})s)?");

    private DurationText() {}

    /**
     * @param parameter whose value it is, for the message
     * @throws StepParameterException if it is not one
     */
    @NonNull
    public static Duration parse(@NonNull String parameter, @NonNull String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.isBlank() || !matcher.matches()) {
            throw new StepParameterException(
                    "'" + text + "' is not a duration for '" + parameter + "': write for example 90s, 15m or 1h 30m.");
        }
        return Duration.ofDays(number(matcher, "d"))
                .plusHours(number(matcher, "h"))
                .plusMinutes(number(matcher, "m"))
                .plusSeconds(number(matcher, "s"));
    }

    private static long number(Matcher matcher, String unit) {
        String digits = matcher.group(unit);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
