package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

public class Timer {

    private static ScheduledExecutorService scheduler;

    private Timer() {}

    @NonNull
    public static synchronized ScheduledExecutorService get() {
        if (scheduler == null) {
            scheduler = Executors.newScheduledThreadPool(2, new hudson.util.DaemonThreadFactory());
        }
        return scheduler;
    }
}
