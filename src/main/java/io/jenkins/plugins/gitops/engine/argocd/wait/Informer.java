package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Listing;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Stream;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * The newest state of every Application in one namespace of one connection, for all who wait there: one list, one
 * stream, kept up as long as somebody subscribes. A broken stream goes on from its last resource version; where that is
 * too old (410), or resuming fails repeatedly, everything is listed again. A stream that is silent for too long counts
 * as dead, whatever the socket says. Where a connection's streams may leave something out, lists make up for it, ever
 * more seldom as long as the stream is up; where no stream can be had at all, lists alone have to do.
 *
 * <p>Confined to the event loop: every method is called there, and so is every subscriber.
 */
final class Informer {

    private static final int RESUMES_BEFORE_LISTING = 3;
    private static final Duration LONGEST_UNCHECKED = Duration.ofMinutes(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** How often to list where no stream can be had, for example because a proxy lets no WebSocket through. */
    private static final Duration POLL = Duration.ofSeconds(5);

    private final ArgoCd argoCd;
    private final String namespace;
    private final EventLoop.Pool pool;
    private final EventLoop loop;

    private final Map<ApplicationName, Observation> applications = new HashMap<>();
    private final Map<ApplicationName, Set<Runnable>> byName = new HashMap<>();
    private final Set<Runnable> toAll = new HashSet<>();

    private boolean listed;
    private boolean closed;
    /** How often in a row a stream ended, or something failed, without an event in between. */
    private int failures;
    /** Whether lists stand in for streams, which end at once again and again. */
    private boolean polling;

    private Optional<ArgoCdException> trouble = Optional.empty();
    /** Where a broken stream goes on; empty where it cannot. */
    private Optional<String> resourceVersion = Optional.empty();

    private Stream stream = () -> {};
    /** Tells events of the current stream from a former one's. */
    private int generation;

    private Future<?> silence = CompletableFuture.completedFuture(null);
    /** Which Applications the stream spoke of since the last list was asked for: of those it knows better. */
    private final Set<ApplicationName> spokenOf = new HashSet<>();

    Informer(ArgoCd argoCd, String namespace, EventLoop.Pool pool, EventLoop loop) {
        this.argoCd = argoCd;
        this.namespace = namespace;
        this.pool = pool;
        this.loop = loop;
    }

    void start() {
        list();
    }

    void close() {
        closed = true;
        generation++;
        silence.cancel(false);
        loop.closing(stream::close);
    }

    /** Whether the Applications are known at all. */
    boolean isListed() {
        return listed;
    }

    /** Why the state may be stale; empty while the stream is up. */
    Optional<ArgoCdException> trouble() {
        return trouble;
    }

    Optional<Observation> application(ApplicationName name) {
        return Optional.ofNullable(applications.get(name));
    }

    Collection<Observation> applications() {
        return applications.values();
    }

    /** @param subscriber runs when the Application, or the stream's own condition, has changed */
    void subscribe(ApplicationName name, Runnable subscriber) {
        byName.computeIfAbsent(name, key -> new HashSet<>()).add(subscriber);
    }

    void subscribeToAll(Runnable subscriber) {
        toAll.add(subscriber);
    }

    void unsubscribe(Runnable subscriber) {
        toAll.remove(subscriber);
        byName.values().removeIf(set -> set.remove(subscriber) && set.isEmpty());
    }

    // --- listing and watching ---

    private void list() {
        int mine = ++generation;
        pool.execute(() -> {
            try {
                Listing listing = argoCd.list(namespace);
                loop.run(() -> ifCurrent(mine, () -> listed(listing)));
            } catch (ArgoCdException cannot) {
                loop.run(() -> ifCurrent(mine, () -> failed(cannot, this::list)));
            }
        });
    }

    private void listed(Listing listing) {
        applications.clear();
        listing.applications().forEach(application -> applications.put(application.name(), application));
        resourceVersion = listing.resourceVersion();
        listed = true;
        if (polling) {
            trouble = Optional.empty();
        }
        tellAll();
        watch();
    }

    private void watch() {
        int mine = ++generation;
        String from = resourceVersion.orElse("");
        pool.execute(() -> {
            try {
                Stream opened = argoCd.watch(namespace, from, new Relay(mine));
                loop.run(() -> opened(mine, opened));
            } catch (ArgoCdException cannot) {
                loop.run(() -> ifCurrent(mine, () -> streamEnded(Optional.of(cannot))));
            }
        });
    }

    private void opened(int mine, Stream opened) {
        if (mine != generation || closed) {
            loop.closing(opened::close);
            return;
        }
        stream = opened;
        heard();
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            tellAll();
        }
        argoCd.uncheckedFor().ifPresent(this::checkAfter);
    }

    private void checkAfter(Duration pause) {
        int mine = generation;
        loop.after(pause, () -> ifCurrent(mine, () -> check(pause)));
    }

    private void check(Duration pause) {
        int mine = generation;
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_UNCHECKED) < 0 ? doubled : LONGEST_UNCHECKED;
        spokenOf.clear();
        pool.execute(() -> {
            Optional<Listing> listing = listingIfPossible();
            loop.run(() -> ifCurrent(mine, () -> {
                listing.ifPresent(this::checked);
                checkAfter(next);
            }));
        });
    }

    /** The stream is up and says itself when it is not: that a list failed is no reason to doubt what is known. */
    private Optional<Listing> listingIfPossible() {
        try {
            return Optional.of(argoCd.list(namespace));
        } catch (ArgoCdException cannot) {
            return Optional.empty();
        }
    }

    private static boolean isOlder(Observation one, Observation than) {
        return !one.isAtLeast(than.resourceVersion()) && than.isAtLeast(one.resourceVersion());
    }

    private void checked(Listing listing) {
        Set<ApplicationName> changed = new HashSet<>(applications.keySet());
        listing.applications().forEach(application -> changed.add(application.name()));
        changed.removeAll(spokenOf);
        Map<ApplicationName, Observation> now = new HashMap<>();
        listing.applications().forEach(application -> now.put(application.name(), application));
        changed.removeIf(name -> Objects.equals(applications.get(name), now.get(name))
                || applications.containsKey(name)
                        && now.containsKey(name)
                        && isOlder(now.get(name), applications.get(name)));
        changed.forEach(name -> applications.compute(name, (key, before) -> now.get(key)));
        changed.forEach(this::tell);
    }

    private void streamEnded(Optional<ArgoCdException> cause) {
        silence.cancel(false);
        Optional<Reason> reason = cause.map(ArgoCdException::reason);
        boolean often = failures >= RESUMES_BEFORE_LISTING;
        Runnable next = resourceVersion.isPresent() && !often && !reason.equals(Optional.of(Reason.GONE))
                ? this::watch
                : this::list;
        if (reason.isPresent() && often && reason.get() != Reason.REFUSED) {
            polling = true;
            again(POLL, this::list);
        } else if (reason.isPresent() && reason.get() != Reason.GONE) {
            failed(cause.get(), next);
        } else if (failures == 0) {
            failures++;
            next.run();
        } else {
            // An ordinary end; but a server that ends every stream at once must not be asked without a pause.
            again(pause(), next);
        }
    }

    private void failed(ArgoCdException cause, Runnable next) {
        polling = false;
        trouble = Optional.of(cause);
        again(pause(), next);
        tellAll();
    }

    private Duration pause() {
        failures++;
        return BACKOFF.pause(failures, loop.random());
    }

    private void again(Duration pause, Runnable next) {
        int mine = ++generation;
        loop.after(pause, () -> ifCurrent(mine, next));
    }

    private void seen(String version) {
        if (resourceVersion.isPresent() && !version.isEmpty()) {
            resourceVersion = Optional.of(version);
        }
    }

    private void heard() {
        silence.cancel(false);
        int mine = generation;
        silence = loop.after(argoCd.longestSilence(), () -> ifCurrent(mine, this::fellSilent));
    }

    private void fellSilent() {
        loop.closing(stream::close);
        list();
    }

    private void ifCurrent(int mine, Runnable task) {
        if (mine == generation && !closed) {
            task.run();
        }
    }

    // --- telling ---

    /** Has those who asked for this Application look again. */
    void tell(ApplicationName name) {
        List<Runnable> told = new ArrayList<>(toAll);
        told.addAll(byName.getOrDefault(name, Set.of()));
        told.forEach(Runnable::run);
    }

    private void tellAll() {
        Set<Runnable> told = new HashSet<>(toAll);
        byName.values().forEach(told::addAll);
        told.forEach(Runnable::run);
    }

    /** Carries a stream's events over to the loop. */
    private final class Relay implements StreamListener {

        private final int mine;

        Relay(int mine) {
            this.mine = mine;
        }

        @Override
        public void changed(Observation application) {
            relay(() -> {
                seen(application.resourceVersion());
                Observation known = applications.get(application.name());
                // A stream may begin with what happened before the list that it follows.
                if (known == null || !isOlder(application, known)) {
                    spokenOf.add(application.name());
                    applications.put(application.name(), application);
                    tell(application.name());
                }
            });
        }

        @Override
        public void deleted(ApplicationName application, String version) {
            relay(() -> {
                seen(version);
                spokenOf.add(application);
                applications.remove(application);
                tell(application);
            });
        }

        @Override
        public void bookmark(String version) {
            relay(() -> seen(version));
        }

        @Override
        public void ended(Optional<ArgoCdException> cause) {
            loop.run(() -> ifCurrent(mine, () -> streamEnded(cause)));
        }

        private void relay(Runnable task) {
            loop.run(() -> ifCurrent(mine, () -> {
                failures = 0;
                polling = false;
                heard();
                task.run();
            }));
        }
    }
}
