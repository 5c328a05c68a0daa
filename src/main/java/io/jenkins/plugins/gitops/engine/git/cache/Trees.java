package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.cache.TreeBytes.Entry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** Finds and changes files of a tree, touching only the directories on the way. */
public final class Trees {

    private Trees() {}

    /** The blob at a path; empty when there is none. Symbolic links and submodules on the way are refused. */
    @NonNull
    public static Optional<ObjectId> find(@NonNull ObjectSource source, @NonNull ObjectId root, @NonNull TreePath path)
            throws IOException {
        if (root.equals(Constants.EMPTY_TREE_ID)) {
            return Optional.empty();
        }
        ObjectId tree = root;
        int last = path.segments().size() - 1;
        for (int i = 0; i <= last; i++) {
            Optional<Entry> entry =
                    read(source, tree, path, i).find(path.segments().get(i));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            requirePlain(entry.get(), path, i + 1);
            if (entry.get().isTree() == (i == last)) {
                return Optional.empty();
            }
            if (i == last) {
                return Optional.of(entry.get().id());
            }
            tree = entry.get().id();
        }
        return Optional.empty();
    }

    /**
     * The tree with files replaced or added; modes stay, a new file is not executable.
     *
     * @param root may be Git's empty tree, which no repository needs to have
     */
    @NonNull
    public static ObjectId write(
            @NonNull NewObjects objects, @NonNull ObjectId root, @NonNull Map<TreePath, byte[]> files)
            throws IOException {
        return write(objects, Optional.of(root).filter(id -> !id.equals(Constants.EMPTY_TREE_ID)), files, 0);
    }

    private static ObjectId write(NewObjects objects, Optional<ObjectId> treeId, Map<TreePath, byte[]> files, int depth)
            throws IOException {
        TreePath some = files.keySet().iterator().next();
        TreeBytes old = treeId.isPresent() ? read(objects, treeId.get(), some, depth) : TreeBytes.EMPTY;
        Map<String, Map<TreePath, byte[]>> byName = new TreeMap<>();
        files.forEach(
                (path, content) -> byName.computeIfAbsent(path.segments().get(depth), name -> new LinkedHashMap<>())
                        .put(path, content));
        TreeBytes changed = old;
        for (Map.Entry<String, Map<TreePath, byte[]>> group : byName.entrySet()) {
            changed = writeEntry(objects, changed, group.getKey(), group.getValue(), depth);
        }
        return objects.tree(changed.raw(), treeId.map(id -> new GitObject.Base(id, old.raw())));
    }

    private static TreeBytes writeEntry(
            NewObjects objects, TreeBytes tree, String name, Map<TreePath, byte[]> files, int depth)
            throws IOException {
        Map.Entry<TreePath, byte[]> first = files.entrySet().iterator().next();
        TreePath path = first.getKey();
        boolean file = depth == path.segments().size() - 1;
        Optional<Entry> entry = tree.find(name);
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
        ObjectId child = file ? blob(objects, old, path, first.getValue()) : write(objects, old, files, depth + 1);
        return entry.isPresent()
                ? tree.replace(entry.get(), child)
                : tree.insert(name, file ? FileMode.REGULAR_FILE : FileMode.TREE, child);
    }

    private static ObjectId blob(NewObjects objects, Optional<ObjectId> old, TreePath path, byte[] content)
            throws IOException {
        Optional<GitObject.Base> base = Optional.empty();
        if (old.isPresent()) {
            base = Optional.of(new GitObject.Base(old.get(), readFile(objects, old.get(), path)));
        }
        return objects.blob(content, base);
    }

    /**
     * The content of a file found before.
     *
     * @throws RepositoryException if it is too large to be read
     */
    @NonNull
    public static byte[] readFile(@NonNull ObjectSource source, @NonNull ObjectId blob, @NonNull TreePath path)
            throws IOException {
        try {
            return source.blob(blob);
        } catch (ObjectTooLargeException e) {
            throw new RepositoryException(
                    "\"" + path + "\" in the config repository is larger than " + e.limit()
                            + " bytes; only small text files are read and written",
                    e);
        }
    }

    private static TreeBytes read(ObjectSource source, ObjectId tree, TreePath path, int depth) throws IOException {
        try {
            return new TreeBytes(source.tree(tree));
        } catch (ObjectTooLargeException e) {
            String directory = depth == 0 ? "The root directory" : "Directory \"" + path.prefix(depth) + "\"";
            throw new RepositoryException(
                    directory + " of the config repository has too many entries (its listing is larger than "
                            + e.limit() + " bytes); spread them over subdirectories",
                    e);
        }
    }

    private static void requirePlain(Entry entry, TreePath path, int depth) {
        if (!entry.isTree() && !entry.isFile()) {
            String what = FileMode.SYMLINK.equals(entry.mode()) ? "symbolic link" : "submodule";
            throw new RepositoryException("\"" + path.prefix(depth) + "\" in the config repository is a " + what
                    + ", which is never followed; name the file itself");
        }
    }
}
