package io.jenkins.plugins.gitops.steps.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.changes.ChangeKind;
import io.jenkins.plugins.gitops.engine.changes.ChangeSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run found in each repository that it looked at: the next run looks for changes since then. */
public final class ChangesRecord extends InvisibleAction {

    /** Runs that are looked at; each is read from disk. */
    static final int MOST_RUNS = 100;

    private final Map<String, Found> found = new TreeMap<>();
    private String last = "";

    /** What one checkout's changes are; saved with the run. */
    static final class Found {

        private final String commit;

        @CheckForNull
        private final String base;

        /** Names of {@link ChangeKind}. */
        private final ArrayList<String> kinds;

        private final LinkedHashMap<String, ArrayList<String>> files = new LinkedHashMap<>();

        Found(String commit, @CheckForNull String base, ChangeSummary summary) {
            this.commit = commit;
            this.base = base;
            kinds = new ArrayList<>(
                    summary.kinds().stream().map(ChangeKind::toString).toList());
            summary.files().forEach((kind, paths) -> files.put(kind.toString(), new ArrayList<>(paths)));
        }

        List<String> kinds() {
            return kinds;
        }

        boolean isOf(String other) {
            return commit.equals(other);
        }

        /** As the step returns it. */
        LinkedHashMap<String, Object> result() {
            LinkedHashMap<String, Object> map = new LinkedHashMap<>();
            map.put("kinds", new ArrayList<>(kinds));
            ChangeKind.names().forEach(kind -> map.put(kind, kinds.contains(kind)));
            if (!commit.isEmpty()) {
                map.put("commit", commit);
            }
            if (base != null) {
                map.put("base", base);
            }
            map.put("files", new LinkedHashMap<>(files));
            return map;
        }

        @Override
        public String toString() {
            return kinds.isEmpty() ? "nothing" : String.join(", ", kinds);
        }
    }

    /** A commit and the run that built it, for example {@code #12}. */
    record Built(String commit, String run) {}

    static void remember(Run<?, ?> run, String repository, Found found) throws IOException {
        synchronized (run) {
            ChangesRecord record = run.getAction(ChangesRecord.class);
            if (record == null) {
                record = new ChangesRecord();
                run.addAction(record);
            }
            record.add(repository, found);
            run.save();
        }
    }

    private synchronized void add(String repository, Found one) {
        found.put(repository, one);
        last = repository;
    }

    /** What the run found last, wherever it looked. */
    static Optional<Found> latest(Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(ChangesRecord.class)).map(ChangesRecord::latest);
    }

    private synchronized Found latest() {
        return found.get(last);
    }

    /** What the run found in the repository. */
    static Optional<Found> of(Run<?, ?> run, String repository) {
        return Optional.ofNullable(run.getAction(ChangesRecord.class)).flatMap(record -> record.of(repository));
    }

    private synchronized Optional<Found> of(String repository) {
        return Optional.ofNullable(found.get(repository));
    }

    /** The commit of the repository that the last successful run of the job built. */
    static Optional<Built> lastSuccessful(Run<?, ?> run, String repository) {
        Run<?, ?> at = run.getPreviousBuild();
        for (int runs = 0; at != null && runs < MOST_RUNS; runs++) {
            Optional<Found> built = at.getResult() == Result.SUCCESS ? of(at, repository) : Optional.empty();
            if (built.isPresent()) {
                return Optional.of(new Built(built.get().commit, "#" + at.getNumber()));
            }
            at = at.getPreviousBuild();
        }
        return Optional.empty();
    }
}
