package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Listing;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Stream;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
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
import java.util.random.RandomGenerator;

/**
 * The newest state of every Application in one namespace of one connection, for all who wait there: one list, one
 * stream, kept up as long as somebody subscribes. A broken stream goes on from its last resource version; where that is
 * too old (410), or resuming fails repeatedly, everything is listed again. A stream that is silent for too long counts
 * as dead, whatever the socket says. Where a connection's streams may leave something out, lists make up for it, ever
 * more seldom as long as the stream is up.
 *
 * <p>Confined to the event loop: every method is called there, and so is every subscriber.
 */
final class Informer {

    private static final int RESUMES_BEFORE_LISTING = 3;
    private static final Duration LONGEST_UNCHECKED = Duration.ofMinutes(1);

    private final ArgoCd argoCd;
    private final String namespace;
    private final BoundedPool requests;
    private final Threads threads;
    private final Backoff backoff;

    private final Map<ApplicationName, Observation> applications = new HashMap<>();
    private final Map<ApplicationName, Set<Subscriber>> byName = new HashMap<>();
    private final Set<Subscriber> toAll = new HashSet<>();

    private boolean listed;
    private boolean closed;
    private Optional<ArgoCdException> trouble = Optional.empty();
    /** Where a broken stream goes on; empty where it cannot. */
    private Optional<String> resourceVersion = Optional.empty();

    private Stream stream = () -> {};
    /** Tells events of the current stream from a former one's. */
    private int generation;

    private Threads.Timer silence = Threads.Timer.NONE;
    /** Which Applications the stream spoke of since the last list was asked for: of those it knows better. */
    private final Set<ApplicationName> spokenOf = new HashSet<>();

    Informer(ArgoCd argoCd, String namespace, BoundedPool requests, Threads threads, RandomGenerator random) {
        this.argoCd = argoCd;
        this.namespace = namespace;
        this.requests = requests;
        this.threads = threads;
        this.backoff = new Backoff(random);
    }

    /** Who wants to hear of changes. */
    interface Subscriber {

        /** An Application it asked for, or the stream's own condition, has changed. */
        void changed();
    }

    void start() {
        list();
    }

    void close() {
        closed = true;
        generation++;
        silence.cancel();
        threads.onClosing(stream::close);
    }

    /** Whether the Applications are known at all. */
    boolean isListed() {
        return listed;
    }

    /** Why the state may be stale; empty while the stream is up. */
    @NonNull
    Optional<ArgoCdException> trouble() {
        return trouble;
    }

    @NonNull
    Optional<Observation> application(@NonNull ApplicationName name) {
        return Optional.ofNullable(applications.get(name));
    }

    @NonNull
    Collection<Observation> applications() {
        return applications.values();
    }

    void subscribe(@NonNull ApplicationName name, @NonNull Subscriber subscriber) {
        byName.computeIfAbsent(name, key -> new HashSet<>()).add(subscriber);
    }

    void subscribeToAll(@NonNull Subscriber subscriber) {
        toAll.add(subscriber);
    }

    void unsubscribe(@NonNull Subscriber subscriber) {
        toAll.remove(subscriber);
        byName.values().removeIf(set -> set.remove(subscriber) && set.isEmpty());
    }

    // --- listing and watching ---

    private void list() {
        int mine = ++generation;
        requests.execute(() -> {
            try {
                Listing listing = argoCd.list(namespace);
                threads.onLoop(() -> ifCurrent(mine, () -> listed(listing)));
            } catch (ArgoCdException cannot) {
                threads.onLoop(() -> ifCurrent(mine, () -> failed(cannot, this::list)));
            }
        });
    }

    private void listed(Listing listing) {
        applications.clear();
        listing.applications().forEach(application -> applications.put(application.name(), application));
        resourceVersion = listing.resourceVersion();
        listed = true;
        tellAll();
        watch();
    }

    private void watch() {
        int mine = ++generation;
        String from = resourceVersion.orElse("");
        requests.execute(() -> {
            try {
                Stream opened = argoCd.watch(namespace, from, new Relay(mine));
                threads.onLoop(() -> opened(mine, opened));
            } catch (ArgoCdException cannot) {
                threads.onLoop(() -> ifCurrent(mine, () -> streamEnded(Optional.of(cannot))));
            }
        });
    }

    private void opened(int mine, Stream opened) {
        if (mine != generation || closed) {
            threads.onClosing(opened::close);
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
        threads.onLoopAfter(pause.toMillis(), () -> ifCurrent(mine, () -> check(pause)));
    }

    private void check(Duration pause) {
        int mine = generation;
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_UNCHECKED) < 0 ? doubled : LONGEST_UNCHECKED;
        spokenOf.clear();
        requests.execute(() -> {
            Optional<Listing> listing = listingIfPossible();
            threads.onLoop(() -> ifCurrent(mine, () -> {
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

    private void checked(Listing listing) {
        Set<ApplicationName> changed = new HashSet<>(applications.keySet());
        listing.applications().forEach(application -> changed.add(application.name()));
        changed.removeAll(spokenOf);
        Map<ApplicationName, Observation> now = new HashMap<>();
        listing.applications().forEach(application -> now.put(application.name(), application));
        changed.removeIf(name -> Objects.equals(applications.get(name), now.get(name)));
        changed.forEach(name -> applications.compute(name, (key, before) -> now.get(key)));
        changed.forEach(this::tell);
    }

    private void streamEnded(Optional<ArgoCdException> cause) {
        silence.cancel();
        boolean resumes = resourceVersion.isPresent() && backoff.failures() < RESUMES_BEFORE_LISTING;
        boolean gone = cause.isPresent() && cause.get().reason() == Reason.GONE;
        Runnable goOn = resumes && !gone ? this::watch : this::list;
        if (cause.isPresent() && !gone) {
            failed(cause.get(), goOn);
        } else if (backoff.failures() == 0) {
            backoff.failed();
            goOn.run();
        } else {
            // An ordinary end; but a server that ends every stream at once must not be asked without a pause.
            int mine = ++generation;
            threads.onLoopAfter(backoff.failed(), () -> ifCurrent(mine, goOn));
        }
    }

    private void failed(ArgoCdException cause, Runnable again) {
        int mine = ++generation;
        trouble = Optional.of(cause);
        threads.onLoopAfter(backoff.failed(), () -> ifCurrent(mine, again));
        tellAll();
    }

    private void seen(String version) {
        if (resourceVersion.isPresent() && !version.isEmpty()) {
            resourceVersion = Optional.of(version);
        }
    }

    private void heard() {
        silence.cancel();
        int mine = generation;
        silence = threads.onLoopAfter(argoCd.longestSilence().toMillis(), () -> ifCurrent(mine, this::fellSilent));
    }

    private void fellSilent() {
        threads.onClosing(stream::close);
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
        List<Subscriber> told = new ArrayList<>(toAll);
        told.addAll(byName.getOrDefault(name, Set.of()));
        told.forEach(Subscriber::changed);
    }

    private void tellAll() {
        Set<Subscriber> told = new HashSet<>(toAll);
        byName.values().forEach(told::addAll);
        told.forEach(Subscriber::changed);
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
                spokenOf.add(application.name());
                applications.put(application.name(), application);
                tell(application.name());
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
            threads.onLoop(() -> ifCurrent(mine, () -> streamEnded(cause)));
        }

        private void relay(Runnable task) {
            threads.onLoop(() -> ifCurrent(mine, () -> {
                backoff.succeeded();
                heard();
                task.run();
            }));
        }
    }
}
