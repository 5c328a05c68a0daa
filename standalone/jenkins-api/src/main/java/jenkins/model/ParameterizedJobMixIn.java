package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Queue;
import java.util.List;

public abstract class ParameterizedJobMixIn {

    @CheckForNull
    public static Queue.Item scheduleBuild2(final Job<?, ?> job, int quietPeriod, Action... actions) {
        return job instanceof Queue.Task task
                ? Jenkins.get()
                        .getQueue()
                        .schedule2(task, quietPeriod, List.of(actions))
                        .getItem()
                : null;
    }
}
