package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.util.Paths;

/**
 * Finds and changes files of a tree, touching only the directories on the way. All other entries of these are copied
 * unread, so odd modes and names survive.
 */
public final class Trees {

    private static final byte[] EMPTY = {};

    private Trees() {}

    /** @param idOffset where the id stands in the tree's bytes */
    private record Entry(int mode, ObjectId id, int idOffset) {

        boolean isTree() {
            return FileMode.TREE.equals(mode);
        }
    }

    /**
     * The content of the file at a path; empty when there is none. Symbolic links and submodules on the way are refused.
     *
     * @throws RepositoryException if it is too large to be read
     */
    public static Optional<byte[]> read(ObjectSource source, ObjectId root, TreePath path) throws IOException {
        if (root.equals(Constants.EMPTY_TREE_ID)) {
            return Optional.empty();
        }
        ObjectId tree = root;
        int last = path.segments().size() - 1;
        for (int i = 0; i <= last; i++) {
            Optional<Entry> entry =
                    find(directory(source, tree, path, i), path.segments().get(i));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            requirePlain(entry.get(), path, i + 1);
            if (entry.get().isTree() == (i == last)) {
                return Optional.empty();
            }
            tree = entry.get().id();
        }
        return Optional.of(file(source, tree, path).clone());
    }

    private static byte[] file(ObjectSource source, ObjectId blob, TreePath path) throws IOException {
        try {
            return source.read(blob, Constants.OBJ_BLOB);
        } catch (ObjectTooLargeException e) {
            throw new RepositoryException(
                    "\"" + path + "\" in the config repository is larger than " + e.limit()
                            + " bytes; only small text files are read and written",
                    e);
        }
    }

    /**
     * The tree with files replaced or added; modes stay, a new file is not executable.
     *
     * @param root may be Git's empty tree, which no repository needs to have
     */
    public static ObjectId write(NewObjects objects, ObjectId root, Map<TreePath, byte[]> files) throws IOException {
        return write(objects, Optional.of(root).filter(id -> !id.equals(Constants.EMPTY_TREE_ID)), files, 0);
    }

    private static ObjectId write(NewObjects objects, Optional<ObjectId> treeId, Map<TreePath, byte[]> files, int depth)
            throws IOException {
        TreePath some = files.keySet().iterator().next();
        Map<String, Map<TreePath, byte[]>> byName = new TreeMap<>();
        files.forEach(
                (path, content) -> byName.computeIfAbsent(path.segments().get(depth), name -> new LinkedHashMap<>())
                        .put(path, content));
        byte[] tree = treeId.isPresent() ? directory(objects, treeId.get(), some, depth) : EMPTY;
        for (Map.Entry<String, Map<TreePath, byte[]>> group : byName.entrySet()) {
            tree = writeEntry(objects, tree, group.getKey(), group.getValue(), depth);
        }
        return objects.add(Constants.OBJ_TREE, tree, treeId);
    }

    private static byte[] writeEntry(
            NewObjects objects, byte[] tree, String name, Map<TreePath, byte[]> files, int depth) throws IOException {
        Map.Entry<TreePath, byte[]> first = files.entrySet().iterator().next();
        TreePath path = first.getKey();
        boolean file = depth == path.segments().size() - 1;
        Optional<Entry> entry = find(tree, name);
        if (entry.isPresent()) {
            requirePlain(entry.get(), path, depth + 1);
        }
        boolean inTheWay = entry.isPresent() && entry.get().isTree() == file
                || files.keySet().stream().anyMatch(p -> (depth == p.segments().size() - 1) != file);
        if (inTheWay) {
            throw new RepositoryException("\"" + path.prefix(depth + 1) + "\" in the config repository cannot be both a"
                    + " file and a directory; correct the path");
        }
        Optional<ObjectId> old = entry.map(Entry::id);
        if (file && old.isPresent()) {
            // Refused where it is too large; else it is at hand, as what a push sends the difference to.
            file(objects, old.get(), path);
        }
        ObjectId child =
                file ? objects.add(Constants.OBJ_BLOB, first.getValue(), old) : write(objects, old, files, depth + 1);
        if (entry.isEmpty()) {
            return insert(tree, name, file ? FileMode.REGULAR_FILE : FileMode.TREE, child);
        }
        byte[] changed = tree.clone();
        child.copyRawTo(changed, entry.get().idOffset());
        return changed;
    }

    private static Optional<Entry> find(byte[] tree, String name) {
        byte[] wanted = Constants.encode(name);
        CanonicalTreeParser entries = entries(tree);
        for (; !entries.eof(); next(entries, tree)) {
            int length = entries.getEntryPathLength();
            if (Arrays.equals(entries.getEntryPathBuffer(), 0, length, wanted, 0, wanted.length)) {
                return Optional.of(
                        new Entry(entries.getEntryRawMode(), entries.getEntryObjectId(), entries.idOffset()));
            }
        }
        return Optional.empty();
    }

    /** Puts an entry where Git's order wants it: a directory sorts as if its name ended in a slash. */
    private static byte[] insert(byte[] tree, String name, FileMode mode, ObjectId id) {
        byte[] key = Constants.encode(name);
        int at = 0;
        CanonicalTreeParser entries = entries(tree);
        for (; !entries.eof(); next(entries, tree)) {
            byte[] other = entries.getEntryPathBuffer();
            int length = entries.getEntryPathLength();
            if (Paths.compare(other, 0, length, entries.getEntryRawMode(), key, 0, key.length, mode.getBits()) > 0) {
                break;
            }
            at = entries.idOffset() + Constants.OBJECT_ID_LENGTH;
        }
        TreeFormatter added = new TreeFormatter();
        added.append(key, mode, id);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(tree, 0, at);
        changed.writeBytes(added.toByteArray());
        changed.write(tree, at, tree.length - at);
        return changed.toByteArray();
    }

    private static CanonicalTreeParser entries(byte[] tree) {
        CanonicalTreeParser entries = new CanonicalTreeParser();
        try {
            entries.reset(tree);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw damaged(e);
        }
        return checked(entries, tree);
    }

    private static void next(CanonicalTreeParser entries, byte[] tree) {
        try {
            entries.next(1);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw damaged(e);
        }
        checked(entries, tree);
    }

    private static CanonicalTreeParser checked(CanonicalTreeParser entries, byte[] tree) {
        if (!entries.eof() && entries.idOffset() + Constants.OBJECT_ID_LENGTH > tree.length) {
            throw damaged(null);
        }
        return entries;
    }

    private static RepositoryException damaged(@Nullable Exception cause) {
        return new RepositoryException(
                "A directory of the config repository is damaged (its tree object has no end); run git fsck there",
                cause);
    }

    private static byte[] directory(ObjectSource source, ObjectId tree, TreePath path, int depth) throws IOException {
        try {
            return source.read(tree, Constants.OBJ_TREE);
        } catch (ObjectTooLargeException e) {
            String directory = depth == 0 ? "The root directory" : "Directory \"" + path.prefix(depth) + "\"";
            throw new RepositoryException(
                    directory + " of the config repository has too many entries (its listing is larger than "
                            + e.limit() + " bytes); spread them over subdirectories",
                    e);
        }
    }

    private static void requirePlain(Entry entry, TreePath path, int depth) {
        boolean file = FileMode.REGULAR_FILE.equals(entry.mode()) || FileMode.EXECUTABLE_FILE.equals(entry.mode());
        if (!entry.isTree() && !file) {
            String what = FileMode.SYMLINK.equals(entry.mode()) ? "symbolic link" : "submodule";
            throw new RepositoryException("\"" + path.prefix(depth) + "\" in the config repository is a " + what
                    + ", which is never followed; name the file itself");
        }
    }
}
