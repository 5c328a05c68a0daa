package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsCache.Read;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the pages know of a config repository on a real Git server while something is wrong with it. */
class DeploymentsCacheTest {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              dev: { kustomization: dev/kustomization.yaml }
        """;

    @TempDir
    private Path temp;

    private GitHttpServer server;
    private Path bare;
    private Path work;
    private Item job;
    private DeploymentSource source;

    /** Argo CD is asked once it is done. */
    private volatile CompletableFuture<Void> beforeArgoCd = CompletableFuture.completedFuture(null);

    @BeforeEach
    void start() throws Exception {
        new StandIn()
                .install()
                .withRootDir(temp.resolve("home").toFile())
                .withExtension(new GitOpsServices() {
                    @Override
                    public SyncWaits syncWaits() {
                        beforeArgoCd.join();
                        return super.syncWaits();
                    }
                })
                .withExtension(new DeploymentsCache(Duration.ofSeconds(2), Duration.ofMinutes(1)));
        server = new GitHttpServer(Files.createDirectories(temp.resolve("served")));
        bare = server.create("config.git");
        work = Files.createDirectories(temp.resolve("work"));
        TestGit.run(work, "init", "--quiet", "--initial-branch=main");
        push(DECLARATION);
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", server.url("config.git"))));
        job = Pipelines.run("shop").getParent();
        source = DeploymentSource.of(job, new RepositoryChoice("config", null, null));
    }

    @AfterEach
    void stop() throws Exception {
        GitOpsServices.terminate();
        server.close();
    }

    private void push(String declaration) {
        try {
            Files.writeString(work.resolve("gitops.yaml"), declaration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestGit.run(work, "add", "--all");
        TestGit.run(work, "commit", "--quiet", "--message=Change");
        TestGit.run(work, "push", "--quiet", bare.toString(), "main");
    }

    /** As the pages do it, again and again. */
    private Read lookUntil(Predicate<Read> wanted) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            DeploymentsCache.get().refresh(source, job);
                            return DeploymentsCache.get().look(source, job).orElse(null);
                        },
                        read -> read != null && wanted.test(read));
    }

    @Test
    void aDeclarationThatBreaksLeavesWhatWasKnownAndSaysSo() {
        Read known = lookUntil(read -> read.problem() == null);

        push("applications: [broken");
        Read broken = lookUntil(read -> String.valueOf(read.problem()).contains("gitops.yaml:1"));

        assertThat(broken.applications()).isEqualTo(known.applications()).containsOnlyKeys("shop");
        assertThat(broken.histories()).isEqualTo(known.histories());
        assertThat(broken.at()).isNotNull().isBeforeOrEqualTo(Instant.now());

        push(DECLARATION.replace("shop:", "kiosk:"));

        assertThat(lookUntil(read -> read.problem() == null).applications()).containsOnlyKeys("kiosk");
    }

    @Test
    void aCommitThatIsTooLargeForTheHistoryIsNamed() throws Exception {
        assertThat(lookUntil(read -> read.problem() == null).omission()).isNull();
        Path message = Files.writeString(temp.resolve("message"), "Bump\n\n" + "GitOps-Image: a\n".repeat(20_000));

        TestGit.run(work, "commit", "--quiet", "--allow-empty", "--file=" + message);
        TestGit.run(work, "push", "--quiet", bare.toString(), "main");

        String commit = TestGit.output(work, "rev-parse", "--short=7", "HEAD");
        assertThat(lookUntil(read -> read.omission() != null).omission())
                .isEqualTo("The history leaves out " + commit
                        + ": commits of more than 256 KiB are not read; deploy again with a smaller commit.");
    }

    /** It is asked again when somebody looks, and keeps no thread in the meantime. */
    @Test
    void aServerThatStaysSilentIsSaidToBeAndGivenUp() throws Exception {
        StandIn.current().withExtension(new DeploymentsCache(Duration.ofSeconds(1), Duration.ofSeconds(5)));
        lookUntil(read -> read.problem() == null);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            GitOpsConfiguration.get()
                    .setRepositories(List.of(new ConfiguredRepository(
                            "config", "http://127.0.0.1:" + silent.getLocalPort() + "/config.git")));

            Read late = lookUntil(read -> Messages.DeploymentsCache_late().equals(read.problem()));
            assertThat(late.applications()).containsOnlyKeys("shop");

            Read given = lookUntil(read -> Messages.DeploymentsCache_silent(5).equals(read.problem()));
            assertThat(given.applications()).containsOnlyKeys("shop");
            assertThat(given.repository()).isEqualTo("config");
        }

        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", server.url("config.git"))));

        assertThat(lookUntil(read -> read.problem() == null).applications()).containsOnlyKeys("shop");
    }

    @Test
    void whatWasNeverReadIsNotKnown() {
        GitOpsConfiguration.get().setRepositories(List.of());
        source = new DeploymentSource("folder/", new RepositoryChoice(null, null, null));

        Read never = lookUntil(read -> String.valueOf(read.problem()).startsWith("No config repository"));

        assertThat(never.repository()).as("the jobs name none").isEmpty();
        assertThat(never.at()).isNull();
    }

    private String pageOf(Item shown) {
        return VisibleApplications.of((Job<?, ?>) shown).json(Set.of());
    }

    @Test
    void aBranchThatIsGoneIsForgottenWithWhatItsJobDeployedThere() throws Exception {
        Path other = server.create("other.git");
        TestGit.run(work, "push", "--quiet", other.toString(), "main:trial");
        RepositoryChoice trial = new RepositoryChoice(server.url("other.git"), "trial", null);
        DeployingJobs.get().remember(Pipelines.run("shop"), trial, "shop");
        await().atMost(Duration.ofSeconds(60)).until(() -> pageOf(job), page -> page.contains("\"name\":\"shop\""));

        TestGit.run(work, "push", "--quiet", other.toString(), ":trial");
        source = DeploymentSource.of(job, trial);
        lookUntil(Read::isGone);

        assertThat(pageOf(job)).contains("\"problems\":[]").contains("\"applications\":[]");
        assertThat(DeployingJobs.get().of("shop")).isEmpty();
    }

    @Test
    void aProblemNamesTheJobsItConcerns() throws Exception {
        DeployingJobs.get().remember(Pipelines.run("shop"), new RepositoryChoice("config", null, null), "shop");
        push("applications: [broken");
        lookUntil(read -> read.problem() != null);

        assertThat(pageOf(job)).contains("gitops.yaml:1").contains("\"jobs\":[{\"job\":\"shop\",");
        assertThat(DeployingJobs.get().of("shop")).hasSize(1);
    }

    @Test
    void aRepositoryThatAJobUsedBeforeAnotherIsForgottenOnceItCannotBeRead() throws Exception {
        Run<?, ?> run = Pipelines.run("shop");
        DeployingJobs.get().remember(run, new RepositoryChoice(server.url("old.git"), null, null), "shop");
        DeploymentSource old = DeploymentSource.of(job, new RepositoryChoice(server.url("old.git"), null, null));
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
        lookUntil(read -> read.problem() == null);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            DeploymentsCache.get().refresh(old, job);
            return DeploymentsCache.get().look(old, job).isPresent();
        });

        assertThat(pageOf(job)).contains("\"problems\":[]").contains("\"name\":\"shop\"");
        assertThat(DeployingJobs.get().of("shop"))
                .extracting(DeployingJobs.Use::repository)
                .containsExactly(new RepositoryChoice("config", null, null));
    }

    /** The page shows it all the same: reading is for every job. */
    @ParameterizedTest
    @EnumSource(names = {"PROMOTION", "ROLLBACK"})
    void aJobThatTheApplicationDoesNotNameOrdersNothing(Order.Kind kind) {
        StandIn.current().withItem(job);
        push(DECLARATION.replace("  shop:\n", "  shop:\n    jobs: [team-shop/**]\n"));
        OrderWork work = new OrderWork(
                new Order("1", "shop", kind, "dev", "anna", Instant.now().toString(), Order.State.WORKING, "", null),
                new DeployingJobs.Use("shop", new RepositoryChoice("config", null, null), "shop", 0),
                null,
                "by hand",
                Set.of());

        assertThatThrownBy(work::commit)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(
                        "The job 'shop' cannot change 'shop': 'applications.shop.jobs' in gitops.yaml allows"
                                + " only team-shop/**");
        assertThat(lookUntil(read -> read.problem() == null).applications()).containsOnlyKeys("shop");
    }

    @Test
    void imagesThatNobodyDeployedThroughJenkinsAreShownAsSuch() throws Exception {
        Files.createDirectories(work.resolve("dev"));
        Files.writeString(
                work.resolve("dev/kustomization.yaml"), "images: [{ name: ghcr.io/acme/shop-api, newTag: 7.0.1 }]");
        push(DECLARATION);

        Read read = lookUntil(found -> found.problem() == null);

        assertThat(read.applications().get("shop"))
                .contains("\"images\":{\"api\":\"ghcr.io/acme/shop-api:7.0.1\"}")
                .contains("\"outside\":true")
                .contains("\"current\":null");
    }

    @Test
    void whatGitHasIsShownAtTheFirstLookBeforeArgoCdHasAnswered() throws Exception {
        beforeArgoCd = new CompletableFuture<>();
        DeploymentsCache cache = new DeploymentsCache(Duration.ofMinutes(2), Duration.ofMinutes(2));

        cache.look(source, job);
        Read early = await().atMost(Duration.ofSeconds(60))
                .until(() -> cache.look(source, job).orElse(null), Objects::nonNull);

        assertThat(early.applications()).containsOnlyKeys("shop");
        assertThat(early.problem()).isNull();
        assertThat(cache.isReading(source)).as("the page says so").isTrue();
        beforeArgoCd.complete(null);
        await().atMost(Duration.ofSeconds(60)).until(() -> !cache.isReading(source));
    }

    /** Each with content of its own: one by one that would be a request for each. */
    @Test
    void theFilesOfAllEnvironmentsTakeAFewRequests() throws Exception {
        StringBuilder environments = new StringBuilder();
        for (int at = 0; at < 30; at++) {
            Path file = work.resolve("envs/e" + at + "/kustomization.yaml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "images:\n  - name: ghcr.io/acme/shop-api\n    newTag: 1.0." + at + "\n");
            environments.append("      e" + at + ": { kustomization: envs/e" + at + "/kustomization.yaml }\n");
        }
        push("version: 1\napplications:\n  shop:\n    images:\n      api: ghcr.io/acme/shop-api\n    environments:\n"
                + environments);
        AtomicInteger requests = new AtomicInteger();
        server.intercept(request -> {
            if (request.method().equals("POST")) {
                requests.incrementAndGet();
            }
            return Optional.empty();
        });

        DeploymentsCache cache = new DeploymentsCache(Duration.ofMinutes(2), Duration.ofMinutes(2));
        cache.look(source, job);
        Read read = await().atMost(Duration.ofSeconds(60))
                .until(() -> cache.look(source, job).orElse(null), Objects::nonNull);

        assertThat(read.applications().get("shop")).contains("1.0.0", "1.0.29");
        assertThat(requests.get()).isLessThan(20);
    }
}
