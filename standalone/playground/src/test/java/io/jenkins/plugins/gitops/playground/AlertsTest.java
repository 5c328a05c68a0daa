package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.verification.DebianAlertmanager;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.controller.SecretText;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Alerts that come in while a deployment is observed, before and after: over HTTP, and from a real Alertmanager. */
class AlertsTest {

    private static final String BUMP = "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: '%s']\n";
    private static final String AWAIT = "gitopsAwaitSync application: 'shop', environment: 'dev'";
    private static final Map<String, String> LABELS =
            Map.of("alertname", "ShopErrors", "service", "shop-api", "severity", "critical");
    private static final String EVIDENCE =
            "ShopErrors{service=\"shop-api\", severity=\"critical\"}: 5 % of the requests fail";
    private static final SecretText TOKEN = new SecretText("alertmanager", "Token of Alertmanager", "let me in");

    @TempDir
    private Path folder;

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    @BeforeEach
    void configure() {
        playground.playground().controller().jenkins().withCredential(TOKEN);
        GitOpsConfiguration.get().setAlertsCredentialsId(TOKEN.id());
    }

    private void observe(String time) throws Exception {
        playground.declare(before -> before.replaceFirst("argocd: \\{ application: shop-dev \\}", """
            argocd: { application: shop-dev }
                    rollback: { automatic: true }
                    verify:
                      alerts: { match: { service: 'shop-*', severity: critical }, observe: %s }\
            """.formatted(time)));
    }

    @Test
    void anAlertOfARealAlertmanagerTakesTheReleaseBack() throws Exception {
        DebianAlertmanager.assumeInstalled();
        observe("6s");
        Ended good = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);
        assertThat(good.log()).contains("Verified: shop/dev: alerts passed: no alert for 6 s.");
        try (DebianAlertmanager alertmanager = new DebianAlertmanager(folder, endpoint(), TOKEN.text())) {
            await().atMost(PlaygroundFixture.PATIENCE).until(alertmanager::isReady);
            observeLonger();
            PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.1.0") + AWAIT);
            await().atMost(PlaygroundFixture.PATIENCE)
                    .until(() -> run.log().text().contains("Verifying shop/dev within 15 min: alerts."));

            alertmanager.fire(LABELS, "5 % of the requests fail", Instant.now());
            Ended ended = PlaygroundFixture.end(run);

            assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
            assertThat(ended.log())
                    .contains("  shop/dev alerts failed: " + EVIDENCE)
                    .contains("ERROR: Not verified: shop/dev: alerts failed: " + EVIDENCE + ".");
            await().atMost(PlaygroundFixture.PATIENCE).until(() -> commits().size() == 3);
        }
        assertThat(commits().get(2).trailer("GitOps-Image")).contains("api=ghcr.io/acme/shop-api:v2.0.0");
        assertThat(commits().get(2).trailer("GitOps-Reason")).containsExactly("automatic: alerts failed: " + EVIDENCE);
        assertThat(notes()).contains("GitOps-Check: alerts failed: " + EVIDENCE);
    }

    private void observeLonger() throws Exception {
        playground.declare(before -> before.replace("observe: 6s", "observe: 10m"));
    }

    @Test
    void alertsAfterTheObservationAreRecordedWithTheDeployment() throws Exception {
        observe("5s");
        Instant before = Instant.now();
        // Alerts since the commit count: it says so to the second.
        await().until(() -> Instant.now().getEpochSecond() > before.getEpochSecond());
        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        Instant late = Instant.now();

        assertThat(post("Bearer let me in", notification("firing", before))).startsWith("200 ");
        assertThat(post("Bearer let me in", notification("firing", late)))
                .isEqualTo("200 {\"considered\":1,\"leftOut\":0}");
        assertThat(post("Bearer let me in", notification("firing", late))).startsWith("200 ");
        assertThat(post("Bearer let me in", notification("resolved", late))).startsWith("200 ");

        await().atMost(PlaygroundFixture.PATIENCE).until(() -> notes().contains("GitOps-Alert: "));
        Ended status = playground.runSteps("gitopsStatus application: 'shop', environment: 'dev'");
        assertThat(status.log()).contains("  Alert after its verification: " + EVIDENCE + ", since ");
        playground.runSteps(BUMP.formatted("v2.1.0"));
        assertThat(post("Bearer let me in", notification("firing", late.plusSeconds(1))))
                .startsWith("200 ");
        assertThat(playground
                        .runSteps("gitopsStatus application: 'shop', environment: 'dev'")
                        .log())
                .doesNotContain("Alert after");
        assertThat(notes().split("GitOps-Alert: ", -1)).as("once").hasSize(2);
        assertThat(commits()).as("nothing is taken back").hasSize(2);
    }

    @Test
    void whoeverSendsThemNeedsTheConfiguredCredentials() throws Exception {
        String body = notification("firing", Instant.now());

        assertThat(post("Bearer let me in", body)).startsWith("200 ");
        assertThat(post("bearer let me in", body)).startsWith("200 ");
        for (String wrong : List.of("Bearer let me", "Bearer ", "Basic let me in", "let me in", "Bearer", "x y")) {
            assertThat(post(wrong, body))
                    .as(wrong)
                    .isEqualTo("401 {\"error\":\"The credentials are missing or wrong. Send those that Jenkins is"
                            + " configured with for alerts.\"}");
        }
        assertThat(post("", body)).startsWith("401 ");
        GitOpsConfiguration.get().setAlertsCredentialsId("gone");
        assertThat(post("Bearer let me in", body))
                .isEqualTo("503 {\"error\":\"Alerts cannot be accepted now. The Jenkins log names the cause.\"}");
        GitOpsConfiguration.get().setAlertsCredentialsId("");
        assertThat(post("Bearer let me in", body)).startsWith("403 {\"error\":\"Alerts are not accepted here. ");
    }

    @Test
    void whatIsNoNotificationOrTooLargeIsRefused() throws Exception {
        assertThat(post("Bearer let me in", "{}"))
                .isEqualTo(
                        "400 {\"error\":\"The body has no 'alerts'; send what Alertmanager's webhook_config sends.\"}");
        assertThat(post("Bearer let me in", "[".repeat(10_000))).startsWith("400 {\"error\":\"The body is not JSON; ");
        assertThat(post("Bearer let me in", " ".repeat(1024 * 1024 + 1)))
                .isEqualTo(
                        "413 {\"error\":\"The notification is larger than 1 MiB. Send fewer alerts per notification, for example"
                                + " with max_alerts.\"}");
    }

    private static String notification(String status, Instant startsAt) {
        return """
            {"version":"4","status":"%1$s","alerts":[{"status":"%1$s","labels":{"alertname":"ShopErrors","service":"shop-api",
            "severity":"critical"},"annotations":{"summary":"5 %% of the requests fail"},"startsAt":"%2$s",
            "endsAt":"0001-01-01T00:00:00Z","fingerprint":"c0ffee"}]}\
            """.formatted(status, startsAt);
    }

    private String post(String authorization, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint()).POST(HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private URI endpoint() {
        return URI.create(playground.playground().url() + "gitops-alerts/alertmanager");
    }

    /** Those of dev, oldest first. */
    private List<Commit> commits() {
        return new ConfigLog(playground.repository()).to("dev");
    }

    private String notes() {
        return playground.repository().run("log", "--format=%B", "refs/notes/gitops");
    }
}
