package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promotions of one target that two controllers let pass at the same instant, each with a cache of its own. */
@Timeout(180)
class TwoControllersTest {

    private static final int ROUNDS = Integer.getInteger("controllers.rounds", 10);

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private GitHttpServer server;
    private Path bare;
    private GitConfigRepositories firstCaches;
    private GitConfigRepositories secondCaches;
    private ConfigRepository first;
    private ConfigRepository second;

    @BeforeEach
    void begin() throws Exception {
        server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
        bare = server.create("config.git");
        firstCaches = new GitConfigRepositories(folder.resolve("first"));
        secondCaches = new GitConfigRepositories(folder.resolve("second"));
        Remote remote = new Remote(server.url("config.git"));
        first = firstCaches.open(remote);
        second = secondCaches.open(remote);
        Path work = Files.createDirectories(folder.resolve("work"));
        for (Map.Entry<String, String> file : Shop.files().entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        TestGit.run(work, "push", "-q", bare.toString(), "main");
    }

    @AfterEach
    void end() throws Exception {
        threads.shutdownNow();
        secondCaches.close();
        firstCaches.close();
        server.close();
    }

    /** Without a gate there is no turn: the branch alone lets one of them commit. */
    @Test
    void ofTwoThatWereLetPassAtTheSameInstantOneCommits() throws Exception {
        ShopTeam team = new ShopTeam(first, InstantSource.system());
        for (int round = 1; round <= ROUNDS; round++) {
            Callable<BumpResult> ours = promotion(first, team.bump("staging", "1." + round + ".0"));
            Callable<BumpResult> theirs = promotion(second, team.bump("staging", "1." + round + ".1"));

            List<Object> ends = new ArrayList<>();
            for (Future<BumpResult> end : threads.invokeAll(List.of(ours, theirs))) {
                ends.add(outcome(end));
            }

            assertThat(ends)
                    .as("round " + round)
                    .filteredOn(CommitOutcome.Committed.class::isInstance)
                    .hasSize(1);
            assertThat(ends)
                    .filteredOn(String.class::isInstance)
                    .singleElement()
                    .asString()
                    .startsWith("shop/prod has changed since the promotion was requested: api is ");
            assertThat(promotions()).isEqualTo(round);
        }
    }

    @Test
    void ofTwoGatesThatAreGrantedAtTheSameInstantOneTakesTheTurnAndTheOtherLooksAgain() throws Exception {
        ShopTeam team = new ShopTeam(first, InstantSource.system());
        try (GatedController one = new GatedController(first);
                GatedController other = new GatedController(second)) {
            for (int round = 1; round <= ROUNDS; round++) {
                boolean same = round % 4 == 0;
                String staging = team.bump("staging", "1." + round + ".0");
                GatedController.Waiting ours = one.open(staging);
                GatedController.Waiting theirs = other.open(same ? staging : team.bump("staging", "1." + round + ".1"));

                threads.invokeAll(List.of(
                        () -> ours.approve(Gates.approver("olga")), () -> theirs.approve(Gates.approver("otto"))));

                List<String> ends = List.of(ours.end(), theirs.end());
                assertThat(promotions()).as("round " + round + ": " + ends).isEqualTo(round);
                if (same) {
                    assertThat(ends).as("the same release is there for both").containsOnly("promoted");
                } else {
                    assertThat(ends).filteredOn("promoted"::equals).hasSize(1);
                    assertThat(ends)
                            .filteredOn(end -> !end.equals("promoted"))
                            .singleElement()
                            .asString()
                            .startsWith("closed: shop/prod has changed since the promotion was requested: api is ");
                }
            }
        }
        assertThat(TestGit.output(bare, "log", "--reverse", "--format=%s", RepositoryLocks.REF)
                        .lines())
                .as("no turn begins before the one before it has ended")
                .containsExactlyElementsOf(turns());
    }

    @Test
    void aServerThatLetsNobodyWriteTheRefLeavesItToTheBranch() throws Exception {
        Path hook = bare.resolve("hooks/update");
        Files.writeString(hook, "#!/bin/sh\ncase $1 in refs/gitops/*) echo 'no such refs here'; exit 1;; esac\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        ShopTeam team = new ShopTeam(first, InstantSource.system());
        try (GatedController one = new GatedController(first)) {
            GatedController.Waiting gate = one.open(team.bump("staging", "1.1.0"));

            gate.approve(Gates.approver("olga"));

            assertThat(gate.end()).isEqualTo("promoted");
            assertThat(one.said())
                    .filteredOn(line -> line.startsWith("Other controllers are not told of this commit: "))
                    .singleElement()
                    .asString()
                    .contains("The server refused the push to branch refs/gitops/locks of ")
                    .endsWith("; allow it in the hook or in the branch protection.");
        }
        assertThat(promotions()).isEqualTo(1);
    }

    /** As many as there are, each begun and ended. */
    private List<String> turns() {
        int commits = Integer.parseInt(TestGit.output(bare, "rev-list", "--count", RepositoryLocks.REF));
        List<String> all = new ArrayList<>();
        for (int turn = 0; turn < commits / 2; turn++) {
            all.addAll(List.of("Turn of shop/prod", "End of the turn of shop/prod"));
        }
        return all;
    }

    private int promotions() {
        return Integer.parseInt(TestGit.output(bare, "rev-list", "--count", "main", "--", Shop.file("prod"))) - 1;
    }

    /** Planned, as a gate decides about it, against what the target runs now; called when the gate lets it pass. */
    private static Callable<BumpResult> promotion(ConfigRepository repository, String live) {
        Liveness liveness = target -> new Liveness.State.Healthy(live, null);
        ShopTeam team = new ShopTeam(repository, InstantSource.system());
        Promotion.Plan plan = team.promotion(liveness)
                .plan(
                        new Promotion.Request(
                                UUID.randomUUID().toString(),
                                "https://git.example.org/c",
                                "main",
                                "shop",
                                "prod",
                                null,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT);
        return () -> team.promotion(liveness)
                .commit(
                        plan.subject(),
                        Optional.empty(),
                        Provenance.UNKNOWN,
                        Shop.JENKINS,
                        Optional.empty(),
                        Progress.SILENT);
    }

    private static Object outcome(Future<BumpResult> end) throws Exception {
        try {
            return end.get().outcome();
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }
}
