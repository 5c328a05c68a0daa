package io.jenkins.plugins.gitops.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** What a piece of work takes, however busy the machine is. */
public final class Work {

    /** Work that does not end. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(10);

    private Work() {}

    /** Does it, and fails if it takes more of a processor's time: it would where time grows with the square of a size. */
    public static <T> T within(Duration most, ThrowingSupplier<T> work) {
        return assertTimeoutPreemptively(GIVEN_UP, () -> {
            long before = processorNanos();
            try {
                return work.get();
            } finally {
                assertThat(Duration.ofNanos(processorNanos() - before)).isLessThan(most);
            }
        });
    }

    /** Bytes that this thread allocates for it. */
    public static long allocated(Runnable work) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
