package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;

/** One example as Jenkins would see it: a job at the root, whose runs are counted from 1. */
public final class PlaygroundJob extends Job<PlaygroundJob, PlaygroundRun> {

    private final AtomicInteger lastNumber = new AtomicInteger();

    public PlaygroundJob(@NonNull String example) {
        super(Jenkins.get(), example);
    }

    int nextNumber() {
        return lastNumber.incrementAndGet();
    }
}
