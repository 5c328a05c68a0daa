package io.jenkins.plugins.gitops.engine.git.cache;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.util.List;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * A path to a file inside a tree that is safe on every platform a clone may be checked out on.
 *
 * @param segments directories from the root, then the file
 */
public record TreePath(List<String> segments) {

    public TreePath {
        segments = List.copyOf(segments);
    }

    /** Refuses what leaves the tree, is absolute, or names {@code .git} in any of its disguises. */
    public static TreePath parse(String path) {
        String shown = path.replaceAll("\\p{Cntrl}", "?");
        if (path.isEmpty() || path.startsWith("/") || path.endsWith("/") || path.contains("\\")) {
            throw new RepositoryException("\"" + shown
                    + "\" is not a path inside the config repository; write it from the root with / between names");
        }
        List<String> segments = List.of(path.split("/", -1));
        ObjectChecker checker = new ObjectChecker().setSafeForMacOS(true).setSafeForWindows(true);
        for (String segment : segments) {
            try {
                checker.checkPathSegment(Constants.encode(segment), 0, Constants.encode(segment).length);
            } catch (CorruptObjectException e) {
                throw new RepositoryException(
                        "\"" + shown + "\" is refused as a path in the config repository (" + e.getMessage()
                                + "); name the file inside the tree",
                        e);
            }
        }
        return new TreePath(segments);
    }

    /** The first {@code count} segments, for messages. */
    String prefix(int count) {
        return String.join("/", segments.subList(0, count));
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
