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
 * When pull requests are polled again: after their pauses, or soon after the repository's server said that something
 * happened there. What it said is only a reason to poll; it may say what it likes. Safe for any thread.
 */
public final class DeliveryPolls {

    private static final Logger LOGGER = Logger.getLogger(DeliveryPolls.class.getName());

    /** Several things happen at once, a push and its pull request for example, and a server may show them late. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Set<Poll> waiting = ConcurrentHashMap.newKeySet();
    private final Supplier<ScheduledExecutorService> scheduler;

    DeliveryPolls(Supplier<ScheduledExecutorService> scheduler) {
        this.scheduler = scheduler;
    }

    /** One that is due some time; done once. */
    private record Poll(Predicate<String> isOf, Runnable work, AtomicBoolean isDone, AtomicBoolean isWoken) {}

    /**
     * @param isOf whether it is of a repository of a name
     * @param work short, or handed to another thread
     */
    public void later(Predicate<String> isOf, Duration pause, Runnable work) {
        Poll poll = new Poll(isOf, work, new AtomicBoolean(), new AtomicBoolean());
        waiting.add(poll);
        schedule(poll, pause);
    }

    private void schedule(Poll poll, Duration pause) {
        scheduler.get().schedule(() -> run(poll), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Poll poll) {
        if (poll.isDone().compareAndSet(false, true)) {
            waiting.remove(poll);
            try {
                poll.work().run();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "A pull request is no longer polled", e);
            }
        }
    }

    /**
     * Something happened in a repository. Each poll is woken once, so that however many events there are, polls are some
     * seconds apart; a server that wants to be left alone is, by its client.
     *
     * @param name of the repository, without its owner
     * @return how many pull requests are looked at soon
     */
    int happened(String name) {
        int woken = 0;
        for (Poll poll : waiting) {
            if (poll.isOf().test(name) && poll.isWoken().compareAndSet(false, true)) {
                schedule(poll, SOON);
                woken++;
            }
        }
        return woken;
    }
}
