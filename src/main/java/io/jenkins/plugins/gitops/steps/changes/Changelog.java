package io.jenkins.plugins.gitops.steps.changes;

import hudson.model.Result;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.gitops.engine.changes.ChangedFiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import jenkins.scm.RunWithSCM;

/** What Jenkins itself recorded of the changes since the last successful run, where the sources cannot be read. */
final class Changelog {

    /** The Git plugin leaves out the older ones of more commits than this. */
    private static final int LONGEST = 1_024;

    private static final int MOST_FILES = 20_000;

    private Changelog() {}

    /** Cut where it may not be complete. */
    static ChangedFiles read(Run<?, ?> run) {
        Set<String> paths = new LinkedHashSet<>();
        boolean isCut = add(run, paths);
        Run<?, ?> at = run;
        for (int runs = 1; ; runs++) {
            Run<?, ?> before = at.getPreviousBuild();
            if (before == null || runs == ChangesRecord.MOST_RUNS) {
                return unknown("no earlier run of this job was successful");
            }
            if (before.getNumber() != at.getNumber() - 1) {
                return unknown("a run between #" + before.getNumber() + " and #" + at.getNumber()
                        + " was deleted, whose changes are not known");
            }
            if (before.getResult() == Result.SUCCESS) {
                return paths.isEmpty()
                        ? unknown("the changelog is empty: it was skipped, or nothing was checked out yet")
                        : new ChangedFiles(
                                null,
                                true,
                                "since #" + before.getNumber() + ", by the changelog",
                                new ArrayList<>(paths),
                                isCut);
            }
            isCut |= add(before, paths);
            at = before;
        }
    }

    private static ChangedFiles unknown(String why) {
        return new ChangedFiles(null, false, why, new ArrayList<>(), true);
    }

    /** Whether there may be more. */
    private static boolean add(Run<?, ?> run, Set<String> paths) {
        int changes = 0;
        if (run instanceof RunWithSCM<?, ?> changed) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : changed.getChangeSets()) {
                for (ChangeLogSet.Entry change : set) {
                    for (String path : change.getAffectedPaths()) {
                        if (paths.size() == MOST_FILES) {
                            return true;
                        }
                        paths.add(path);
                    }
                    changes++;
                }
            }
        }
        return changes >= LONGEST;
    }
}
