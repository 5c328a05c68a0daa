package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.util.Paths;

/**
 * Finds and changes files of trees, touching only the directories on the way. All other entries of these are copied
 * unread, so odd modes and names survive. What is made, commits too, is kept here over what is known already: nothing is
 * on disk until it is pushed, so a crash leaves nothing behind.
 */
public final class Trees {

    private static final byte[] EMPTY = {};

    /** Files and folders of a listing. */
    private static final int MOST_LISTED = 20_000;

    /** Folders that are asked for at once. */
    private static final int LARGEST_REQUEST = 1_000;

    private static final ObjectInserter.Formatter HASH = new ObjectInserter.Formatter();

    private final ObjectSource known;
    private final Map<ObjectId, ObjectLoader> made = new LinkedHashMap<>();
    private final Set<ObjectId> replaced = new HashSet<>();

    public Trees(ObjectSource known) {
        this.known = known;
    }

    /** The objects of commits that are not pushed yet. */
    Map<ObjectId, ObjectLoader> made() {
        return Collections.unmodifiableMap(made);
    }

    /** The directories that others took the place of: what is made shares its other entries with them. */
    Set<ObjectId> replaced() {
        return Collections.unmodifiableSet(replaced);
    }

    /** Adds a commit. */
    public ObjectId commit(byte[] content) {
        return add(Constants.OBJ_COMMIT, content, Optional.empty());
    }

    /** @param old what is replaced, which may be the same */
    private ObjectId add(int type, byte[] content, Optional<ObjectId> old) {
        ObjectId id = HASH.idFor(type, content);
        if (!old.equals(Optional.of(id))) {
            made.putIfAbsent(id, new ObjectLoader.SmallObject(type, content));
            old.filter(before -> type == Constants.OBJ_TREE).ifPresent(replaced::add);
        }
        return id;
    }

    private byte[] object(ObjectId id, int type) throws IOException {
        ObjectLoader object = made.get(id);
        return object == null ? known.read(id, type) : object.getCachedBytes();
    }

    /** Has directories at hand before they are read one by one. */
    @FunctionalInterface
    public interface Bringing {
        void bring(Collection<ObjectId> directories) throws IOException;
    }

    /** What a directory holds under a name. */
    public record Entry(int mode, ObjectId id) {

        public boolean isTree() {
            return FileMode.TREE.equals(mode);
        }
    }

    /** The entry of a directory, whatever it is. */
    public static Optional<Entry> entry(byte[] tree, String name) {
        return find(tree, name).map(entry -> new Entry(entry.getEntryRawMode(), entry.getEntryObjectId()));
    }

    /**
     * The content of the file at a path; empty when there is none. Symbolic links and submodules on the way are refused.
     *
     * @throws RepositoryException if it is too large to be read
     */
    public Optional<byte[]> read(ObjectId root, String file) throws IOException {
        List<String> path = segments(file);
        if (root.equals(Constants.EMPTY_TREE_ID)) {
            return Optional.empty();
        }
        ObjectId tree = root;
        int last = path.size() - 1;
        for (int i = 0; i <= last; i++) {
            Optional<CanonicalTreeParser> entry = find(directory(tree, path, i), path.get(i));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            requirePlain(entry.get(), path, i + 1);
            if (isTree(entry.get()) == (i == last)) {
                return Optional.empty();
            }
            tree = entry.get().getEntryObjectId();
        }
        return Optional.of(file(tree, path).clone());
    }

    /**
     * What is below a folder, as {@link Snapshot#list} has it; one level after the other, so that each takes one request.
     *
     * @param folder empty for the root
     */
    public Map<String, Snapshot.Entry> list(ObjectId root, String folder, Predicate<String> enter, Bringing bringing)
            throws IOException {
        Map<String, Snapshot.Entry> files = new TreeMap<>();
        Map<String, ObjectId> level = new TreeMap<>();
        folder(root, folder).ifPresent(id -> level.put("", id));
        int seen = 0;
        while (!level.isEmpty()) {
            List<ObjectId> ids = level.values().stream().distinct().toList();
            for (int from = 0; from < ids.size(); from += LARGEST_REQUEST) {
                bringing.bring(ids.subList(from, Math.min(ids.size(), from + LARGEST_REQUEST)));
            }
            Map<String, ObjectId> below = new TreeMap<>();
            for (Map.Entry<String, ObjectId> directory : level.entrySet()) {
                byte[] tree = directory(directory.getValue(), List.of(directory.getKey()), folder.isEmpty() ? 0 : 1);
                for (CanonicalTreeParser entry = entries(tree); !entry.eof(); next(entry, tree)) {
                    String path = directory.getKey() + entry.getEntryPathString();
                    if (++seen > MOST_LISTED) {
                        throw new RepositoryException("More than " + MOST_LISTED + " files and folders are below \""
                                + folder + "\" in the config repository; name fewer of them");
                    }
                    if (!isTree(entry)) {
                        files.put(
                                path,
                                new Snapshot.Entry(
                                        entry.getEntryRawMode(),
                                        entry.getEntryObjectId().name()));
                    } else if (enter.test(path)) {
                        below.put(path + "/", entry.getEntryObjectId());
                    }
                }
            }
            level.clear();
            level.putAll(below);
        }
        return files;
    }

    private Optional<ObjectId> folder(ObjectId root, String folder) throws IOException {
        ObjectId tree = root;
        List<String> path = folder.isEmpty() ? List.of() : segments(folder);
        for (int i = 0; i < path.size() && !tree.equals(Constants.EMPTY_TREE_ID); i++) {
            Optional<Entry> entry = entry(directory(tree, path, i), path.get(i));
            if (entry.isEmpty() || !entry.get().isTree()) {
                return Optional.empty();
            }
            tree = entry.get().id();
        }
        return Optional.of(tree).filter(found -> !found.equals(Constants.EMPTY_TREE_ID));
    }

    /** Refuses what leaves the tree, is absolute, or names {@code .git} in any of its disguises on any platform. */
    public static List<String> segments(String path) {
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
        return segments;
    }

    private static String joined(List<String> path, int count) {
        return String.join("/", path.subList(0, count));
    }

    private byte[] file(ObjectId blob, List<String> path) throws IOException {
        try {
            return object(blob, Constants.OBJ_BLOB);
        } catch (ObjectTooLargeException e) {
            throw new RepositoryException(
                    "\"" + joined(path, path.size()) + "\" in the config repository is larger than " + e.limit()
                            + " bytes; only small text files are read and written",
                    e);
        }
    }

    /** The tree with files replaced or added; modes stay, a new file is not executable. */
    public ObjectId write(ObjectId root, Map<String, byte[]> files) throws IOException {
        return write(root, files, path -> CommitRequest.KEPT);
    }

    /**
     * The tree with files replaced, added or taken away; a folder without files goes, too.
     *
     * @param root may be Git's empty tree, which no repository needs to have
     * @param modes as {@link CommitRequest#modes} has them
     */
    public ObjectId write(ObjectId root, Map<String, byte[]> files, ToIntFunction<String> modes) throws IOException {
        Map<List<String>, byte[]> byPath = new LinkedHashMap<>();
        files.forEach((path, content) -> byPath.put(segments(path), content));
        return write(Optional.of(root).filter(id -> !id.equals(Constants.EMPTY_TREE_ID)), byPath, modes, 0);
    }

    private ObjectId write(
            Optional<ObjectId> treeId, Map<List<String>, byte[]> files, ToIntFunction<String> modes, int depth)
            throws IOException {
        List<String> some = files.keySet().iterator().next();
        Map<String, Map<List<String>, byte[]>> byName = new TreeMap<>();
        files.forEach((path, content) -> byName.computeIfAbsent(path.get(depth), name -> new LinkedHashMap<>())
                .put(path, content));
        byte[] tree = treeId.isPresent() ? directory(treeId.get(), some, depth) : EMPTY;
        for (Map.Entry<String, Map<List<String>, byte[]>> group : byName.entrySet()) {
            tree = writeEntry(tree, group.getKey(), group.getValue(), modes, depth);
        }
        return add(Constants.OBJ_TREE, tree, treeId);
    }

    private byte[] writeEntry(
            byte[] tree, String name, Map<List<String>, byte[]> files, ToIntFunction<String> modes, int depth)
            throws IOException {
        Map.Entry<List<String>, byte[]> first = files.entrySet().iterator().next();
        List<String> path = first.getKey();
        boolean file = depth == path.size() - 1;
        Optional<CanonicalTreeParser> entry = find(tree, name);
        if (entry.isPresent()) {
            requirePlain(entry.get(), path, depth + 1);
        }
        boolean inTheWay = entry.isPresent() && isTree(entry.get()) == file
                || files.keySet().stream().anyMatch(p -> (depth == p.size() - 1) != file);
        if (inTheWay) {
            throw new RepositoryException("\"" + joined(path, depth + 1)
                    + "\" in the config repository cannot be both a" + " file and a directory; correct the path");
        }
        Optional<ObjectId> old = entry.map(CanonicalTreeParser::getEntryObjectId);
        if (file && old.isPresent()) {
            // Refused where it is too large; else it is at hand, as what a push sends the difference to.
            file(old.get(), path);
        }
        int mode = file ? modes.applyAsInt(joined(path, path.size())) : CommitRequest.KEPT;
        if (mode == CommitRequest.GONE) {
            return entry.isPresent() ? without(tree, entry.get()) : tree;
        }
        ObjectId child = file ? add(Constants.OBJ_BLOB, first.getValue(), old) : write(old, files, modes, depth + 1);
        if (child.equals(Constants.EMPTY_TREE_ID)) {
            return entry.isPresent() ? without(tree, entry.get()) : tree;
        }
        if (entry.isEmpty() || mode != CommitRequest.KEPT && mode != entry.get().getEntryRawMode()) {
            FileMode kind = !file
                    ? FileMode.TREE
                    : mode == CommitRequest.KEPT ? FileMode.REGULAR_FILE : FileMode.fromBits(mode);
            return insert(entry.isPresent() ? without(tree, entry.get()) : tree, name, kind, child);
        }
        byte[] changed = tree.clone();
        child.copyRawTo(changed, entry.get().idOffset());
        return changed;
    }

    private static byte[] without(byte[] tree, CanonicalTreeParser gone) {
        int start = 0;
        for (CanonicalTreeParser entry = entries(tree); entry.idOffset() < gone.idOffset(); next(entry, tree)) {
            start = entry.idOffset() + Constants.OBJECT_ID_LENGTH;
        }
        int end = gone.idOffset() + Constants.OBJECT_ID_LENGTH;
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(tree, 0, start);
        changed.write(tree, end, tree.length - end);
        return changed.toByteArray();
    }

    /** The parser, at the entry with the name. */
    private static Optional<CanonicalTreeParser> find(byte[] tree, String name) {
        byte[] wanted = Constants.encode(name);
        CanonicalTreeParser entries = entries(tree);
        for (; !entries.eof(); next(entries, tree)) {
            int length = entries.getEntryPathLength();
            if (Arrays.equals(entries.getEntryPathBuffer(), 0, length, wanted, 0, wanted.length)) {
                return Optional.of(entries);
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

    private byte[] directory(ObjectId tree, List<String> path, int depth) throws IOException {
        try {
            return object(tree, Constants.OBJ_TREE);
        } catch (ObjectTooLargeException e) {
            String directory = depth == 0 ? "The root directory" : "Directory \"" + joined(path, depth) + "\"";
            throw new RepositoryException(
                    directory + " of the config repository has too many entries (its listing is larger than "
                            + e.limit() + " bytes); spread them over subdirectories",
                    e);
        }
    }

    private static boolean isTree(CanonicalTreeParser entry) {
        return FileMode.TREE.equals(entry.getEntryRawMode());
    }

    private static void requirePlain(CanonicalTreeParser entry, List<String> path, int depth) {
        int mode = entry.getEntryRawMode();
        boolean file = FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
        if (!isTree(entry) && !file) {
            String what = FileMode.SYMLINK.equals(mode) ? "symbolic link" : "submodule";
            throw new RepositoryException("\"" + joined(path, depth) + "\" in the config repository is a " + what
                    + ", which is never followed; name the file itself");
        }
    }
}
