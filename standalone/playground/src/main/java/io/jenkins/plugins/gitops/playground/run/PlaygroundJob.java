package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;

/** One example as Jenkins would see it: a job at the root, whose runs are counted from 1. */
public final class PlaygroundJob extends Job<PlaygroundJob, PlaygroundRun> {

    private final AtomicInteger lastNumber = new AtomicInteger();
    private final List<PlaygroundRun> runs = new CopyOnWriteArrayList<>();

    public PlaygroundJob(@NonNull String example) {
        super(Jenkins.get(), example);
    }

    int nextNumber() {
        return lastNumber.incrementAndGet();
    }

    void add(@NonNull PlaygroundRun run) {
        runs.add(run);
    }

    void remove(@NonNull PlaygroundRun run) {
        runs.remove(run);
    }

    /** The run before of the same branch, which Jenkins would have in a job of its own. */
    @CheckForNull
    PlaygroundRun before(@NonNull PlaygroundRun run) {
        return runs.stream()
                .filter(other ->
                        other.getNumber() < run.getNumber() && other.branch().equals(run.branch()))
                .max(Comparator.comparingInt(PlaygroundRun::getNumber))
                .orElse(null);
    }
}
