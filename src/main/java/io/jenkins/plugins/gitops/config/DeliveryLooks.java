package io.jenkins.plugins.gitops.config;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * When pull requests are looked at again: after their pauses, or soon after the repository's server said that something
 * happened there. What it said is only a reason to look; it may say what it likes. Safe for any thread.
 */
public final class DeliveryLooks {

    private static final Logger LOGGER = Logger.getLogger(DeliveryLooks.class.getName());

    /** Several things happen at once, a push and its pull request for example, and a server may show them late. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Set<Look> waiting = ConcurrentHashMap.newKeySet();
    private final Supplier<ScheduledExecutorService> scheduler;

    DeliveryLooks(Supplier<ScheduledExecutorService> scheduler) {
        this.scheduler = scheduler;
    }

    /** One that is due some time; done once. */
    private record Look(Predicate<String> isOf, Runnable work, AtomicBoolean isDone, AtomicBoolean isWoken) {}

    /**
     * @param isOf whether it is of a repository of a name
     * @param work short, or handed to another thread
     */
    public void later(Predicate<String> isOf, Duration pause, Runnable work) {
        Look look = new Look(isOf, work, new AtomicBoolean(), new AtomicBoolean());
        waiting.add(look);
        schedule(look, pause);
    }

    private void schedule(Look look, Duration pause) {
        scheduler.get().schedule(() -> run(look), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Look look) {
        if (look.isDone().compareAndSet(false, true)) {
            waiting.remove(look);
            try {
                look.work().run();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "A pull request is no longer polled", e);
            }
        }
    }

    /**
     * Something happened in a repository. Each look is woken once, so that however many events there are, looks are some
     * seconds apart; a server that wants to be left alone is, by its client.
     *
     * @param name of the repository, without its owner
     * @return how many pull requests are looked at soon
     */
    int happened(String name) {
        int woken = 0;
        for (Look look : waiting) {
            if (look.isOf().test(name) && look.isWoken().compareAndSet(false, true)) {
                schedule(look, SOON);
                woken++;
            }
        }
        return woken;
    }
}
