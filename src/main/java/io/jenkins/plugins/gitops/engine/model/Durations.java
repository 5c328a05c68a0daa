package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write and read them, in declarations, steps, forms and logs. */
public final class Durations {

    private static final Pattern TEXT = Pattern.compile(
            "(?:(?<d>\\d{1,6})d)?\\s*(?:(?<h>\\d{1,6})h)?\\s*(?:(?<m>\\d{1,6})m)?\\s*(?:(?<s>\\d{1,7})s)?");

    private static final Duration IN_SECONDS = Duration.ofMinutes(2);

    private Durations() {}

    /**
     * {@code 90s}, {@code 30m}, {@code 1h 30m}, {@code 3d}; zero is a duration too, also without a unit.
     *
     * @throws InvalidDurationException if it is none, with an example
     */
    public static Duration parse(String text) {
        if (text.strip().equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.isBlank() || !matcher.matches()) {
            throw new InvalidDurationException(text);
        }
        return Duration.ofDays(number(matcher, "d"))
                .plusHours(number(matcher, "h"))
                .plusMinutes(number(matcher, "m"))
                .plusSeconds(number(matcher, "s"));
    }

    /**
     * A later time: {@code 2026-03-01T12:00:00Z}, or a duration from now on.
     *
     * @throws InvalidDurationException if it is neither, with an example
     */
    public static Instant end(String text, Instant now) {
        try {
            return text.contains("T") ? Instant.parse(text) : now.plus(parse(text));
        } catch (InvalidDurationException | DateTimeException e) {
            throw new InvalidDurationException(
                    "'" + text + "' is neither a duration nor a point in time; write for example 4h or"
                            + " 2026-03-01T12:00:00Z.",
                    e);
        }
    }

    private static long number(Matcher matcher, String unit) {
        String digits = matcher.group(unit);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** {@code 90 s}, {@code 2 min}, {@code 1 h 5 min}, {@code 1 d 12 h}; rounded up to whole seconds. */
    public static String text(Duration duration) {
        Duration whole = duration.isNegative() ? Duration.ZERO : duration.plusMillis(999);
        if (whole.compareTo(IN_SECONDS) < 0) {
            return whole.toSeconds() + " s";
        }
        List<String> parts = new ArrayList<>();
        add(parts, whole.toDays(), " d");
        add(parts, whole.toHoursPart(), " h");
        add(parts, whole.toMinutesPart(), " min");
        add(parts, whole.toSecondsPart(), " s");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long amount, String unit) {
        if (amount > 0) {
            parts.add(amount + unit);
        }
    }

    /** {@code 2026-03-02T12:00:00Z}. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The user writes it differently. */
    public static final class InvalidDurationException extends GitOpsException {

        private static final long serialVersionUID = 1L;

        InvalidDurationException(String sentence, RuntimeException cause) {
            super(sentence, cause);
        }

        InvalidDurationException(String text) {
            super("'" + text + "' is not a duration; write for example 90s, 15m, 1h 30m or 2d.");
        }
    }
}
