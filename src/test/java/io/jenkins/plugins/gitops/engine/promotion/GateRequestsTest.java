package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five hundred promotions of one repository on a real server stand at their gates, and somebody deploys beside them. */
class GateRequestsTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int GATES = 500;

    private final ExecutorService threads = Executors.newFixedThreadPool(32);

    /** Within an interval no time passes, however slow the machine is; a test makes the next one begin. */
    private volatile Duration ahead = Duration.ZERO;

    private final Instant started = Instant.now();
    private final InstantSource clock = () -> started.plus(ahead);

    @TempDir
    private Path directory;

    private GitHttpServer server;
    private Path bare;
    private GitConfigRepositories controller;
    private ConfigRepository repository;
    private GateReads reads;
    private Liveness staging;
    private Gate gate;

    @BeforeEach
    void openGates() throws Exception {
        server = new GitHttpServer(Files.createDirectories(directory.resolve("server")));
        bare = server.create("config.git");
        TestGit.run(
                bare,
                "update-ref",
                "refs/heads/main",
                TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin"));
        controller = new GitConfigRepositories(directory.resolve("caches"));
        repository = controller.open(new Remote(server.url("config.git")));
        repository.commit(
                new CommitRequest("main", "begin", "Begin", "", List.of(), Shop.JENKINS, tip -> files()),
                Progress.SILENT);
        ShopTeam team = new ShopTeam(repository, clock);
        team.healthy("prod", team.bump("prod", "1.1.0"));
        String source = team.bump("staging", "1.2.0");
        team.healthy("staging", source);
        staging = target -> new Liveness.State.Healthy(source, Instant.EPOCH);
        GateSubject subject = team.promotion("prod", staging).subject();
        gate = Gate.of(List.of(new GateEvent.Opened(clock.instant(), subject, Gates.definition(List.of()), List.of())));
        reads = new GateReads(team.ledgers(), clock, INTERVAL, () -> Instant.MIN);
        ahead = INTERVAL;
        checkAllGates();
    }

    private static Map<String, byte[]> files() {
        return Shop.files().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        controller.close();
        server.close();
    }

    @Test
    void anIntervalWithoutNewsCostsOneRequest() throws Exception {
        server.forgetRequests();

        ahead = ahead.plus(INTERVAL);
        checkAllGates();

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anIntervalInWhichSomebodyElseCommittedCostsTwo() throws Exception {
        String tree = TestGit.output(bare, "rev-parse", "main^{tree}");
        TestGit.run(
                bare,
                "update-ref",
                "refs/heads/main",
                TestGit.output(bare, "commit-tree", tree, "-p", "main", "-m", "By hand"));
        server.forgetRequests();

        ahead = ahead.plus(INTERVAL);
        checkAllGates();

        assertThat(server.requests()).hasSize(2);
    }

    /** It waits for one request of theirs at most, as it does for anybody's. */
    @Test
    void aBumpBesideThemCostsWhatItCostsAlone() throws Exception {
        server.forgetRequests();
        ShopTeam dora = new ShopTeam(repository, clock);
        dora.bump("dev", "1.3.0");
        int alone = server.requests().size();
        server.forgetRequests();

        ahead = ahead.plus(INTERVAL);
        List<Future<Integer>> rounds = begin();
        dora.bump("dev", "1.4.0");
        int until = server.requests().size();
        for (Future<Integer> round : rounds) {
            round.get();
        }

        assertThat(until).isLessThanOrEqualTo(alone + 2);
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(alone + 2);
    }

    private void checkAllGates() throws Exception {
        for (Future<Integer> round : begin()) {
            assertThat(round.get()).isPositive();
        }
    }

    private List<Future<Integer>> begin() {
        Callable<Integer> round = () -> {
            List<GateCheck> checks = checks();
            checks.forEach(check ->
                    check.ask(gate, clock.instant()).toCompletableFuture().join());
            return checks.size();
        };
        return Collections.nCopies(GATES, round).stream().map(threads::submit).toList();
    }

    private List<GateCheck> checks() {
        return new GateRequirements(
                        repository,
                        new LineEditor(),
                        staging,
                        ReleaseVerification.NONE,
                        new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", clock),
                        reads,
                        new Stops(clock))
                .of(Gates.definition(List.of()), (GateSubject.Promotion) gate.subject());
    }
}
