package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/** The changes of a folder from one commit to another, which come on top of a third as {@code git revert} does it. */
final class FolderRevert {

    /** That differ. */
    private static final int MOST_FILES = 1_000;

    private final String folder;
    private final Snapshot from;
    private final Snapshot to;

    /** Files that differ, by path from the root: what stands at either end, null for nothing. */
    private final Map<String, Change> changes = new TreeMap<>();

    private record Change(
            @CheckForNull Snapshot.Entry from, @CheckForNull Snapshot.Entry to) {}

    /**
     * What to write.
     *
     * @param contents by path; of a file that goes away anything
     * @param modes as {@link CommitRequest#modes} has them
     * @param conflicts paths of files that somebody changed otherwise
     */
    record Edit(Map<String, byte[]> contents, Map<String, Integer> modes, List<String> conflicts) {}

    /** @param folder empty for the root */
    FolderRevert(String folder, Snapshot from, Snapshot to) {
        this.folder = folder;
        this.from = from;
        this.to = to;
        Map<String, Snapshot.Entry> old = list(from);
        Map<String, Snapshot.Entry> wanted = list(to);
        old.forEach((path, entry) -> {
            if (!entry.equals(wanted.get(path))) {
                changes.put(path, new Change(entry, wanted.get(path)));
            }
        });
        wanted.forEach((path, entry) -> {
            if (!old.containsKey(path)) {
                changes.put(path, new Change(null, entry));
            }
        });
        if (changes.size() > MOST_FILES) {
            throw new RefusedException("More than " + MOST_FILES + " files of '" + folder
                    + "' would change: revert the commit by hand, and plan again.");
        }
    }

    private Map<String, Snapshot.Entry> list(Snapshot at) {
        Map<String, Snapshot.Entry> files = new TreeMap<>();
        at.list(folder, path -> true)
                .forEach((path, entry) -> files.put(folder.isEmpty() ? path : folder + "/" + path, entry));
        return files;
    }

    /** Whether both commits have the same there. */
    boolean isEmpty() {
        return changes.isEmpty();
    }

    Edit onto(Snapshot tip) {
        Edit edit = new Edit(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        Map<String, Snapshot.Entry> now = list(tip);
        changes.forEach((path, change) -> {
            Snapshot.Entry is = now.get(path);
            if (Objects.equals(is, change.to())) {
                return;
            }
            if (Objects.equals(is, change.from()) && isPlain(change.from()) && isPlain(change.to())) {
                put(edit, path, change.to());
            } else {
                merged(tip, path, is, change)
                        .ifPresentOrElse(
                                content -> edit.contents().put(path, content),
                                () -> edit.conflicts().add(path));
            }
        });
        return edit;
    }

    private void put(Edit edit, String path, @CheckForNull Snapshot.Entry wanted) {
        edit.modes().put(path, wanted == null ? CommitRequest.GONE : wanted.mode());
        edit.contents().put(path, wanted == null ? new byte[0] : content(to, path));
    }

    /** Empty where both sides changed the same lines, or a side is no text. */
    private Optional<byte[]> merged(Snapshot tip, String path, @CheckForNull Snapshot.Entry is, Change change) {
        Snapshot.Entry before = change.from();
        Snapshot.Entry after = change.to();
        if (is == null || before == null || after == null) {
            return Optional.empty();
        }
        boolean sameMode = is.mode() == before.mode() && is.mode() == after.mode();
        if (!sameMode || !isPlain(is)) {
            return Optional.empty();
        }
        byte[] base = content(from, path);
        byte[] ours = content(tip, path);
        byte[] theirs = content(to, path);
        if (RawText.isBinary(base) || RawText.isBinary(ours) || RawText.isBinary(theirs)) {
            return Optional.empty();
        }
        MergeResult<RawText> result = new MergeAlgorithm()
                .merge(RawTextComparator.DEFAULT, new RawText(base), new RawText(ours), new RawText(theirs));
        if (result.containsConflicts()) {
            return Optional.empty();
        }
        try {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            new MergeFormatter().formatMerge(text, result, List.of("", "", ""), StandardCharsets.UTF_8);
            return Optional.of(text.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(Snapshot at, String path) {
        return at.file(path).orElse(new byte[0]);
    }

    /** Neither a symbolic link nor a submodule. */
    private static boolean isPlain(@CheckForNull Snapshot.Entry entry) {
        return entry == null
                || FileMode.REGULAR_FILE.equals(entry.mode())
                || FileMode.EXECUTABLE_FILE.equals(entry.mode());
    }
}
