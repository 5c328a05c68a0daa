package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.FileChange.Kind;
import io.jenkins.plugins.gitops.engine.model.FileChange.Line;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** Compares two versions of a file by line, as {@code git diff} does. */
final class LineDiff {

    private LineDiff() {}

    @NonNull
    static FileChange between(@NonNull String path, @NonNull byte[] before, @NonNull byte[] after) {
        RawText old = new RawText(before);
        RawText now = new RawText(after);
        List<Line> lines = new ArrayList<>();
        for (Edit edit : new HistogramDiff().diff(RawTextComparator.DEFAULT, old, now)) {
            for (int i = edit.getBeginA(); i < edit.getEndA(); i++) {
                lines.add(new Line(Kind.REMOVED, i + 1, text(old, i)));
            }
            for (int i = edit.getBeginB(); i < edit.getEndB(); i++) {
                lines.add(new Line(Kind.ADDED, i + 1, text(now, i)));
            }
        }
        return new FileChange(path, lines);
    }

    /** JGit takes LF alone for the end of a line. */
    private static String text(RawText file, int line) {
        String text = file.getString(line);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
