package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promotions of one target that two controllers let pass at the same instant, each with a cache of its own. */
@Timeout(180)
class TwoControllersTest {

    private static final int ROUNDS = Integer.getInteger("controllers.rounds", 10);

    @TempDir
    private Path folder;

    @Test
    void ofTwoThatWereLetPassAtTheSameInstantOneCommits() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
                GitConfigRepositories first = new GitConfigRepositories(folder.resolve("first"));
                GitConfigRepositories second = new GitConfigRepositories(folder.resolve("second"))) {
            Path bare = begin(server);
            Remote remote = new Remote(server.url("config.git"), new Login.Anonymous());
            ConfigRepository one = first.open(remote);
            ConfigRepository other = second.open(remote);
            ShopTeam team = new ShopTeam(one, InstantSource.system());

            for (int round = 1; round <= ROUNDS; round++) {
                Callable<BumpResult> ours = promotion(one, team.bump("staging", "1." + round + ".0"), "one-" + round);
                Callable<BumpResult> theirs =
                        promotion(other, team.bump("staging", "1." + round + ".1"), "other-" + round);

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
                assertThat(TestGit.output(bare, "rev-list", "--count", "main", "--", Shop.file("prod")))
                        .isEqualTo(String.valueOf(1 + round));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Planned, as a gate decides about it, against what the target runs now; called when the gate lets it pass. */
    private static Callable<BumpResult> promotion(ConfigRepository repository, String live, String id) {
        Promotion promotion = new Promotion(
                repository,
                new LineEditor(),
                target -> new Liveness.State.Healthy(live, null),
                ReleaseVerification.NONE,
                new Ledgers(),
                new Stops(InstantSource.system()));
        Promotion.Plan plan = promotion.plan(
                new Promotion.Request(
                        id,
                        "https://git.example.org/c",
                        "main",
                        "shop",
                        "prod",
                        null,
                        Provenance.UNKNOWN,
                        Shop.JENKINS),
                Progress.SILENT);
        return () -> promotion.commit(
                plan.subject(), Optional.empty(), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), Progress.SILENT);
    }

    private static Object outcome(Future<BumpResult> end) throws Exception {
        try {
            return end.get().outcome();
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }

    private Path begin(GitHttpServer server) throws Exception {
        Path bare = server.create("config.git");
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
        return bare;
    }
}
