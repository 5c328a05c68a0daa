package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A way to make a change: what is spliced, and what a parser must find different afterwards.
 *
 * @param splices in any order, not overlapping
 * @param changes in order
 */
record Edit(List<Splice> splices, List<Change> changes) {

    Edit(Splice splice, Change change) {
        this(List.of(splice), List.of(change));
    }

    /** Several edits of different nodes in one go. */
    static Edit together(List<Edit> edits) {
        List<Splice> splices = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Edit edit : edits) {
            splices.addAll(edit.splices);
            changes.addAll(edit.changes);
        }
        changes.sort(Comparator.comparingInt(Change::from));
        return new Edit(splices, changes);
    }
}
