package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** A job at the root, and its runs. */
final class BenchJob extends Job<BenchJob, BenchJob.Started> {

    private final List<Started> runs = new ArrayList<>();

    /** A run that never ends. */
    static final class Started extends Run<BenchJob, Started> {

        private Started(BenchJob job, int number) throws IOException {
            super(job);
            this.number = number;
        }
    }

    BenchJob(@NonNull String name) {
        super(Jenkins.get(), name);
        StandIn.current().withItem(this);
    }

    @NonNull
    Started start() throws IOException {
        Started run = new Started(this, runs.size() + 1);
        runs.add(run);
        StandIn.current().withRun(run);
        return run;
    }

    @NonNull
    List<Started> runs() {
        return runs;
    }
}
