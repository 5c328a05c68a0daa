package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesArgoCd;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An Argo CD in a cluster, for tests and for trying things out: fabric8's mock API server holds the Applications, and a
 * controller thread does with them what Argo CD's controller does, from a real bare Git repository. It takes up the
 * refresh annotation and removes it, compares, syncs by itself or on request, rolls out, and publishes in the same
 * order as Argo CD: revision and OutOfSync, operation Running, operation Succeeded, comparison, Progressing, Healthy.
 *
 * <p>It has the {@link Traps} of the real one where it is told to, and a sync window for all Applications, of whose
 * opening nobody tells it.
 *
 * <p>Simplified: see {@link SimulatedApplication}; manifests are rendered by a function the caller hands in; there is no
 * RBAC.
 */
public final class SimulatedArgoCd implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOGGER = Logger.getLogger(SimulatedArgoCd.class.getName());

    /** The mock server logs every request; kept here, or the level would be collected with the logger. */
    private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

    static {
        CHATTER.setLevel(Level.WARNING);
    }

    private final SimulatedRepoServer manifests;
    private volatile Pace pace;
    private final ClusterClock clock;
    private final MockWebServer web = new MockWebServer();
    private final KubernetesMockServer server;
    private final KubernetesClient client;
    private final SimulatedCluster cluster;
    private final SimulatedRollouts rollouts;
    private final ScheduledExecutorService controller;
    private final Map<ApplicationName, ManagedApplication> applications = new ConcurrentHashMap<>();
    private volatile boolean windowClosed;

    /**
     * How long things take.
     *
     * @param sync from the start of a sync to its end
     * @param rollout from there until the new pods are ready
     * @param poll between two looks at the repository that nobody asked for
     */
    public record Pace(Duration sync, Duration rollout, Duration poll) {

        /** As fast as can be watched. */
        public static final Pace BRISK = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMinutes(3));

        /** For tests. */
        public static final Pace FAST = new Pace(Duration.ofMillis(30), Duration.ofMillis(30), Duration.ofMinutes(3));
    }

    /**
     * An Application to manage.
     *
     * @param branch it follows
     * @param path of its manifests: commits that do not touch it render to the same
     * @param images what the files under a revision put into the pods
     */
    public record Definition(
            ApplicationName name,
            String repositoryUrl,
            String branch,
            String path,
            Syncing syncing,
            Function<ConfigTree, List<String>> images) {}

    /** Who starts syncs. */
    public enum Syncing {
        AUTOMATIC,
        MANUAL
    }

    /** How a rollout ends. */
    public record Outcome(HealthState health, String message) {
        public static final Outcome HEALTHY = new Outcome(HealthState.HEALTHY, "");
    }

    /**
     * Starts it on a free loopback port.
     *
     * @param bareRepository directory of the config repository
     * @param clock the cluster's; it is ahead of it after a sync, by up to a second for each sync within this second
     */
    public SimulatedArgoCd(Path bareRepository, Pace pace, InstantSource clock) throws IOException {
        this.manifests = new SimulatedRepoServer(bareRepository);
        this.pace = pace;
        this.clock = new ClusterClock(clock);
        this.controller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "simulated-argo-cd");
            thread.setDaemon(true);
            return thread;
        });
        ApplicationsApi api =
                new ApplicationsApi(name -> later(Duration.ZERO, name, this::takeUp), this::rolloutWritten);
        this.server = new KubernetesMockServer(new Context(JSON), web, new HashMap<>(), api, false);
        server.init();
        this.client = server.createClient();
        this.cluster = new SimulatedCluster(client, applications::containsKey);
        this.rollouts = new SimulatedRollouts(client, this::turn);
        long poll = pace.poll().toMillis();
        controller.scheduleWithFixedDelay(this::poll, poll, poll, TimeUnit.MILLISECONDS);
    }

    /** Address of the Kubernetes API; any token will do. */
    public String url() {
        return client.getMasterUrl().toString();
    }

    /** The same Applications for a server that speaks Argo CD's own API. */
    public ArgoCdApi.Backing backing() {
        return cluster;
    }

    /** A connection to it, to be closed by the caller. */
    public ArgoCd connect(String namespace) {
        KubernetesAccess access = new KubernetesAccess.Token(url(), Optional.empty(), () -> "token");
        return new KubernetesArgoCd(access.client(HttpClients.DEFAULT), namespace, Optional.empty());
    }

    /** Creates the Application and compares it for the first time. */
    public void add(Definition definition) {
        add(definition, Traps.NONE);
    }

    /** The same with traps. */
    public void add(Definition definition, Traps traps) {
        ManagedApplication managed = new ManagedApplication(definition, traps);
        managed.begin(manifests);
        cluster.create(managed.state.resource());
        applications.put(definition.name(), managed);
        later(Duration.ZERO, definition.name(), this::compare);
    }

    /** Deletes the Application. */
    public void remove(ApplicationName name) {
        applications.remove(name);
        cluster.resource(name).delete();
    }

    /** Gives the Application a label. */
    public void label(ApplicationName name, String key, String value) {
        cluster.label(name, key, value);
    }

    /** Closes a window that no sync starts in, or opens it. */
    public void closeSyncWindow(boolean closed) {
        windowClosed = closed;
        cluster.closeSyncWindow(closed);
    }

    /** When the Application was first published as live at each revision, by {@link System#nanoTime}. */
    public Map<String, Long> liveAt(ApplicationName name) {
        return Map.copyOf(applications.get(name).liveAt);
    }

    /** The refreshes that were asked for and taken up, {@code normal} or {@code hard}. */
    public List<String> refreshes(ApplicationName name) {
        return List.copyOf(applications.get(name).refreshes);
    }

    /** Syncs and rollouts that begin from now on take this long; how often it polls stays. */
    public void setPace(Pace other) {
        pace = other;
    }

    /** The next sync fails with this message, and so does every one after it until {@link #heal}. */
    public void failSyncs(ApplicationName name, String message) {
        later(Duration.ZERO, name, managed -> managed.failure = Optional.of(message));
    }

    /** The next rollouts end like this. */
    public void rolloutsEnd(ApplicationName name, Outcome outcome) {
        later(Duration.ZERO, name, managed -> managed.outcome = outcome);
    }

    /** What runs now turns to this. */
    public void turn(ApplicationName name, Outcome outcome) {
        later(Duration.ZERO, name, managed -> {
            List<String> images = managed.state.applied().map(Rendered::images).orElse(List.of());
            managed.state.runs(images, outcome.health(), outcome.message());
            managed.state.lookAtHealth(clock.instant());
            publish(managed);
        });
    }

    /** From now on its versions are rolled out by this Rollout, see {@link SimulatedRollouts}. */
    public void giveRollout(ApplicationName name, String rollout) {
        later(Duration.ZERO, name, managed -> rollouts.give(managed, rollout));
        later(Duration.ZERO, name, this::publish);
    }

    /** Syncs succeed and rollouts end well again, and what runs is healthy. */
    public void heal(ApplicationName name) {
        later(Duration.ZERO, name, managed -> {
            managed.failure = Optional.empty();
            managed.outcome = Outcome.HEALTHY;
        });
        turn(name, Outcome.HEALTHY);
    }

    @Override
    public void close() {
        controller.shutdownNow();
        client.close();
        server.destroy();
        manifests.close();
    }

    // --- the controller ---

    private void poll() {
        SimulatedCluster.forgetRequests(web);
        applications.keySet().forEach(name -> later(Duration.ZERO, name, this::compare));
    }

    private void rolloutWritten(String rollout) {
        controller.execute(() -> rollouts.written(rollout));
    }

    /** Somebody wrote to the Application: see whether it asks for something. */
    private void takeUp(ManagedApplication managed) {
        GenericKubernetesResource found =
                cluster.resource(managed.definition.name()).get();
        if (found == null) {
            return;
        }
        JsonNode resource = JSON.valueToTree(found);
        if (resource.hasNonNull("operation") && !managed.state.isSyncing()) {
            managed.state.forgetOperation();
            sync(managed, managed.render(manifests), (ObjectNode) resource.path("operation"));
        }
        JsonNode annotations = resource.path("metadata").path("annotations");
        if (annotations.hasNonNull(ApplicationReader.REFRESH_ANNOTATION) && !managed.refreshing) {
            managed.refreshes.add(
                    annotations.path(ApplicationReader.REFRESH_ANNOTATION).asText());
            hydrate(managed);
            managed.refreshing = managed.comparing.isEmpty();
            compare(managed);
        }
    }

    private void hydrate(ManagedApplication managed) {
        String dry = manifests.head(managed.definition);
        if (managed.traps.hydrated() && !managed.state.hydrated("drySHA").equals(Optional.of(dry))) {
            managed.state.beginHydrating(dry);
            publish(managed);
            later(pace.sync(), managed.definition.name(), any -> {
                managed.state.endHydrating(dry);
                compare(managed);
            });
        }
    }

    /** Sees the repository as it is now; others who ask meanwhile are served afterwards, but for a refresh. */
    private void compare(ManagedApplication managed) {
        if (managed.comparing.isPresent()) {
            managed.again = true;
            return;
        }
        managed.comparing = Optional.of(managed.render(manifests));
        if (managed.traps.comparison().isZero()) {
            compared(managed);
        } else {
            later(managed.traps.comparison(), managed.definition.name(), this::compared);
        }
    }

    private void compared(ManagedApplication managed) {
        Rendered target = managed.comparing.orElseThrow();
        managed.comparing = Optional.empty();
        conclude(managed, target);
        if (managed.again) {
            managed.again = false;
            compare(managed);
        }
    }

    private void conclude(ManagedApplication managed, Rendered target) {
        if (managed.state.compare(target, clock.instant()) && !windowClosed) {
            publish(managed);
            sync(managed, target, ManagedApplication.automatic(target));
        } else {
            publish(managed);
        }
    }

    private void sync(ManagedApplication managed, Rendered target, ObjectNode operation) {
        managed.state.beginSync(target, operation, clock.instant());
        publish(managed, operation);
        later(pace.sync(), managed.definition.name(), this::endSync);
    }

    private void endSync(ManagedApplication managed) {
        if (!managed.state.isSyncing()) {
            return;
        }
        if (managed.retries < managed.traps.retries()) {
            managed.retries++;
            managed.state.retrySync("one or more objects failed to apply", clock.instant());
            publish(managed, managed.operation());
            later(pace.sync(), managed.definition.name(), this::endSync);
            return;
        }
        managed.retries = 0;
        if (managed.failure.isPresent()) {
            managed.state.failSync(managed.failure.get(), List.of(), clock.instant());
            publish(managed);
        } else {
            Rendered target = managed.state.syncing().orElseThrow();
            managed.state.completeSync(clock.instant());
            publish(managed);
            clock.moveToTheNextSecond();
            managed.state.runsAlso(target.images());
            later(pace.rollout(), managed.definition.name(), this::endRollout);
            if (managed.traps.staleLooks()) {
                managed.state.compareStale(target, clock.instant());
                publish(managed);
                later(pace.rollout(), managed.definition.name(), this::compare);
                return;
            }
        }
        compare(managed);
    }

    private void endRollout(ManagedApplication managed) {
        if (managed.state.isSyncing()) {
            return;
        }
        managed.endRollout(rollouts);
        managed.state.lookAtHealth(clock.instant());
        publish(managed);
    }

    private void later(Duration delay, ApplicationName name, Consumer<ManagedApplication> deed) {
        if (!controller.isShutdown()) {
            controller.schedule(
                    () -> Optional.ofNullable(applications.get(name)).ifPresent(managed -> perform(deed, managed)),
                    delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** An executor keeps what a task throws to itself. */
    private void perform(Consumer<ManagedApplication> deed, ManagedApplication managed) {
        try {
            deed.accept(managed);
        } catch (RuntimeException cause) {
            if (!controller.isShutdown()) {
                LOGGER.log(Level.WARNING, "The simulated controller failed on " + managed.definition.name(), cause);
            }
        }
    }

    private void publish(ManagedApplication managed) {
        publish(managed, null);
    }

    /** Replaces the resource whole: the mock server's merge patch appends to lists, which is not what the real one does. */
    private void publish(ManagedApplication managed, ObjectNode operation) {
        boolean refreshed = managed.refreshing && managed.comparing.isEmpty();
        managed.refreshing &= !refreshed;
        managed.published();
        cluster.write(
                managed.definition.name(),
                found -> SimulatedCluster.published(found, managed.state, operation, refreshed));
    }
}
