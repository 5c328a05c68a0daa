package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** What an edit changes, line by line, for people to read; of very much the beginning, and how much more there is. */
final class FileDiff {

    private static final int MOST_LINES = 4_000;

    private static final int MOST_LINES_OF_FILE = 1_000;

    private static final int LONGEST_LINE = 2_000;

    private FileDiff() {}

    static List<FileChange> of(ReleaseEdit.Outcome outcome) {
        List<FileChange> files = new ArrayList<>();
        int left = MOST_LINES;
        for (Map.Entry<String, byte[]> file : outcome.contents().entrySet()) {
            String path = file.getKey();
            List<FileChange.Line> lines = lines(
                    outcome.before().get(path), file.getValue(), outcome.modes().get(path));
            FileChange shown = new FileChange(path, shortened(lines, Math.min(left, MOST_LINES_OF_FILE)));
            left = Math.max(1, left - shown.lines().size());
            files.add(shown);
        }
        return List.copyOf(files);
    }

    private static List<FileChange.Line> shortened(List<FileChange.Line> lines, int most) {
        if (lines.size() <= most) {
            return lines;
        }
        List<FileChange.Line> begin = new ArrayList<>(lines.subList(0, most - 1));
        FileChange.Line next = lines.get(most - 1);
        begin.add(new FileChange.Line(
                next.kind(), next.number(), "(" + (lines.size() - most + 1) + " more lines that are not shown)"));
        return begin;
    }

    /** By line, as {@code git diff} compares. */
    private static List<FileChange.Line> lines(byte[] before, byte[] after, Integer mode) {
        List<FileChange.Line> lines = new ArrayList<>();
        if (mode != null && mode != CommitRequest.GONE && before.length > 0) {
            lines.add(new FileChange.Line(
                    FileChange.Kind.ADDED, 1, "(the file's mode is " + Integer.toOctalString(mode) + " now)"));
        }
        if (RawText.isBinary(before) || RawText.isBinary(after)) {
            if (before.length > 0) {
                lines.add(binary(FileChange.Kind.REMOVED, before));
            }
            if (after.length > 0) {
                lines.add(binary(FileChange.Kind.ADDED, after));
            }
            return lines;
        }
        RawText old = new RawText(before);
        RawText now = new RawText(after);
        for (Edit edit : new HistogramDiff().diff(RawTextComparator.DEFAULT, old, now)) {
            for (int i = edit.getBeginA(); i < edit.getEndA(); i++) {
                lines.add(new FileChange.Line(FileChange.Kind.REMOVED, i + 1, line(old, i)));
            }
            for (int i = edit.getBeginB(); i < edit.getEndB(); i++) {
                lines.add(new FileChange.Line(FileChange.Kind.ADDED, i + 1, line(now, i)));
            }
        }
        return lines;
    }

    private static FileChange.Line binary(FileChange.Kind kind, byte[] content) {
        return new FileChange.Line(kind, 1, "(binary, " + content.length + " bytes)");
    }

    /** JGit takes LF alone for the end of a line. */
    private static String line(RawText file, int line) {
        String text = file.getString(line);
        String shown = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        return shown.length() > LONGEST_LINE ? shown.substring(0, LONGEST_LINE) + "…" : shown;
    }
}
