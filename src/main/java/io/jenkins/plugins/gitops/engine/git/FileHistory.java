package io.jenkins.plugins.gitops.engine.git;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A commit and those before it, and what stood at some paths in each of them.
 *
 * @param entries newest first, a commit before its parents
 * @param isComplete whether there is nothing older
 */
public record FileHistory(List<Entry> entries, boolean isComplete) {

    public FileHistory {
        entries = List.copyOf(entries);
    }

    /**
     * A commit.
     *
     * @param parents ids, in Git's order; some of them may be older than what was read
     * @param contents path to a mark that is the same where content and mode are; a path that holds nothing is left out
     */
    public record Entry(CommitInfo info, List<String> parents, Map<String, String> contents) {

        public Entry {
            parents = List.copyOf(parents);
            contents = Map.copyOf(contents);
        }

        /** What follows a merge's first parent is the branch itself. */
        public Optional<String> firstParent() {
            return parents.stream().findFirst();
        }
    }

    /** By commit id, in order. */
    public Map<String, Entry> byCommit() {
        Map<String, Entry> byCommit = new LinkedHashMap<>();
        entries.forEach(entry -> byCommit.put(entry.info().commit(), entry));
        return byCommit;
    }
}
