package io.jenkins.plugins.gitops.playground.replay;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the version changes, by kind. */
final class Replayed {

    /** What became of one. */
    enum Outcome {
        /** The file is the one that the person wrote, byte for byte. */
        EQUAL,
        /** The value is; the commit changed something else in the file, too, or wrote the value in another style. */
        EXPLAINED,
        DIFFERENT,
        REFUSED,
        WITHOUT_PLACE
    }

    private static final class Row {
        private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        private int byKind;
    }

    private static final class Reason {
        private int count;
        private String example = "";
    }

    private final Map<String, Row> rows = new TreeMap<>();
    private final Map<String, Reason> reasons = new TreeMap<>();
    private final Row all = new Row();

    /**
     * Counts one change.
     *
     * @param byKind whether the place needed no path
     * @param reason why it is not equal; empty if it is
     */
    void add(String kind, Outcome outcome, boolean byKind, String reason, String where) {
        for (Row row : List.of(all, rows.computeIfAbsent(kind, first -> new Row()))) {
            row.counts.merge(outcome, 1, Integer::sum);
            row.byKind += byKind ? 1 : 0;
        }
        if (!reason.isEmpty()) {
            String general = reason.replaceFirst("^\\S+?:\\d+:\\d+: |^\\S+?\\.ya?ml: ", "")
                    .replaceAll("'[^']*'", "'…'");
            Reason one = reasons.computeIfAbsent(outcome + ": " + kind + ": " + general, first -> new Reason());
            one.count++;
            one.example = where;
        }
    }

    int count(Outcome outcome) {
        return all.counts.getOrDefault(outcome, 0);
    }

    int total() {
        return all.counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Of those that have a place, how many are as the person wrote them. */
    double right() {
        int attempted = total() - count(Outcome.WITHOUT_PLACE);
        return attempted == 0 ? 100 : 100.0 * (count(Outcome.EQUAL) + count(Outcome.EXPLAINED)) / attempted;
    }

    double withoutPlace() {
        return total() == 0 ? 0 : 100.0 * count(Outcome.WITHOUT_PLACE) / total();
    }

    /** @param examples how many reasons of each outcome */
    void print(PrintStream out, int examples) {
        out.printf("%-40s", "version changes");
        for (Outcome outcome : Outcome.values()) {
            out.printf(
                    " %13s", outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        }
        out.printf(" %9s%n", "by kind");
        rows.forEach((kind, row) -> print(out, kind, row));
        print(out, "all", all);
        out.printf(
                "%n%d version changes; %.2f %% of the attempted are equal or explained, %.2f %% have no place%n%n",
                total(), right(), withoutPlace());
        for (Outcome outcome : Outcome.values()) {
            reasons.entrySet().stream()
                    .filter(reason -> reason.getKey().startsWith(outcome + ": "))
                    .sorted(Comparator.comparing(reason -> -reason.getValue().count))
                    .limit(examples)
                    .forEach(reason -> out.printf(
                            "%6d %s%n       %s%n",
                            reason.getValue().count, reason.getKey(), reason.getValue().example));
        }
    }

    private static void print(PrintStream out, String name, Row row) {
        out.printf("%-40s", name);
        for (Outcome outcome : Outcome.values()) {
            out.printf(" %13d", row.counts.getOrDefault(outcome, 0));
        }
        out.printf(" %9d%n", row.byKind);
    }
}
