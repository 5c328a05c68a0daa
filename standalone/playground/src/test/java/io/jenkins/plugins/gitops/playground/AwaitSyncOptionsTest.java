package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Syncing;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each option of {@code gitopsAwaitSync} does, on Applications of which {@code gitops.yaml} knows nothing. */
class AwaitSyncOptionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String IMAGE = "ghcr.io/acme/tool:1";

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;
    private static SimulatedArgoCd simulation;

    @BeforeAll
    static void open() throws Exception {
        playground = new PlaygroundFixture(folder);
        simulation = playground.playground().world().cluster().simulation();
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    @Test
    void syncStartsTheSyncWhereAutoSyncIsOffAndAcceptOutOfSyncIsContentWithTheImages() throws Exception {
        add("by-hand", Syncing.MANUAL);

        String synced = success("argoApplications: ['by-hand'], commit: '" + tip() + "', sync: true");
        assertThat(synced).contains("Live and healthy: by-hand: synced to your commit ");

        playground.runSteps("gitopsBumpImage application: 'shop', environment: 'dev', images: [api: 'v9.1.0']");
        String accepted = success("argoApplications: ['by-hand'], commit: '" + tip() + "', images: [tool: '" + IMAGE
                + "'], acceptOutOfSync: true");
        assertThat(accepted).contains("by-hand: its images are live and Healthy, OutOfSync at your commit ");
    }

    @Test
    void acceptSuspendedIsContentWithAPausedRollout() throws Exception {
        ApplicationName paused = add("paused", Syncing.AUTOMATIC);
        awaitHealth(paused, HealthState.HEALTHY);
        simulation.turn(paused, new Outcome(HealthState.SUSPENDED, "canary paused"));
        awaitHealth(paused, HealthState.SUSPENDED);

        assertThat(success("argoApplications: ['paused'], commit: '" + tip() + "', acceptSuspended: true"))
                .contains(" and Suspended, which is accepted");
    }

    @Test
    void degradedGraceSaysHowLongTroubleMayLast() throws Exception {
        ApplicationName ill = add("ill", Syncing.AUTOMATIC);
        awaitHealth(ill, HealthState.HEALTHY);
        simulation.turn(ill, new Outcome(HealthState.DEGRADED, "CrashLoopBackOff"));
        awaitHealth(ill, HealthState.DEGRADED);

        PlaygroundFixture.Ended ended = playground.runSteps(
                "gitopsAwaitSync argoApplications: ['ill'], commit: '" + tip() + "', degradedGrace: '1s'");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log())
                .contains("health Degraded, CrashLoopBackOff, failing unless it passes within 1 s")
                .containsPattern("ERROR: Not live: ill: .*health Degraded, CrashLoopBackOff \\(for \\d+ s\\)\\.");
    }

    @Test
    void appearWithinWaitsForAnApplicationThatIsYetToCome() throws Exception {
        PlaygroundRun run = playground.startSteps("gitopsAwaitSync argoApplications: ['to-come'], appearWithin: '1h'");
        await().atMost(PATIENCE).until(() -> run.log().text().contains("the Application does not exist yet"));

        add("to-come", Syncing.AUTOMATIC);

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void selectorWaitsForAllThatHaveTheLabelsInTheNamespaceOfTheConnection() throws Exception {
        for (String name : List.of("one", "two")) {
            ApplicationName application = new ApplicationName("team-a", name);
            add(application, Syncing.AUTOMATIC);
            simulation.label(application, "stage", "dev");
        }
        add(new ApplicationName("team-a", "other"), Syncing.MANUAL);

        String log =
                success("selector: 'stage=dev', namespace: 'team-a', connection: 'cluster', commit: '" + tip() + "'");

        assertThat(log)
                .contains("stage=dev team-a/one: synced to your commit ")
                .contains("stage=dev team-a/two: synced to your commit ")
                .doesNotContain("team-a/other");
    }

    @ParameterizedTest
    @CsvSource({"hard,hard", ",normal"})
    void refreshSaysHowArgoCdLooksAgain(String option, String asked) throws Exception {
        ApplicationName looked = add("looked-at-" + asked, Syncing.AUTOMATIC);
        awaitHealth(looked, HealthState.HEALTHY);
        playground.runSteps(
                "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: 'v9.2." + asked + "']");

        success("argoApplications: ['" + looked.name() + "'], commit: '" + tip() + "'"
                + (option == null ? "" : ", refresh: '" + option + "'"));

        assertThat(simulation.refreshes(looked)).isNotEmpty().containsOnly(asked);
    }

    @Test
    void thePipelineGetsWhatIsLive() throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps("""
            script {
              def live = gitopsAwaitSync(application: 'shop', environment: 'staging')
              echo "verdict ${live.verdict}, commit ${live.commit}, api ${live.images.api}, at ${live.targets}"
              if (live.durationMillis < 0 || !live.summary) { error 'incomplete' }
            }
            """);

        assertThat(ended.result()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .containsPattern("verdict HEALTHY, commit \\p{XDigit}{40}, api ghcr.io/acme/shop-api:\\S+, at"
                        + " \\[shop/staging\\]");
    }

    @Test
    void anAbortedRunStopsWaiting() throws Exception {
        add("never", Syncing.MANUAL);
        PlaygroundRun run = playground.startSteps(
                "gitopsAwaitSync argoApplications: ['never'], commit: '" + tip() + "', timeout: '1h'");
        await().atMost(PATIENCE).until(() -> run.log().text().contains("auto-sync is off"));

        run.abort();

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.ABORTED);
    }

    private static String success(String arguments) throws Exception {
        PlaygroundFixture.Ended ended = playground.runSteps("gitopsAwaitSync " + arguments);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        return ended.log();
    }

    private static String tip() {
        return playground.repository().run("rev-parse", "main").strip();
    }

    private static ApplicationName add(String name, Syncing syncing) {
        ApplicationName application = new ApplicationName(Cluster.NAMESPACE, name);
        add(application, syncing);
        return application;
    }

    /** It deploys the folder of the shop's development, always with the same image. */
    private static void add(ApplicationName name, Syncing syncing) {
        simulation.add(new SimulatedArgoCd.Definition(
                name,
                playground.playground().world().cloneUrl(),
                "main",
                "envs/dev",
                syncing,
                files -> List.of(IMAGE)));
    }

    private static void awaitHealth(ApplicationName name, HealthState health) {
        try (ArgoCd argoCd = simulation.connect(name.namespace())) {
            await().atMost(PATIENCE)
                    .until(() -> argoCd.observe(name)
                            .map(Observation::health)
                            .filter(seen -> seen.state() == health)
                            .isPresent());
        }
    }
}
