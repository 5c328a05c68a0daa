package io.jenkins.plugins.gitops.steps.support;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import java.io.IOException;
import jenkins.model.Jenkins;

/** Runs without a Jenkins. */
public final class Pipelines {

    private Pipelines() {}

    /** The first run of a job. */
    public static Run<?, ?> run(String job) throws IOException {
        return run(Jenkins.get(), job);
    }

    /** The first run of a job that stands in a folder. */
    public static Run<?, ?> run(ItemGroup<?> place, String job) throws IOException {
        ARun run = new ARun(new AJob(place, job));
        run.number = 1;
        return run;
    }

    /** The first run of a job, and why it was started. */
    public static Run<?, ?> run(String job, Cause cause) throws IOException {
        Run<?, ?> run = run(job);
        run.addAction(new CauseAction(cause));
        return run;
    }

    private static final class AJob extends Job<AJob, ARun> {
        AJob(ItemGroup<?> place, String name) {
            super(place, name);
        }
    }

    private static final class ARun extends Run<AJob, ARun> {
        ARun(AJob job) throws IOException {
            super(job);
        }
    }
}
