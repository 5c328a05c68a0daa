package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** What stands at some paths in many commits, without a file being read: the ids of Git's objects tell. */
final class FileMarks {

    /** Directories asked for in one request. */
    private static final int LARGEST_REQUEST = 1_000;

    private final ObjectSource source;
    private final Trees.Bringing bringing;
    private final Map<ObjectId, Map<String, Optional<Trees.Entry>>> known = new HashMap<>();

    FileMarks(ObjectSource source, Trees.Bringing bringing) {
        this.source = source;
        this.bringing = bringing;
    }

    FileHistory of(History.Listed listed, Collection<String> paths) throws IOException {
        Map<String, List<String>> parsed = new TreeMap<>();
        paths.forEach(path -> parsed.put(path, Trees.segments(path)));
        Set<ObjectId> level = new LinkedHashSet<>();
        listed.commits().forEach(commit -> level.add(commit.tree()));
        for (int depth = 0; !level.isEmpty(); depth++) {
            bring(level);
            Set<ObjectId> below = new LinkedHashSet<>();
            for (History.Listed.Commit commit : listed.commits()) {
                for (List<String> path : parsed.values()) {
                    if (path.size() > depth + 1) {
                        entry(commit.tree(), path, depth)
                                .filter(Trees.Entry::isTree)
                                .ifPresent(found -> below.add(found.id()));
                    }
                }
            }
            level.clear();
            level.addAll(below);
        }
        List<FileHistory.Entry> entries = new ArrayList<>();
        for (History.Listed.Commit commit : listed.commits()) {
            Map<String, String> contents = new HashMap<>();
            for (Map.Entry<String, List<String>> path : parsed.entrySet()) {
                entry(commit.tree(), path.getValue(), path.getValue().size() - 1)
                        .ifPresent(found -> contents.put(
                                path.getKey(),
                                Integer.toOctalString(found.mode()) + " "
                                        + found.id().name()));
            }
            entries.add(new FileHistory.Entry(commit.info(), commit.parents(), contents));
        }
        return new FileHistory(entries, listed.isComplete());
    }

    private void bring(Set<ObjectId> directories) throws IOException {
        List<ObjectId> all = List.copyOf(directories);
        for (int from = 0; from < all.size(); from += LARGEST_REQUEST) {
            bringing.bring(all.subList(from, Math.min(all.size(), from + LARGEST_REQUEST)));
        }
    }

    /** What the path leads to after so many further segments; what is in the way of the rest counts as nothing. */
    private Optional<Trees.Entry> entry(ObjectId root, List<String> path, int last) throws IOException {
        ObjectId tree = root;
        for (int i = 0; ; i++) {
            Optional<Trees.Entry> entry = child(tree, path.get(i));
            if (i == last || entry.isEmpty()) {
                return entry;
            }
            if (!entry.get().isTree()) {
                return Optional.empty();
            }
            tree = entry.get().id();
        }
    }

    private Optional<Trees.Entry> child(ObjectId tree, String name) throws IOException {
        if (tree.equals(Constants.EMPTY_TREE_ID)) {
            return Optional.empty();
        }
        Map<String, Optional<Trees.Entry>> entries = known.computeIfAbsent(tree, first -> new HashMap<>());
        Optional<Trees.Entry> entry = entries.get(name);
        if (entry == null) {
            entry = Trees.entry(source.read(tree, Constants.OBJ_TREE), name);
            entries.put(name, entry);
        }
        return entry;
    }
}
