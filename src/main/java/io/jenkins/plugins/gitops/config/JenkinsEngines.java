package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.init.Terminator;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.gate.GateDesk;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/** The services in a controller: caches under {@code JENKINS_HOME/caches/gitops-promotion}. */
@Extension
public class JenkinsEngines implements Engines {

    /** A step's work is a conversation with a server most of the time. */
    private static final int WORKERS = 16;

    /** How long interrupted work may take to end: no cache is let go of while it is written. */
    private static final Duration LAST_WORK = Duration.ofSeconds(10);

    private static final Logger LOGGER = Logger.getLogger(JenkinsEngines.class.getName());

    private final InstantSource clock = InstantSource.system();
    private final ManifestEditor manifests = new ManifestFiles();
    private final ExecutorService workers = workers(WORKERS);
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(workers)
            .build();
    private final GateDesk gates = new GateDesk(Timer.get(), workers, clock, GateDesk.PULSE);
    private final ImageVerifications verifications = new ImageVerifications(clock);
    private final Ledgers ledgers = new Ledgers();
    private GitConfigRepositories repositories;
    private SyncWaits syncWaits;

    @Override
    @NonNull
    public ConfigRepository repository(@NonNull Remote remote) {
        return repositories().open(remote);
    }

    @Override
    @NonNull
    public ManifestEditor manifests() {
        return manifests;
    }

    @Override
    @NonNull
    public synchronized SyncWaits syncWaits() {
        if (syncWaits == null) {
            syncWaits = new SyncWaits(GitOpsSettings::openArgoCd, clock, RandomGenerator.getDefault());
        }
        return syncWaits;
    }

    @Override
    @NonNull
    public ExecutorService workers() {
        return workers;
    }

    @Override
    @NonNull
    public ScheduledExecutorService scheduler() {
        return Timer.get();
    }

    @Override
    @NonNull
    public InstantSource clock() {
        return clock;
    }

    @Override
    @NonNull
    public HttpClient http() {
        return http;
    }

    @Override
    @NonNull
    public GateDesk gates() {
        return gates;
    }

    @Override
    @NonNull
    public Ledgers ledgers() {
        return ledgers;
    }

    @Override
    @NonNull
    public ReleaseVerification verification(@NonNull Run<?, ?> run) {
        return verification(run.getParent(), CredentialLookup.in(null).usedBy(run));
    }

    @Override
    @NonNull
    public ReleaseVerification verification(@NonNull Item item) {
        return verification(item, CredentialLookup.in(null).usedBy(item));
    }

    private ReleaseVerification verification(Item item, CredentialLookup lookup) {
        return verifications.of(GitOpsSettings.registries(item), GitOpsSettings.imagePolicy(item), lookup);
    }

    /** Interrupts what is under way, then lets go of caches and connections, when the controller stops. */
    @Terminator
    public static void terminate() throws IOException {
        JenkinsEngines engines = (JenkinsEngines) Engines.get();
        engines.workers.shutdownNow();
        try {
            if (!engines.workers.awaitTermination(LAST_WORK.toSeconds(), TimeUnit.SECONDS)) {
                LOGGER.log(
                        Level.WARNING, "work under way did not end within {0} when the controller stopped", LAST_WORK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engines.close();
    }

    private synchronized void close() throws IOException {
        verifications.close();
        if (syncWaits != null) {
            syncWaits.close();
            syncWaits = null;
        }
        if (repositories != null) {
            repositories.close();
            repositories = null;
        }
    }

    private synchronized GitConfigRepositories repositories() {
        if (repositories == null) {
            repositories = new GitConfigRepositories(
                    Jenkins.get().getRootDir().toPath().resolve("caches").resolve("gitops-promotion"),
                    RepositorySettings.DEFAULT
                            .with(() -> HttpClient.newBuilder().proxy(ControllerProxy.selectorAtAnyTime()))
                            .withProxyAuthorization(
                                    () -> ControllerProxy.current().flatMap(ControllerProxy::authorization)));
        }
        return repositories;
    }

    private static ExecutorService workers(int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                60,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamingThreadFactory(new DaemonThreadFactory(), "GitOps Promotion"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
