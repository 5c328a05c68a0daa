package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.DaemonThreadFactory;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.notify.PromotionNotification;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * A controller without a Jenkins, a Git server with the config repository of a shop, and an Argo CD that says what a test
 * has it say. Argo CD watches {@code prod}, and {@code world} with an Application each for east and west. A promotion from
 * prod to {@code live} requires an approval, and is frozen on the second and third day from today.
 */
public final class ShopController implements Closeable {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images:
              api: ghcr.io/acme/shop-api
            environments:
              eu:
                kustomization: eu/kustomization.yaml
              us:
                kustomization: us/kustomization.yaml
              prod:
                kustomization: prod/kustomization.yaml
                argocd: { application: shop-prod }
              world:
                kustomization: world/kustomization.yaml
                argocd: [{ application: shop-east }, { application: shop-west }]
              live:
                after: prod
                kustomization: live/kustomization.yaml
                gate:
                  approvals: { required: 1 }
                  freeze:
                    timeZone: UTC
                    deny: { from: %s, to: %s, reason: audit }
        """.formatted(day(2), day(3));

    private static LocalDate day(int fromToday) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(fromToday);
    }

    private static final String KUSTOMIZATION = """
        images:
          - name: ghcr.io/acme/shop-api
            newTag: 1.0.0
        """;

    final ScriptedArgoCd argoCd = new ScriptedArgoCd();

    private final List<PromotionEvent> heard = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final GitHttpServer server;
    private volatile Duration ahead = Duration.ZERO;
    private CompletableFuture<Void> restarted = new CompletableFuture<>();
    private Services services;

    /** The controller's own services, but for Argo CD and the time. */
    private final class Services extends GitOpsServices {

        /** Ends with the controller: a step of one that is gone must not wake up in the next. */
        private final ScheduledExecutorService scheduler =
                Executors.newScheduledThreadPool(2, new DaemonThreadFactory());

        /** What gates look at by themselves, they look at once: a test sees what else has them look. */
        private final LiveGates gates = new LiveGates(scheduler(), super.workers(), clock(), Duration.ofDays(1));

        private final SyncWaits waits;

        private volatile ExecutorService workers = super.workers();

        Services() {
            waits = new SyncWaits(connection -> argoCd, InstantSource.system(), new Random(7));
        }

        @Override
        public SyncWaits syncWaits() {
            return waits;
        }

        @Override
        public ExecutorService workers() {
            return workers;
        }

        @Override
        public ScheduledExecutorService scheduler() {
            return scheduler;
        }

        @Override
        public LiveGates gates() {
            return gates;
        }

        @Override
        public InstantSource clock() {
            return () -> Instant.now().plus(ahead);
        }
    }

    public ShopController(Path folder) throws Exception {
        this.folder = folder;
        Path work = folder.resolve("work");
        Map<String, String> files = Map.of(
                "gitops.yaml", DECLARATION,
                "eu/kustomization.yaml", KUSTOMIZATION,
                "us/kustomization.yaml", KUSTOMIZATION,
                "prod/kustomization.yaml", KUSTOMIZATION,
                "world/kustomization.yaml", KUSTOMIZATION,
                "live/kustomization.yaml", KUSTOMIZATION);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Begin");
        server = new GitHttpServer(Files.createDirectories(folder.resolve("git")));
        server.create("config.git");
        TestGit.run(work, "push", "-q", server.url("config.git"), "main");
        restart();
    }

    /**
     * From now on the Git server answers no push, until the controller has restarted.
     *
     * @return done when one came
     */
    public CompletableFuture<Void> holdPushes() {
        CompletableFuture<Void> came = new CompletableFuture<>();
        CompletableFuture<Void> over = restarted;
        server.intercept(request -> {
            if (!request.isPush() || !request.method().equals("POST")) {
                return Optional.empty();
            }
            came.complete(null);
            over.join();
            return Optional.of(GitHttpServer.Answer.instead(503));
        });
        return came;
    }

    /** Does something once, before the Git server takes in the next push. */
    public void beforeTheNextPush(Runnable other) {
        AtomicBoolean done = new AtomicBoolean();
        server.intercept(request -> {
            if (request.isPush() && request.method().equals("POST") && done.compareAndSet(false, true)) {
                other.run();
            }
            return Optional.empty();
        });
    }

    /** As if the controller were killed: work that its steps begin from now on is never done. */
    public void beginNoMoreWork() {
        services.workers = Executors.newSingleThreadExecutor(work -> null);
    }

    /** Another controller with the same home: nothing is left but what was saved. */
    public void restart() throws IOException {
        if (services != null) {
            end();
        }
        services = new Services();
        new StandIn()
                .install()
                .withRootDir(folder.resolve("home").toFile())
                .withRootUrl("https://ci.example.org/")
                .withExtension(new PromotionNotification() {
                    @Override
                    public void heard(PromotionEvent event) {
                        heard.add(event);
                    }
                })
                .withExtension(services);
        ArgoCdConnection cluster = new ArgoCdConnection("cluster", ArgoCdConnection.Kind.KUBERNETES);
        cluster.setUrl("https://cluster.example.org");
        GitOpsConfiguration.get().setArgoCdConnections(List.of(cluster));
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", server.url("config.git"))));
    }

    /** Deploys a version with the step, in a run of the job {@code shop-} and the tag; returns the commit. */
    public String bump(String environment, String tag) throws Exception {
        BumpImageStep step = new BumpImageStep();
        step.setApplication("shop");
        step.setEnvironment(environment);
        step.setTag(tag);
        RecordedStepContext context = new RecordedStepContext(Pipelines.run("shop-" + tag));
        step.start(context).start();
        return (String) ((Map<?, ?>) context.ended().get(60, TimeUnit.SECONDS)).get("commit");
    }

    /** Deploys a version that is noted as healthy. */
    public String healthy(String environment, String tag) throws Exception {
        String commit = bump(environment, tag);
        new DeploymentNotes(repository(), new Identity("Jenkins", "jenkins@example.org"))
                .outcome("shop", environment, commit, Outcome.HEALTHY, Instant.now(), Progress.SILENT);
        return commit;
    }

    /** Lets the controller's clock jump ahead. */
    public void pass(Duration time) {
        ahead = ahead.plus(time);
    }

    /** Argo CD says that prod is healthy at a commit. */
    public void live(String commit) {
        live("shop-prod", commit);
    }

    public void live(String application, String commit) {
        argoCd.change(Applications.live(application, commit, 1));
    }

    /** Argo CD says that prod is degraded at a commit. */
    public void degraded(String commit) {
        degraded("shop-prod", commit);
    }

    public void degraded(String application, String commit) {
        argoCd.change(Applications.degraded(application, commit, 1));
    }

    /** Argo CD says that the Rollout of prod and live stands so. */
    public void rollout(ResourceState rollout) {
        argoCd.unhealthy(rollout);
    }

    /** Argo CD says that the Application of an environment is suspended at a commit. */
    public void suspended(String application, String commit) {
        argoCd.change(Applications.suspended(application, commit, 1));
    }

    /** What was done with Rollouts, in order. */
    public List<String> rolloutActions() {
        return List.copyOf(argoCd.actions);
    }

    private ConfigRepository repository() {
        return services.repository(new Remote(server.url("config.git")));
    }

    /** Address of the config repository. */
    public String url() {
        return server.url("config.git");
    }

    /** Runs git in the server's repository. */
    public String git(String... arguments) {
        return TestGit.output(folder.resolve("git/config.git"), arguments);
    }

    /** Another controller pushes one file to a ref, in place of what is there. */
    public void another(String ref, String path, String content) {
        Path bare = folder.resolve("git/config.git");
        String blob = TestGit.output(bare, content.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
        String tree = TestGit.output(
                bare, ("100644 blob " + blob + "\t" + path + "\n").getBytes(StandardCharsets.UTF_8), "mktree");
        String before = TestGit.output(bare, "for-each-ref", "--format=%(objectname)", ref);
        List<String> commit = new ArrayList<>(List.of(
                "-c", "user.name=other", "-c", "user.email=other@example.org", "commit-tree", "-m", "Theirs", tree));
        if (!before.isEmpty()) {
            commit.addAll(List.of("-p", before));
        }
        TestGit.run(bare, "update-ref", ref, TestGit.output(bare, commit.toArray(String[]::new)));
    }

    /** Changes a file on the branch, or adds it, by hand; returns the commit. */
    public String change(String path, UnaryOperator<String> edit) throws IOException {
        Path work = folder.resolve("work");
        TestGit.run(work, "pull", "-q", folder.resolve("git/config.git").toString(), "main");
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, edit.apply(Files.exists(file) ? Files.readString(file) : ""));
        TestGit.run(work, "add", path);
        TestGit.run(work, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Change");
        TestGit.run(work, "push", "-q", folder.resolve("git/config.git").toString(), "HEAD:main");
        return tip();
    }

    public String tip() {
        return git("rev-parse", "main");
    }

    /** What the environment's file says. */
    public void assertRuns(String environment, String tag) {
        assertThat(git("show", "main:" + environment + "/kustomization.yaml")).endsWith("newTag: " + tag);
    }

    public List<PromotionEvent> heard(PromotionEvent.Kind kind) {
        return heard.stream().filter(event -> event.event() == kind).toList();
    }

    private void end() throws IOException {
        services.syncWaits().close();
        services.scheduler.shutdownNow();
        GitOpsServices.terminate();
        server.intercept(request -> Optional.empty());
        restarted.complete(null);
        restarted = new CompletableFuture<>();
    }

    @Override
    public void close() throws IOException {
        end();
        server.close();
    }
}
