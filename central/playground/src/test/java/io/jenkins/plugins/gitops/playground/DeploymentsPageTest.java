package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.playground.browser.Chromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A job's page of deployments and its endpoints, against a real Git server: two releases have reached prod. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentsPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String PAGE = "job/one-service/gitops/";
    private static final String PROD = "[data-application='shop'] [data-environment='prod']";

    /** What somebody may write where the page shows it: in a commit, a reason, a declaration. */
    private static final String PAYLOAD = "</p><img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;
    private static String crumb;

    @BeforeAll
    static void open() throws Exception {
        playground = new PlaygroundFixture(folder);
        Approver people = new Approver(playground.playground().gates());
        try {
            for (int release = 0; release < 2; release++) {
                PlaygroundFixture.Ended ended = PlaygroundFixture.end(playground.start("one-service", "main"));
                assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
            }
        } finally {
            people.close();
        }
        crumb = get("").replaceAll("(?s).*data-crumb-value=\"([^\"]*)\".*", "$1");
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    private static String get(String path) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create(playground.playground().url() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpResponse<String> post(String verb, Map<String, String> parameters) throws Exception {
        String form = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(playground.playground().url() + PAGE + "v1/" + verb))
                        .header("Jenkins-Crumb", crumb)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode data() throws Exception {
        return JSON.readTree(get(PAGE + "v1/deployments"));
    }

    private static JsonNode shop() {
        return await("the application shop")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> data().path("applications").path(0), application -> application.has("id"));
    }

    private static JsonNode environment(String name) {
        for (JsonNode environment : shop().path("environments")) {
            if (environment.path("name").asText().equals(name)) {
                return environment;
            }
        }
        throw new AssertionError("no environment " + name);
    }

    private static JsonNode ended(String order) {
        return await("the order " + order)
                .atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> {
                            for (JsonNode one : data().path("orders")) {
                                if (one.path("id").asText().equals(order)) {
                                    return Optional.of(one);
                                }
                            }
                            return Optional.<JsonNode>empty();
                        },
                        found -> found.isPresent()
                                && !found.get().path("state").asText().equals("WORKING"))
                .orElseThrow();
    }

    private static Map<String, String> order(String environment, String key, String value) {
        return Map.of(
                "application",
                shop().path("id").asText(),
                "environment",
                environment,
                key,
                value,
                "reason",
                "tried by hand",
                "decision",
                UUID.randomUUID().toString());
    }

    @Test
    @Order(1)
    void theEnvironmentsShowWhatRunsThereAndWhoApprovedIt() {
        JsonNode prod = environment("prod");

        assertThat(prod.path("gated").asBoolean()).isTrue();
        assertThat(prod.path("after").path(0).asText()).isEqualTo("staging");
        assertThat(prod.path("current").path("approved").asBoolean()).isTrue();
        assertThat(prod.path("current").path("who").path(0).asText()).isEqualTo("rita (release-managers)");
        assertThat(prod.path("live").path("sync").asText()).isEqualTo("Synced");
        assertThat(prod.path("live").path("health").asText()).isEqualTo("Healthy");
    }

    @Test
    @Order(2)
    void aHandStartedPromotionIntoAnEnvironmentWithAGateIsRefusedAndCommitsNothing() throws Exception {
        int before = playground.commits();

        HttpResponse<String> answer = post("promote", order("prod", "from", "staging"));

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode order = ended(JSON.readTree(answer.body()).path("id").asText());
        assertThat(order.path("state").asText()).isEqualTo("REFUSED");
        assertThat(order.path("message").asText())
                .contains("shop/prod stands behind a gate")
                .contains("gitopsPromote");
        assertThat(playground.commits()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void aRollbackToSomethingThatTheEnvironmentNeverRanIsRefused() throws Exception {
        String toDev = environment("dev").path("current").path("commit").asText();
        int before = playground.commits();

        HttpResponse<String> answer = post("rollback", order("prod", "commit", toDev));

        JsonNode order = ended(JSON.readTree(answer.body()).path("id").asText());
        assertThat(order.path("message").asText()).contains("The history of shop/prod has no deployment");
        assertThat(playground.commits()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void aGetChangesNothing() throws Exception {
        assertThat(get(PAGE + "v1/rollback")).contains("send it with POST");
        assertThat(get(PAGE + "v1/promote")).contains("send it with POST");
    }

    @Test
    @Order(5)
    void aPersonRollsBackOnThePageAndWhatTheyWroteIsShownAsText() throws Exception {
        Optional<Chromium> installed = Chromium.start();
        org.junit.jupiter.api.Assumptions.assumeTrue(installed.isPresent(), "no Chromium on the PATH");
        try (Chromium browser = installed.get()) {
            int before = playground.commits();
            Tab tab = browser.open()
                    .resize(1280, 900)
                    .visit(playground.playground().url() + PAGE);
            tab.until("document.querySelector(\"" + PROD + "\")");
            tab.screenshot(SCREENSHOTS.resolve("deployments.png"));
            tab.click(PROD + " summary").until("document.querySelector(\"" + PROD + " .gitops-history li\")");

            tab.click(PROD + " [data-verb=rollback]").until("document.querySelector('dialog').open");
            tab.fill("dialog textarea", PAYLOAD).screenshot(SCREENSHOTS.resolve("deployments-rollback.png"));
            tab.click("dialog [data-verb=send]");

            tab.until("document.querySelector('[data-order=DONE]')");
            tab.until("document.querySelector(\"" + PROD + "\").textContent.includes('onerror=window.hacked')");
            tab.resize(400, 900).prefer("dark").screenshot(SCREENSHOTS.resolve("deployments-dark-400.png"));
            assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
            assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(400);
            assertThat(tab.complaints()).isEmpty();
            assertThat(playground.commits()).isEqualTo(before + 1);
            List<ConfigLog.Commit> commits = new ConfigLog(playground.repository()).commits();
            assertThat(commits.get(commits.size() - 1).trailer("GitOps-Started-By"))
                    .containsExactly("ada");
        }
    }

    @Test
    @Order(6)
    void withoutAGateAPromotionByHandIsOneCommitHoweverOftenItIsSent() throws Exception {
        PlaygroundFixture.Ended bumped = playground.runSteps("""
                gitopsBumpImage application: 'shop', environment: 'dev', tag: 'by-hand-1'
                gitopsAwaitSync application: 'shop', environment: 'dev'
                """);
        assertThat(bumped.result()).as(bumped.log()).isEqualTo(RunResult.SUCCESS);
        int before = playground.commits();
        Map<String, String> wish = order("staging", "from", "dev");

        HttpResponse<String> first = post("promote", wish);
        HttpResponse<String> again = post("promote", wish);

        String id = JSON.readTree(first.body()).path("id").asText();
        assertThat(JSON.readTree(again.body()).path("id").asText()).isEqualTo(id);
        JsonNode order = ended(id);
        assertThat(order.path("state").asText()).as(order.toString()).isEqualTo("DONE");
        assertThat(playground.commits()).isEqualTo(before + 1);
        assertThat(playground.repository().run("log", "-1", "--format=%B"))
                .contains("GitOps-Reason: tried by hand")
                .contains("GitOps-Started-By: ada");
    }
}
