package io.jenkins.plugins.gitops.engine.verification;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so: what is due runs on the test's thread, in order. */
final class VirtualScheduler extends AbstractExecutorService implements ScheduledExecutorService, InstantSource {

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing((Timer timer) -> timer.at).thenComparing(timer -> timer.number));
    private Instant now;
    private long created;

    VirtualScheduler(Instant now) {
        this.now = now;
    }

    private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final Instant at;
        private final long number = created++;

        Timer(Runnable task, Instant at) {
            super(task, null);
            this.at = at;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(now, at));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** As {@link System#nanoTime} would say it. */
    long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    /** Lets time pass. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (!timers.isEmpty() && !timers.peek().at.isAfter(end)) {
            Timer next = timers.poll();
            now = next.at.isAfter(now) ? next.at : now;
            next.run();
        }
        now = end;
    }

    /** Lets time pass in which nothing runs, as on a machine that is suspended. */
    void leap(Duration time) {
        now = now.plus(time);
    }

    /** Those that wait. */
    long waiting() {
        return timers.stream().filter(timer -> !timer.isDone()).count();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(task, now.plus(Duration.of(delay, unit.toChronoUnit())));
        timers.add(timer);
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        timers.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        timers.clear();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
