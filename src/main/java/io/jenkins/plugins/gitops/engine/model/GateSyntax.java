package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.freeze.CronExpression;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How times are written in a declaration. Every method throws {@link IllegalArgumentException} with what is expected
 * instead, without full stop, or the exception of what it reads with.
 */
final class GateSyntax {

    private static final Pattern HOURS = Pattern.compile("(\\d{1,2}:\\d{2}) *- *(\\d{1,2}:\\d{2})");
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private GateSyntax() {}

    /** What {@link Durations} reads, but not zero. */
    static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("'" + text + "' is zero; omit the key instead");
        }
        return duration;
    }

    /** An objective: {@code critical}, {@code major} or a duration. */
    static Duration objective(String text) {
        return switch (text) {
            case "critical" -> RollbackPolicy.CRITICAL;
            case "major" -> RollbackPolicy.MAJOR;
            default -> duration(text);
        };
    }

    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time zone; write for example Europe/Zurich or UTC");
        }
    }

    static Window window(JsonNode node) {
        String reason = node.path("reason").asText("");
        boolean weekly = node.has("days") || node.has("hours");
        boolean recurring = node.has("cron") || node.has("lasts");
        boolean once = node.has("from") || node.has("to");
        if ((weekly ? 1 : 0) + (recurring ? 1 : 0) + (once ? 1 : 0) != 1) {
            throw new IllegalArgumentException(
                    "a window has either 'days' and 'hours', or 'cron' and 'lasts', or 'from' and 'to'");
        }
        if (weekly) {
            return weekly(node, reason);
        }
        return recurring ? recurring(node, reason) : once(node, reason);
    }

    private static Window weekly(JsonNode node, String reason) {
        LocalTime from = LocalTime.MIDNIGHT;
        LocalTime to = LocalTime.MIDNIGHT;
        if (node.has("hours")) {
            String text = node.get("hours").asText();
            Matcher hours = HOURS.matcher(text);
            if (!hours.matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a range of hours; write for example \"08:00-17:30\"");
            }
            from = time(hours.group(1));
            to = time(hours.group(2));
        }
        return new Window.Weekly(days(node.path("days")), from, to, reason);
    }

    private static LocalTime time(String text) {
        String padded = text.length() == 4 ? "0" + text : text;
        if (padded.equals("24:00")) {
            return LocalTime.MIDNIGHT;
        }
        try {
            return LocalTime.parse(padded);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a time of day; write 00:00 to 24:00");
        }
    }

    private static Set<DayOfWeek> days(JsonNode node) {
        if (node.isMissingNode()) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : DeclarationReader.strings(node)) {
            String[] ends = part.toLowerCase(Locale.ROOT).split("-", -1);
            int first = DAYS.indexOf(ends[0]);
            int last = DAYS.indexOf(ends[ends.length - 1]);
            if (first < 0 || last < 0 || ends.length > 2) {
                throw new IllegalArgumentException(
                        "'" + part + "' is not a day; write mon, tue, wed, thu, fri, sat, sun, or mon-fri");
            }
            for (int day = first; ; day = (day + 1) % 7) {
                days.add(DayOfWeek.of(day + 1));
                if (day == last) {
                    break;
                }
            }
        }
        return days;
    }

    private static Window recurring(JsonNode node, String reason) {
        if (!node.has("cron") || !node.has("lasts")) {
            throw new IllegalArgumentException(
                    "a window requires both 'cron', when it begins, and 'lasts', how long it takes");
        }
        Duration lasts = duration(node.get("lasts").asText());
        if (lasts.compareTo(Window.Recurring.LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a window that recurs lasts 31d at most; write longer ones with 'from' and 'to'");
        }
        return new Window.Recurring(CronExpression.parse(node.get("cron").asText()), lasts, reason);
    }

    private static Window once(JsonNode node, String reason) {
        if (!node.has("from") || !node.has("to")) {
            throw new IllegalArgumentException("a window requires both 'from' and 'to'");
        }
        LocalDateTime from = moment(node.get("from").asText(), 0);
        LocalDateTime to = moment(node.get("to").asText(), 1);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("the window ends ('to') before it begins ('from')");
        }
        return new Window.Once(from, to, reason);
    }

    /** A date and time, or a date: as an end, a date is included. */
    private static LocalDateTime moment(String text, int daysAfter) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).plusDays(daysAfter).atStartOfDay()
                    : LocalDateTime.parse(text.replace(' ', 'T'));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a date; write 2026-12-24, or 2026-12-24 18:00");
        }
    }
}
