package io.jenkins.plugins.gitops.engine.argocd;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection in memory that does what it is told: it counts requests, fails on demand, and lets a test send events,
 * end streams or fall silent. What a server makes of bytes is tested elsewhere, against real servers.
 */
public final class ScriptedArgoCd implements ArgoCd {

    private static final String LISTED = "listed-";

    private final Map<ApplicationName, Observation> applications = new ConcurrentHashMap<>();
    private final Queue<ArgoCdException> listFailures = new ConcurrentLinkedQueue<>();
    private final Queue<ArgoCdException> watchFailures = new ConcurrentLinkedQueue<>();
    private final Queue<ArgoCdException> refreshFailures = new ConcurrentLinkedQueue<>();
    private final List<StreamListener> streams = new CopyOnWriteArrayList<>();
    /** In order; a list's version is how many there were. */
    private final List<Observation> changes = new ArrayList<>();

    private volatile List<ResourceState> unhealthy =
            List.of(new ResourceState("Pod", "shop", "shop-api-5d4f", HealthState.DEGRADED, "Back-off pulling image"));
    private volatile Optional<List<ResourceState>> rollouts = Optional.empty();
    private volatile Optional<String> heldBack = Optional.empty();
    private volatile Duration silence = Duration.ofMinutes(5);
    private volatile Runnable duringLists = () -> {};
    private volatile boolean swallowing;
    private volatile Optional<Duration> unchecked = Optional.empty();

    public final AtomicInteger lists = new AtomicInteger();
    public final AtomicInteger watches = new AtomicInteger();
    public final AtomicInteger reasonsAsked = new AtomicInteger();
    public final AtomicInteger resourcesAsked = new AtomicInteger();
    public final AtomicInteger rolloutsAsked = new AtomicInteger();
    public final AtomicInteger refreshes = new AtomicInteger();
    public final AtomicInteger renewals = new AtomicInteger();
    public final List<String> actions = new CopyOnWriteArrayList<>();
    public final AtomicInteger withdrawals = new AtomicInteger();
    public final AtomicInteger closes = new AtomicInteger();

    public void put(Observation application) {
        applications.put(application.name(), application);
    }

    /** The cluster changes and says so to whoever listens. */
    public synchronized void change(Observation application) {
        put(application);
        changes.add(application);
        streams.forEach(stream -> stream.changed(application));
    }

    /** Runs in the middle of every list, after the Applications were read. */
    public void duringLists(Runnable deed) {
        duringLists = deed;
    }

    public void failLists(ArgoCdException... failures) {
        listFailures.addAll(List.of(failures));
    }

    public void failWatches(ArgoCdException... failures) {
        watchFailures.addAll(List.of(failures));
    }

    public void failRefreshes(ArgoCdException... failures) {
        refreshFailures.addAll(List.of(failures));
    }

    /** From now on another refresh is always under way. */
    public void swallowRefreshes() {
        swallowing = true;
    }

    /** Refreshes are accepted again. */
    public void acceptRefreshes() {
        swallowing = false;
    }

    /** Ends every stream. */
    public void endStreams(Optional<ArgoCdException> cause) {
        List<StreamListener> ended = new ArrayList<>(streams);
        streams.removeAll(ended);
        ended.forEach(stream -> stream.ended(cause));
    }

    /** From now on open streams say nothing, and whoever waits longer than this is to give them up. */
    public void fallSilent(Duration longest) {
        streams.clear();
        silence = longest;
    }

    /** What is not healthy from now on. */
    public void unhealthy(ResourceState... resources) {
        unhealthy = List.of(resources);
    }

    /** What its Rollouts are from now on; without it, those that are not healthy. */
    public void rollouts(ResourceState... resources) {
        rollouts = Optional.of(List.of(resources));
    }

    /** Why it starts no syncs. */
    public void holdBack(Optional<String> reason) {
        heldBack = reason;
    }

    public void longestSilence(Duration longest) {
        silence = longest;
    }

    /** From now on its streams cannot go on from a version, and one has to check what they leave out. */
    public void leaveOutOfStreams(Duration check) {
        unchecked = Optional.of(check);
    }

    /** The Application is gone, and nobody is told. */
    public void remove(ApplicationName application) {
        applications.remove(application);
    }

    public int openStreams() {
        return streams.size();
    }

    @Override
    public String description() {
        return "a script";
    }

    @Override
    public String namespace() {
        return "argocd";
    }

    @Override
    public Duration longestSilence() {
        return silence;
    }

    @Override
    public Optional<Duration> uncheckedFor() {
        return unchecked;
    }

    @Override
    public Listing list(String namespace) {
        lists.incrementAndGet();
        throwNext(listFailures);
        Listing listing = listing();
        duringLists.run();
        return listing;
    }

    private synchronized Listing listing() {
        return new Listing(
                List.copyOf(applications.values()),
                unchecked.isPresent() ? Optional.empty() : Optional.of(LISTED + changes.size()));
    }

    @Override
    public Stream watch(String namespace, String resourceVersion, StreamListener listener) {
        watches.incrementAndGet();
        throwNext(watchFailures);
        begin(resourceVersion, listener);
        return () -> streams.remove(listener);
    }

    /** A stream from a list's version begins with what has changed since. */
    private synchronized void begin(String resourceVersion, StreamListener listener) {
        if (resourceVersion.startsWith(LISTED)) {
            int seen = Integer.parseInt(resourceVersion.substring(LISTED.length()));
            changes.subList(seen, changes.size()).forEach(listener::changed);
        }
        streams.add(listener);
    }

    @Override
    public Optional<Observation> observe(ApplicationName application) {
        return Optional.ofNullable(applications.get(application));
    }

    @Override
    public Optional<Accepted> refresh(Observation application, Refresh refresh) {
        // Who sees this request counted may change the answers to those after it, not the one to this.
        boolean swallowed = swallowing;
        refreshes.incrementAndGet();
        throwNext(refreshFailures);
        return swallowed ? Optional.empty() : Optional.of(new Accepted("8", refresh));
    }

    @Override
    public void renewRefresh(ApplicationName application) {
        renewals.incrementAndGet();
    }

    @Override
    public void withdraw(ApplicationName application, String mark) {
        withdrawals.incrementAndGet();
    }

    @Override
    public void sync(ApplicationName application, String mark) {}

    @Override
    public List<ResourceState> unhealthyResources(ApplicationName application) {
        resourcesAsked.incrementAndGet();
        return unhealthy;
    }

    @Override
    public List<ResourceState> rollouts(ApplicationName application) {
        List<ResourceState> now = rollouts.orElseGet(
                () -> unhealthy.stream().filter(ResourceState::isRollout).toList());
        rolloutsAsked.incrementAndGet();
        return now;
    }

    @Override
    public void act(ApplicationName application, ResourceState rollout, RolloutAction action) {
        actions.add(rollout.title() + " " + action.key());
    }

    @Override
    public Optional<String> heldBack(ApplicationName application) {
        reasonsAsked.incrementAndGet();
        return heldBack;
    }

    @Override
    public Optional<URI> page(ApplicationName application) {
        return Optional.of(application.page(URI.create("https://argocd.example.com")));
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    private static void throwNext(Queue<ArgoCdException> failures) {
        ArgoCdException next = failures.poll();
        if (next != null) {
            throw next;
        }
    }
}
