package io.jenkins.plugins.gitops.engine.changes;

import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Changed files by kind.
 *
 * @param files the first of each kind that there is
 * @param counts how many there are of each
 * @param others how many files are ignored, or named by no pattern
 * @param isCut whether there were too many files to tell them apart, and every kind counts
 */
public record ChangeSummary(
        Map<ChangeKind, List<String>> files, Map<ChangeKind, Integer> counts, int others, boolean isCut) {

    /** Files of a kind that are kept. */
    public static final int MOST_FILES = 100;

    public ChangeSummary {
        files = Collections.unmodifiableMap(new EnumMap<>(files));
        counts = Collections.unmodifiableMap(new EnumMap<>(counts));
    }

    public static ChangeSummary of(ChangeRules rules, List<String> paths, boolean isCut) {
        Map<ChangeKind, List<String>> files = new EnumMap<>(ChangeKind.class);
        Map<ChangeKind, Integer> counts = new EnumMap<>(ChangeKind.class);
        int others = 0;
        for (String path : paths) {
            var kind = rules.kind(path);
            if (kind.isEmpty()) {
                others++;
                continue;
            }
            counts.merge(kind.get(), 1, Integer::sum);
            List<String> kept = files.computeIfAbsent(kind.get(), first -> new ArrayList<>());
            if (kept.size() < MOST_FILES) {
                kept.add(path);
            }
        }
        return new ChangeSummary(files, counts, others, isCut);
    }

    /** The kinds that there are, in their order. */
    public List<ChangeKind> kinds() {
        return Stream.of(ChangeKind.values())
                .filter(kind -> isCut || counts.containsKey(kind))
                .toList();
    }

    /** For a log: which kinds, and a line for the files of each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach(
                (kind, count) -> lines.add(kind + ": " + count(count) + " (" + Shortened.list(files.get(kind)) + ")"));
        if (isCut && !counts.isEmpty()) {
            lines.add("There are more changed files than are told apart: every kind counts as changed.");
        }
        if (others > 0) {
            lines.add(count(others) + " ignored or named by no pattern");
        }
        return lines;
    }

    private static String count(int files) {
        return files == 1 ? "1 file" : files + " files";
    }

    @Override
    public String toString() {
        return kinds().isEmpty()
                ? "nothing"
                : kinds().stream().map(ChangeKind::toString).collect(Collectors.joining(", "));
    }
}
