package io.jenkins.plugins.gitops.pages.verification;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.verification.CheckProgress;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.security.RunIdentity;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A verification that two controllers have under way, each with a cache of its own, and that ends on both at the same instant. */
@Timeout(180)
class TwoOwnersTest {

    private static final int ROUNDS = Integer.getInteger("controllers.rounds", 3);
    private static final RepositoryChoice CHOICE = new RepositoryChoice("config", null, null);
    private static final Http SMOKE =
            new Http("smoke", "http://shop", 200, null, Duration.ZERO, Duration.ofSeconds(15));
    private static final String HEALTHY = "9.0.0";

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private ShopController shop;
    private GitConfigRepositories otherCaches;
    private OpenedRepository first;
    private OpenedRepository second;

    @BeforeEach
    void deploy() throws Exception {
        shop = new ShopController(folder);
        shop.change(
                "gitops.yaml",
                before -> before.replace(
                        "argocd: { application: shop-prod }",
                        "argocd: { application: shop-prod }\n"
                                + "        verify: { checks: { smoke: { http: 'http://shop' } } }\n"
                                + "        rollback: { automatic: true, hold: none }"));
        shop.healthy("prod", HEALTHY);
        Run<?, ?> run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
        first = CHOICE.open(run);
        otherCaches = new GitConfigRepositories(folder.resolve("other"));
        second = new OpenedRepository(
                first.name(),
                first.url(),
                first.branch(),
                first.author(),
                first.ticketPattern(),
                otherCaches.open(new Remote(first.url())));
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        otherCaches.close();
        shop.close();
    }

    @Test
    void itIsNotedAndTakenBackOnce() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String bad = shop.bump("prod", "9." + round + ".0");

            end(bad, CheckProgress.State.FAILED, CheckProgress.State.FAILED);

            assertThat(notes(bad)).as("round " + round).containsExactly("verification-failed");
            assertTakenBack(bad, round);
        }
    }

    @Test
    void whereTheySayOtherwiseTheFailureCountsWhicheverComesFirst() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String bad = shop.bump("prod", "9." + round + ".0");

            end(bad, CheckProgress.State.FAILED, CheckProgress.State.PASSED);

            assertThat(notes(bad)).as("round " + round).contains("verification-failed");
            assertTakenBack(bad, round);
        }
    }

    private void assertTakenBack(String bad, int round) {
        Ledger ledger = GitOpsServices.get()
                .ledgers()
                .of(
                        first.repository(),
                        "main",
                        Declarations.read(first.repository().tip("main", Progress.SILENT), "main"),
                        Progress.SILENT);
        assertThat(ledger.of("shop", "prod").stream()
                        .filter(deployment -> deployment.commit().equals(bad)))
                .singleElement()
                .satisfies(deployment -> assertThat(deployment.outcome()).isEqualTo(Outcome.VERIFICATION_FAILED));
        assertThat(shop.git("log", "--format=%(trailers:key=GitOps-Rolls-Back,valueonly)", "main")
                        .lines()
                        .filter(line -> !line.isBlank()))
                .as("round " + round)
                .hasSize(round);
        shop.assertRuns("prod", HEALTHY);
        assertThat(shop.heard(PromotionEvent.Kind.VERIFICATION_FAILED))
                .as("whoever comes second knows that it is taken back")
                .isNotEmpty()
                .allMatch(event -> event.summary().endsWith("; rolled back automatically"));
    }

    /** Both say at once how it ended for them. */
    private void end(String commit, CheckProgress.State ours, CheckProgress.State theirs) throws Exception {
        List<Callable<Verification>> ends = List.of(end(first, commit, ours), end(second, commit, theirs));
        for (Future<Verification> end : threads.invokeAll(ends)) {
            assertThat(end.get().status()).isNotEqualTo(Verification.Status.SUPERSEDED);
        }
    }

    private static Callable<Verification> end(OpenedRepository opened, String commit, CheckProgress.State state) {
        Instant now = Instant.now();
        Verification.Deployed deployed =
                new Verification.Deployed(opened.url(), "shop", "prod", "main", commit, Map.of());
        boolean against = state == CheckProgress.State.FAILED;
        Verification ended = new Verification(
                deployed,
                1,
                now.minusSeconds(60),
                now,
                new VerificationDefinition(Duration.ofMinutes(1), List.of(SMOKE)),
                List.of(new CheckProgress("smoke", state, "status 500", null, null, against, List.of())),
                now,
                null,
                now.minusSeconds(60));
        ReleaseVerifications records = new ReleaseVerifications();
        records.put(new Kept(ended, "shop", CHOICE, null, false, RunIdentity.UNKNOWN, Map.of(), List.of()));
        VerificationOwner owner = new VerificationOwner(records, Optional.of(opened));
        return () -> owner.ended(ended);
    }

    private List<String> notes(String commit) {
        return shop.git(
                        "log",
                        "--format=%(trailers:key=GitOps-Deployment,key=GitOps-Outcome,valueonly,separator=%x20)",
                        "refs/notes/gitops")
                .lines()
                .filter(line -> line.startsWith(commit))
                .map(line -> line.substring(commit.length()).strip())
                .toList();
    }
}
