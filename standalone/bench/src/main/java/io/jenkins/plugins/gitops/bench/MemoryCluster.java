package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** An Argo CD in memory, whose Applications all go from one commit to the next when told; counts what it is asked. */
final class MemoryCluster implements ArgoCd {

    static final String BEFORE = "b".repeat(40);
    static final String AFTER = "a".repeat(40);

    private static final Instant LOOKED_AT = Instant.parse("2026-08-01T10:00:00Z");

    private final AtomicLongArray changedAt;
    private final List<StreamListener> streams = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    MemoryCluster(int applications) {
        changedAt = new AtomicLongArray(applications);
    }

    static String name(int number) {
        return "shop-" + number;
    }

    /** All Applications get the commit, one after the other. */
    void release() {
        for (int i = 0; i < changedAt.length(); i++) {
            changedAt.set(i, System.nanoTime());
            Observation live = application(i);
            streams.forEach(stream -> stream.changed(live));
        }
    }

    boolean isLive(int number) {
        requests.incrementAndGet();
        return changedAt.get(number) != 0;
    }

    long changedAt(int number) {
        return changedAt.get(number);
    }

    int requests() {
        return requests.get();
    }

    private Observation application(int number) {
        return new Observation(
                new ApplicationName("argocd", name(number)),
                "1",
                Map.of(),
                Set.of(Observation.Trait.AUTO_SYNC),
                Optional.empty(),
                List.of(new Observation.Source("https://git.example.com/acme/config.git", "main")),
                SyncState.SYNCED,
                List.of(changedAt.get(number) == 0 ? BEFORE : AFTER),
                new Observation.Health(HealthState.HEALTHY, "", Optional.of(LOOKED_AT)),
                Optional.empty(),
                Optional.of(LOOKED_AT),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    @Override
    public Listing list(String namespace) {
        requests.incrementAndGet();
        return new Listing(
                IntStream.range(0, changedAt.length())
                        .mapToObj(this::application)
                        .toList(),
                Optional.of("1"));
    }

    @Override
    public Stream watch(String namespace, String resourceVersion, StreamListener listener) {
        requests.incrementAndGet();
        streams.add(listener);
        return () -> streams.remove(listener);
    }

    @Override
    public Optional<Accepted> refresh(Observation application, Refresh refresh) {
        requests.incrementAndGet();
        return Optional.of(new Accepted("2", refresh));
    }

    @Override
    public void withdraw(ApplicationName application, String mark) {
        requests.incrementAndGet();
    }

    @Override
    public void sync(ApplicationName application, String mark) {
        requests.incrementAndGet();
    }

    @Override
    public Optional<Observation> observe(ApplicationName application) {
        return Optional.empty();
    }

    @Override
    public List<ResourceState> unhealthyResources(ApplicationName application) {
        return List.of();
    }

    @Override
    public Optional<URI> page(ApplicationName application) {
        return Optional.empty();
    }

    @Override
    public String description() {
        return "memory";
    }

    @Override
    public String namespace() {
        return "argocd";
    }

    @Override
    public Duration longestSilence() {
        return Duration.ofMinutes(5);
    }

    @Override
    public void close() {}
}
