package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.PrometheusConnection;
import io.jenkins.plugins.gitops.engine.verification.StandInPrometheus;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.controller.Controller;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code gitopsAwaitSync} of an environment that declares checks, against an HTTP server and the stand-in for Prometheus. */
class VerifiedSyncTest {

    private static final String BUMP = "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: '%s']\n";
    private static final String AWAIT = "gitopsAwaitSync application: 'shop', environment: 'dev'";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    private Webhooks webhooks;
    private HttpServer shop;
    private StandInPrometheus prometheus;
    private volatile int status = 200;

    @BeforeEach
    void listen() throws Exception {
        webhooks = new Webhooks();
        prometheus = new StandInPrometheus();
        prometheus.gives("sum(errors)", "0.004");
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/health", exchange -> {
            byte[] body = "{\"status\":\"UP\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        shop.start();
        configure();
        playground.declare(before -> before.replaceFirst("argocd: \\{ application: shop-dev \\}", """
            argocd: { application: shop-dev }
                    verify:
                      within: 20s
                      checks:
                        smoke: { http: 'http://127.0.0.1:%d/health', expect: { body: '"status":"UP"' }, interval: 5s }
                        errors: { prometheus: observability, query: sum(errors), below: 0.01, for: 5s, interval: 5s }\
            """.formatted(
                        shop.getAddress().getPort())));
    }

    private void configure() {
        GitOpsConfiguration.get().setAllowedCheckHosts(List.of("127.0.0.1"));
        GitOpsConfiguration.get()
                .setPrometheusConnections(List.of(new PrometheusConnection(
                        "observability", prometheus.address().toString())));
    }

    @AfterEach
    void stop() {
        webhooks.close();
        prometheus.close();
        shop.stop(0);
    }

    @Test
    void returnsWhenEveryCheckHasPassed() throws Exception {
        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .contains("Verifying shop/dev within 20 s: smoke, errors.")
                .contains("  shop/dev smoke passed: status 200 with \"status\":\"UP\"")
                .containsPattern("  shop/dev errors waits: 0\\.004, below 0\\.01 \\(for \\d s of 5 s, \\d+ s left\\)")
                .doesNotContain("smoke waits")
                .contains("Verified: shop/dev: smoke passed: status 200 with \"status\":\"UP\"; errors passed: 0.004,"
                        + " below 0.01 for 5 s.");
        assertThat(notes())
                .contains("GitOps-Outcome: verified")
                .contains("GitOps-Check: errors passed: 0.004, below 0.01 for 5 s");
        await().untilAsserted(() -> assertThat(webhooks.heard("verified")).hasSize(1));
    }

    @Test
    void aCheckThatFailsFailsTheStepAndIsInTheHistory() throws Exception {
        prometheus.gives("sum(errors)", "0.5");

        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("ERROR: Not verified: shop/dev: errors failed: 0.5, not below 0.01.");
        assertThat(notes()).contains("GitOps-Outcome: verification-failed");
        Ended said = playground.runSteps("gitopsStatus application: 'shop', environment: 'dev'");
        assertThat(said.log()).contains(", verification failed: smoke passed: ").contains("errors failed: 0.5");
        await().untilAsserted(
                        () -> assertThat(webhooks.heard("verification-failed")).hasSize(1));
        assertThat(webhooks.heard("sync-failed")).isEmpty();
    }

    @Test
    void aReleaseThatIsNotVerifiedIsTakenBack() throws Exception {
        Ended good = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);
        assertThat(good.result()).as(good.log()).isEqualTo(RunResult.SUCCESS);
        status = 500;

        Ended ended = playground.runSteps(BUMP.formatted("v2.1.0") + AWAIT + ", onFailure: 'rollback'");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log())
                .contains("ERROR: Not verified: shop/dev: smoke failed: status 500 instead of 200; shop/dev was rolled"
                        + " back to the release of commit ");
        List<Commit> commits = commits();
        assertThat(commits).hasSize(3);
        assertThat(commits.get(2).trailer("GitOps-Image")).contains("api=ghcr.io/acme/shop-api:v2.0.0");
    }

    @Test
    void aReleaseIsTakenBackWhenItsRunHasEndedAndJenkinsHasRestarted() throws Exception {
        playground.declare(before -> before.replaceFirst(
                "(argocd: \\{ application: shop-dev \\}\n)", "$1        rollback: { automatic: true }\n"));
        Ended good = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);
        assertThat(good.result()).as(good.log()).isEqualTo(RunResult.SUCCESS);
        status = 500;
        PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.1.0") + AWAIT);
        await().atMost(PlaygroundFixture.PATIENCE)
                .until(() -> run.log().text().contains("shop/dev smoke waits: status 500 instead of 200"));
        run.abort();
        PlaygroundFixture.end(run);
        assertThat(commits()).hasSize(2);

        GitOpsServices.terminate();
        try (Controller again = new Controller(
                playground.playground().world(),
                playground.folder().resolve("jenkins"),
                "http://jenkins.example.org/")) {
            configure();
            again.jenkins().withItem(run.getParent());
            ReleaseVerifications.resume();
            await().atMost(PlaygroundFixture.PATIENCE).until(() -> commits().size() == 3);
        }

        assertThat(commits().get(2).trailer("GitOps-Image")).contains("api=ghcr.io/acme/shop-api:v2.0.0");
        assertThat(commits().get(2).trailer("GitOps-Reason"))
                .containsExactly("automatic: smoke failed: status 500 instead of 200");
    }

    @Test
    void whoeverWantsNoVerificationWaitsForHealthAlone() throws Exception {
        status = 500;

        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT + ", verify: false");

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).doesNotContain("Verifying");
    }

    @Test
    void stepsOfTheRunVerifyBesideWhatIsDeclaredAndMayWaitForThat() throws Exception {
        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT + ", verify: false\n"
                + "gitopsVerify(application: 'shop', environment: 'dev') {\n"
                + "  sh 'echo tested'\n  " + AWAIT + "\n  sh 'echo tested again'\n}");

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .containsSubsequence(
                        "Verifying shop/dev within 20 s: smoke, errors; and with the steps of this block.",
                        "+ echo tested\n",
                        "Verified: shop/dev: smoke passed: ",
                        "+ echo tested again\n",
                        "Verified: shop/dev: smoke passed: ",
                        "errors passed: 0.004, below 0.01 for 5 s; pipeline passed: ");
        assertThat(notes())
                .contains(
                        "GitOps-Outcome: verified", "GitOps-Check: smoke passed: ", "GitOps-Check: pipeline passed: ");
    }

    @Test
    void stepsThatFailAfterTheVerificationSpeakAgainstTheReleaseAndKeepWhatHasPassed() throws Exception {
        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT
                + "\ngitopsVerify(application: 'shop', environment: 'dev') { error 'the cart is empty' }");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log())
                .contains("Verifying shop/dev with the steps of this block.")
                .containsPattern("Not verified: shop/dev: pipeline failed: .*#1: the cart is empty\\.")
                .contains("ERROR: the cart is empty");
        assertThat(notes())
                .contains("GitOps-Outcome: verification-failed")
                .contains("GitOps-Check: smoke passed: ", "GitOps-Check: pipeline failed: ");
    }

    @Test
    void aCheckThatFailsBesideTheStepsFailsTheStepWhenTheyHaveEnded() throws Exception {
        prometheus.gives("sum(errors)", "0.5");

        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT + ", verify: false\n"
                + "gitopsVerify(application: 'shop', environment: 'dev') { sh 'echo tested' }");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("ERROR: Not verified: shop/dev: errors failed: 0.5, not below 0.01.");
        assertThat(notes()).contains("GitOps-Check: pipeline passed: ");
    }

    @Test
    void anAbortOfTheStepsLeavesTheVerificationToWhatIsDeclared() throws Exception {
        PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.0.0") + AWAIT + ", verify: false\n"
                + "gitopsVerify(application: 'shop', environment: 'dev') { sh 'echo begun; sleep 600' }");
        await().atMost(PlaygroundFixture.PATIENCE).until(() -> run.log().text().contains("\nbegun\n"));

        run.abort();
        PlaygroundFixture.end(run);

        assertThat(run.getResult()).isEqualTo(hudson.model.Result.ABORTED);
        await().atMost(PlaygroundFixture.PATIENCE)
                .untilAsserted(() -> assertThat(notes()).contains("GitOps-Outcome: verified"));
        assertThat(notes()).containsPattern("GitOps-Check: pipeline aborted: .*#1: Aborted in the playground");
    }

    @Test
    void aConnectionThatNobodyConfiguredIsNamed() throws Exception {
        GitOpsConfiguration.get()
                .setPrometheusConnections(List.of(new PrometheusConnection(
                        "observabilty", prometheus.address().toString())));

        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);

        assertThat(ended.log()).contains("errors failed: ").contains("did you mean 'observabilty'?");
    }

    /** Those of dev, oldest first. */
    private List<Commit> commits() {
        return new ConfigLog(playground.repository()).to("dev");
    }

    private String notes() {
        return playground.repository().run("log", "-1", "--format=%B", "refs/notes/gitops");
    }
}
