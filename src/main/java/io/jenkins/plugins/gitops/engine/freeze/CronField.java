package io.jenkins.plugins.gitops.engine.freeze;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** One of the five fields of a cron expression: which values it takes, and how they are written. */
enum CronField {
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    /** 0 and 7 are Sunday. */
    DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private final String title;
    private final int least;
    private final int greatest;
    private final List<String> names;

    CronField(String title, int least, int greatest, List<String> names) {
        this.title = title;
        this.least = least;
        this.greatest = greatest;
        this.names = names;
    }

    /** The values that {@code text} allows: {@code *}, {@code 5}, {@code 1-5}, {@code MON-FRI}, {@code * /15}, lists. */
    @NonNull
    BitSet parse(@NonNull String text, @NonNull String expression) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] halves = part.split("/", -1);
            int step = halves.length == 1 ? 1 : number(halves[1], part, expression);
            if (halves.length > 2 || step < 1) {
                throw refused(part, expression);
            }
            int[] range = range(halves[0], halves.length == 2, part, expression);
            IntStream.iterate(range[0], value -> value <= range[1], value -> value + step)
                    .forEach(values::set);
        }
        if (this == DAY_OF_WEEK && values.get(7)) {
            values.set(0);
        }
        return values;
    }

    private int[] range(String text, boolean stepped, String part, String expression) {
        if (text.equals("*") || text.equals("?")) {
            return new int[] {least, greatest};
        }
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw refused(part, expression);
        }
        int from = value(ends[0], part, expression);
        int to = ends.length == 2 ? value(ends[1], part, expression) : stepped ? greatest : from;
        if (from > to) {
            throw refused(part, expression);
        }
        return new int[] {from, to};
    }

    private int value(String text, String part, String expression) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        int value = named >= 0 ? named + least : number(text, part, expression);
        if (value < least || value > greatest) {
            throw refused(part, expression);
        }
        return value;
    }

    private int number(String text, String part, String expression) {
        if (!text.matches("[0-9]{1,4}")) {
            throw refused(part, expression);
        }
        return Integer.parseInt(text);
    }

    private InvalidCronException refused(String part, String expression) {
        return new InvalidCronException(
                expression,
                "'" + part + "' is no " + title + "; write " + least + " to " + greatest
                        + (names.isEmpty() ? "" : " or " + names.get(0) + " to " + names.get(names.size() - 1))
                        + ", a range, a list or *");
    }
}
