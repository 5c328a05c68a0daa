package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.freeze.ical.CalendarCache;
import io.jenkins.plugins.gitops.engine.freeze.ical.Calendars;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.promotion.ArgoCdLiveness;
import io.jenkins.plugins.gitops.engine.promotion.CheckEndpoints;
import io.jenkins.plugins.gitops.engine.promotion.GateReads;
import io.jenkins.plugins.gitops.engine.promotion.GateRequirements;
import io.jenkins.plugins.gitops.engine.promotion.InfrastructureRollback;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.PlanQuestions;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.RefVerification;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RolloutQuestions;
import io.jenkins.plugins.gitops.engine.promotion.Stops;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.PolicyVerification;
import io.jenkins.plugins.gitops.engine.registry.RegistryClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.registry.oci.OciSettings;
import io.jenkins.plugins.gitops.engine.verification.Verifications;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * The services that everything in this controller shares: one cache, one clock, and every pool of threads the plugin
 * has. Who creates something that needs them hands them on through its constructor; {@link #get()} is for what Jenkins
 * creates. Caches lie under {@code JENKINS_HOME/caches/gitops-promotion}.
 */
@Extension
@SuppressWarnings("this-escape") // tests replace services; compilers before 21 do not know it
public class GitOpsServices {

    /** A step's work is a conversation with a server most of the time. */
    private static final int WORKERS = 16;

    /** Ask the checks of gates: many gates take longer to look at, and keep no step waiting. */
    private static final int GATE_THREADS = 4;

    private static final int CLUSTER_THREADS = 4;

    /** How long interrupted work may take to end: no cache is closed while it is written. */
    private static final Duration LAST_WORK = Duration.ofSeconds(10);

    private static final Logger LOGGER = Logger.getLogger(GitOpsServices.class.getName());

    private final InstantSource clock = InstantSource.system();
    private final ManifestFiles manifests = new ManifestFiles();
    private final ExecutorService workers = pool(WORKERS, new LinkedBlockingQueue<>(), "GitOps Promotion");
    private final ExecutorService formWorkers = pool(WORKERS, new SynchronousQueue<>(), "GitOps Promotion forms");
    private final HttpClient http = ControllerProxy.CLIENTS.build("webhook");
    private final CheckEndpoints checkEndpoints = new CheckEndpoints(
            ControllerProxy.CLIENTS,
            () -> GitOpsConfiguration.get().getAllowedCheckHosts(),
            () -> GitOpsConfiguration.get()
                    .webhookSecret()
                    .map(Secret::getPlainText)
                    .orElse(""),
            clock);
    private final ExecutorService gateWorkers =
            pool(GATE_THREADS, new LinkedBlockingQueue<>(), "GitOps Promotion gates");
    private final LiveGates gates = new LiveGates(Timer.get(), gateWorkers, clock, LiveGates.PULSE);
    private final HttpClient verificationHttp = ControllerProxy.CLIENTS.build("verification");
    private final Verifications verifications =
            new Verifications(Timer.get(), task -> workers().execute(task), () -> clock().instant(), System::nanoTime);
    /** Ask the clusters in which verifications run Jobs; a cluster that does not answer keeps no step waiting. */
    private final ExecutorService clusterWorkers =
            pool(CLUSTER_THREADS, new LinkedBlockingQueue<>(), "GitOps Promotion clusters");

    private final RegistryClients registries = new RegistryClients(clock);
    /** The same for every run, so that equal connections to a registry are shared. */
    private final OciSettings oci = OciSettings.usual(ControllerProxy.CLIENTS);

    private final DeliveryPolls deliveryPolls = new DeliveryPolls(this::scheduler);
    private final Ledgers ledgers = new Ledgers();
    private final GateReads gateReads = new GateReads(ledgers, clock, LiveGates.PULSE, () -> gates().changedAt());
    /** Read calendars; nothing that waits for one runs here. */
    private final ExecutorService calendarWorkers = pool(2, new LinkedBlockingQueue<>(), "GitOps Promotion calendars");

    private final Stops stops = new Stops(() -> clock().instant(), this::calendars);

    private Calendars calendars;
    private GitConfigRepositories repositories;
    private SyncWaits syncWaits;

    /** Those of this controller. */
    public static GitOpsServices get() {
        return ExtensionList.lookupSingleton(GitOpsServices.class);
    }

    /** The same instance for the same address, so that bumps which wait for the same branch are committed in order. */
    public ConfigRepository repository(Remote remote) {
        return repositories().open(remote);
    }

    public ManifestFiles manifests() {
        return manifests;
    }

    /** Waits for Argo CD; connections are named as {@link GitOpsSettings#argoCdConnection} does. */
    public synchronized SyncWaits syncWaits() {
        if (syncWaits == null) {
            syncWaits = new SyncWaits(GitOpsSettings::openArgoCd, clock, RandomGenerator.getDefault());
        }
        return syncWaits;
    }

    /** Where blocking work is done; bounded, so that many runs wait for a thread rather than for memory. */
    public ExecutorService workers() {
        return workers;
    }

    /** Where forms ask servers; refuses work when every thread is taken. */
    ExecutorService formWorkers() {
        return formWorkers;
    }

    /** Jenkins' own timer, for short tasks; a task that blocks belongs to {@link #workers()}. */
    public ScheduledExecutorService scheduler() {
        return Timer.get();
    }

    /** When pull requests are looked at again. */
    public DeliveryPolls deliveryPolls() {
        return deliveryPolls;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Makes HTTP clients and requests that go through the controller's proxy. */
    public HttpClients clients() {
        return ControllerProxy.CLIENTS;
    }

    /** Posts to the webhook, on threads of its own; does not follow redirects. */
    public HttpClient http() {
        return http;
    }

    /** Every gate of this controller that has not ended. */
    public LiveGates gates() {
        return gates;
    }

    /** Every verification of this controller that has not ended. */
    public Verifications verifications() {
        return verifications;
    }

    /** Asks the addresses that verifications declare, on threads of its own; does not follow redirects. */
    public HttpClient verificationHttp() {
        return verificationHttp;
    }

    /** Where verifications ask clusters, which blocks. */
    public ExecutorService clusterWorkers() {
        return clusterWorkers;
    }

    /** The endpoints that gates declare, as far as an administrator allows them. */
    public CheckEndpoints checkEndpoints() {
        return checkEndpoints;
    }

    /** What the checks of all gates read. */
    public GateReads gateReads() {
        return gateReads;
    }

    /** The freezes and locks that steps, pages and gates obey. */
    public Stops stops() {
        return stops;
    }

    /** The deployment histories of this controller's config repositories. */
    public Ledgers ledgers() {
        return ledgers;
    }

    /** What runs in the targets of a config repository, through the Argo CD connections that a run may use. */
    public Liveness liveness(Run<?, ?> run, OpenedRepository repository) {
        return new ArgoCdLiveness(
                syncWaits(), repository.url(), connection -> GitOpsSettings.argoCdConnection(run, connection));
    }

    /** What runs in the targets of a config repository, through the Argo CD connections that an item may use. */
    public Liveness liveness(Item item, OpenedRepository repository) {
        return new ArgoCdLiveness(
                syncWaits(), repository.url(), connection -> GitOpsSettings.argoCdConnection(item, connection));
    }

    /** Promotes in a config repository. */
    public Promotion promotion(OpenedRepository opened, Liveness liveness, ReleaseVerification verification) {
        return new Promotion(opened.repository(), manifests, liveness, verification, ledgers, stops);
    }

    /** What the gates of promotions in a config repository ask besides people. */
    public GateRequirements gateRequirements(
            OpenedRepository opened, Liveness liveness, ReleaseVerification verification) {
        return new GateRequirements(
                opened.repository(), manifests, liveness, verification, checkEndpoints, gateReads, stops);
    }

    /** What keeps paused Rollouts of some environments from going on. */
    public RolloutQuestions rolloutQuestions(OpenedRepository opened, String application, List<String> environments) {
        return new RolloutQuestions(opened.repository(), opened.branch(), application, environments, gateReads, stops);
    }

    /**
     * What the gate of a plan of Terraform asks besides people.
     *
     * @param summary of the plan
     * @param lines of the plan
     * @param findings of scanners, null for none
     */
    public PlanQuestions planQuestions(
            OpenedRepository opened,
            String application,
            String environment,
            String summary,
            List<String> lines,
            @CheckForNull CheckResult findings) {
        return new PlanQuestions(
                opened.repository(),
                opened.branch(),
                application,
                environment,
                summary,
                lines,
                findings,
                gateReads,
                stops);
    }

    /** Goes back in a config repository. */
    public Rollback rollback(OpenedRepository opened) {
        return new Rollback(opened.repository(), manifests, ledgers, stops);
    }

    /** Reverts commits of infrastructure in a repository. */
    public InfrastructureRollback infrastructureRollback(OpenedRepository opened) {
        return new InfrastructureRollback(opened.repository(), ledgers, stops);
    }

    /** Verifies a release before it is committed, in the registries that a run may ask; its use of credentials is recorded. */
    public ReleaseVerification verification(Run<?, ?> run) {
        return verification(run.getParent(), lookup -> lookup.usedBy(run));
    }

    /** Verifies a release before it is committed, in the registries that an item may ask. */
    public ReleaseVerification verification(Item item) {
        return verification(item, lookup -> lookup.usedBy(item));
    }

    private ReleaseVerification verification(Item item, UnaryOperator<CredentialLookup> recorded) {
        return new RefVerification(
                inRegistries(item, recorded.apply(CredentialLookup.in(null))),
                address -> GitOpsSettings.repositoryConnectors(item).stream()
                        .flatMap(connector -> connector.beside(address, recorded).stream())
                        .findFirst()
                        .map(this::repository));
    }

    private ReleaseVerification inRegistries(Item item, CredentialLookup lookup) {
        List<ConfiguredRegistry> configured = GitOpsSettings.registries(item);
        Optional<ConfiguredImagePolicy> policy = GitOpsSettings.imagePolicy(item);
        if (configured.isEmpty() && policy.isEmpty()) {
            return ReleaseVerification.NONE;
        }
        RegistryConnector connector =
                new RegistryConnector(oci, new ControllerProxy.AwsClients(ControllerProxy.current()), lookup);
        return new PolicyVerification(
                configured.stream().map(connector::open).toList(),
                registries,
                policy.map(ConfiguredImagePolicy::read).orElse(ImagePolicy.DEFAULT),
                clock);
    }

    /** Interrupts what is under way, then closes caches and connections, when the controller stops. */
    @Terminator
    public static void terminate() throws IOException {
        get().stop();
    }

    private void stop() throws IOException {
        verifications.close();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(LAST_WORK.toSeconds(), TimeUnit.SECONDS)) {
                LOGGER.log(
                        Level.WARNING, "work under way did not end within {0} when the controller stopped", LAST_WORK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        formWorkers.shutdownNow();
        calendarWorkers.shutdownNow();
        gateWorkers.shutdownNow();
        clusterWorkers.shutdownNow();
        close();
    }

    private synchronized void close() throws IOException {
        registries.close();
        if (syncWaits != null) {
            syncWaits.close();
            syncWaits = null;
        }
        if (repositories != null) {
            repositories.close();
            repositories = null;
        }
    }

    private static Path caches() {
        return Jenkins.get().getRootDir().toPath().resolve("caches").resolve("gitops-promotion");
    }

    /** Those that freezes name, from hosts that an administrator allows. */
    private synchronized Calendars calendars() {
        if (calendars == null) {
            calendars = new Calendars(
                    ControllerProxy.CLIENTS,
                    checkEndpoints()::refusal,
                    calendarWorkers,
                    new CalendarCache(caches().resolve("calendars")),
                    clock);
        }
        return calendars;
    }

    private synchronized GitConfigRepositories repositories() {
        if (repositories == null) {
            repositories =
                    new GitConfigRepositories(caches(), RepositorySettings.DEFAULT.with(ControllerProxy.CLIENTS));
        }
        return repositories;
    }

    private static ExecutorService pool(int threads, BlockingQueue<Runnable> queue, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                60,
                TimeUnit.SECONDS,
                queue,
                new NamingThreadFactory(new DaemonThreadFactory(), name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
