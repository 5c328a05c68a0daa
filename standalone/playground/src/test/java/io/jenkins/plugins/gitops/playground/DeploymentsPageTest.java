package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.playground.api.ApiClient;
import io.jenkins.plugins.gitops.playground.api.ApiDocument;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job's page of deployments and its endpoints, against a real Git server: two releases have reached prod. */
@ExtendWith(InChromium.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentsPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String JOB = "job/one-service";
    private static final String PAGE = JOB + "/gitops/";
    private static final String ROOT = "gitops-deployments/";
    private static final String PROD = "[data-application='shop'] [data-environment='prod']";

    /** What somebody may write where the page shows it: in a commit, a reason, a declaration. */
    private static final String PAYLOAD = "</p><img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;
    private static ApiClient client;

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
        client = new ApiClient(playground.playground().url(), "ada");
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    private static ApiClient.Answered post(String verb, Map<String, String> parameters) throws Exception {
        return client.post(JOB + "/gitops/v1/" + verb, parameters);
    }

    private static JsonNode shop() {
        return await("the application shop")
                .atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> client.get(JOB + "/gitops/v1/deployments")
                                .json()
                                .path("applications")
                                .path(0),
                        application -> application.has("id"));
    }

    private static JsonNode environment(String name) {
        for (JsonNode environment : shop().path("environments")) {
            if (environment.path("name").asText().equals(name)) {
                return environment;
            }
        }
        throw new AssertionError("no environment " + name);
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
        await().atMost(Duration.ofMinutes(1))
                .until(() -> environment("prod").at("/live/sync").isTextual());
        JsonNode prod = environment("prod");
        assertThat(prod.path("gated").asBoolean()).isTrue();
        assertThat(prod.path("after").path(0).path("environment").asText()).isEqualTo("staging");
        assertThat(prod.path("after").path(0).path("ahead").isArray()).isTrue();
        assertThat(prod.path("after").path(0).path("ahead")).isEmpty();
        assertThat(prod.path("current").path("approved").asBoolean()).isTrue();
        assertThat(prod.path("current").path("who").path(0).asText()).isEqualTo("rita (release-managers)");
        assertThat(prod.path("live").path("sync").asText()).isEqualTo("Synced");
        assertThat(prod.path("live").path("health").asText()).isEqualTo("Healthy");
        assertThat(prod.path("images")).isEqualTo(prod.path("current").path("images"));
        assertThat(prod.path("outside").asBoolean()).isFalse();
        assertThat(prod.path("rollback").path("images")).isNotEmpty().isNotEqualTo(prod.path("images"));
    }

    @Test
    @Order(2)
    void aPromotionOfWhatTheEnvironmentRunsAlreadyOpensNoGate() throws Exception {
        int before = playground.commits();

        ApiClient.Answered answer = post("promote", order("prod", "from", "staging"));

        assertThat(answer.status()).isEqualTo(202);
        JsonNode order = client.ended(JOB, answer.json().path("id").asText());
        assertThat(order.path("state").asText()).isEqualTo("REFUSED");
        assertThat(order.path("message").asText()).contains("already runs this release");
        assertThat(gates()).isEmpty();
        assertThat(playground.commits()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void aRollbackToSomethingThatTheEnvironmentNeverRanIsRefused() throws Exception {
        String toDev = environment("dev").path("current").path("commit").asText();
        int before = playground.commits();

        ApiClient.Answered answer = post("rollback", order("prod", "commit", toDev));

        JsonNode order = client.ended(JOB, answer.json().path("id").asText());
        assertThat(order.path("message").asText()).contains("The deployment history of shop/prod does not contain");
        assertThat(playground.commits()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void aGetChangesNothingAndWhatMakesNoSenseIsRefusedAsDocumented() throws Exception {
        String shop = shop().path("id").asText();
        int before = playground.commits();

        assertThat(client.get(PAGE + "v1/rollback").status()).isEqualTo(405);
        assertThat(client.get(PAGE + "v1/promote").status()).isEqualTo(405);
        assertThat(client.get(PAGE + "v1/history?application=another&environment=prod")
                        .status())
                .isEqualTo(404);
        assertThat(post("promote", Map.of("application", "another", "environment", "prod"))
                        .status())
                .isEqualTo(404);
        assertThat(post("rollback", Map.of("application", shop, "environment", "prod"))
                        .error())
                .contains("Enter a reason");
        assertThat(post("rollback", Map.of("application", shop, "environment", "prod", "reason", "x".repeat(501)))
                        .error())
                .contains("500 characters");
        assertThat(playground.commits()).isEqualTo(before);
    }

    @Test
    @Order(5)
    void aPersonRollsBackWithTheKeyboardAndWhatTheyWroteIsShownAsText(Tab tab) throws Exception {
        int before = playground.commits();
        visit(tab, PAGE).resize(1280, 900).screenshot(SCREENSHOTS.resolve("deployments.png"));
        tab.click(PROD + " summary").until("document.querySelector(\"" + PROD + " .gitops-history li\")");

        tab.reach(PROD + " [data-verb=rollback]").press(Tab.Key.ENTER).until("document.querySelector('dialog').open");
        assertThat(tab.evaluate("document.activeElement.tagName").asText()).isEqualTo("TEXTAREA");
        assertThat(Accessibility.violations(tab, "dialog")).isEmpty();
        tab.press(Tab.Key.ESCAPE).until("!document.querySelector('dialog').open");
        // What opened the dialog gets the focus back, even if the page was drawn anew meanwhile.
        tab.until("document.activeElement.dataset.verb === 'rollback'");
        tab.press(Tab.Key.ENTER).until("document.querySelector('dialog').open");
        assertThat(tab.evaluate("document.querySelector('dialog li').textContent")
                        .asText())
                .as("what comes back")
                .matches("\\S+: \\S+ \u2192 \\S+");
        tab.type(PAYLOAD).screenshot(SCREENSHOTS.resolve("deployments-rollback.png"));
        tab.reach("dialog [data-verb=send]").press(Tab.Key.ENTER);

        tab.until("document.querySelector('[data-order=DONE]')");
        tab.until("document.querySelector(\"" + PROD + "\").textContent.includes('onerror=window.hacked')");
        assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
        assertThat(tab.complaints()).isEmpty();
        assertThat(playground.commits()).isEqualTo(before + 1);
        List<ConfigLog.Commit> commits = new ConfigLog(playground.repository()).commits();
        assertThat(commits.get(commits.size() - 1).trailer("GitOps-Started-By")).containsExactly("ada");
    }

    @ParameterizedTest
    @CsvSource({PAGE + ",light", PAGE + ",dark", ROOT + ",light", ROOT + ",dark"})
    @Order(7)
    void everybodyCanPerceiveThePages(String page, String scheme, Tab tab) {
        visit(tab, page)
                .prefer(scheme)
                .click(PROD + " summary")
                .until("document.querySelector(\"" + PROD + " .gitops-history li\")");
        assertThat(Accessibility.violations(tab, ".gitops-deployments")).isEmpty();

        tab.resize(400, 900)
                .screenshot(SCREENSHOTS.resolve(
                        page.startsWith("job") ? "deployments-" + scheme + "-400.png" : "root-" + scheme + "-400.png"));
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);
        assertThat(tab.complaints()).isEmpty();
    }

    /** Names, reasons, people, images, what Argo CD says and why a repository cannot be read: all that the document has. */
    @Test
    @Order(8)
    void whateverTextComesFromGitPeopleOrArgoCdIsShownAsText(Tab tab) {
        ApiDocument document = ApiDocument.read();
        ObjectNode deployments = (ObjectNode) document.sample("Deployments", PAYLOAD);
        ArrayNode history = JsonNodeFactory.instance.arrayNode();
        history.add(document.sample("Deployment", PAYLOAD)).add(document.sample("Deployment", PAYLOAD));
        tab.before("const real = window.fetch; window.fetch = (address, ...rest) => /deployments$/.test(address)"
                + " ? Promise.resolve(new Response(" + TextNode.valueOf(deployments.toString()) + "))"
                + " : /history/.test(address) ? Promise.resolve(new Response("
                + TextNode.valueOf(history.toString()) + ")) : real(address, ...rest)");

        tab.visit(playground.playground().url() + PAGE).click(".gitops-card summary");

        tab.until("document.querySelector('.gitops-card .gitops-history li')");
        assertThat(tab.evaluate("document.querySelector('.gitops-deployments').textContent")
                        .asText()
                        .split("onerror=window.hacked=1", -1))
                .hasSizeGreaterThan(20);
        assertThat(tab.evaluate("document.querySelectorAll('.gitops-deployments :is(img, script)').length")
                        .asInt())
                .isZero();
        assertThat(tab.evaluate("[...document.querySelectorAll('.gitops-deployments a')]"
                                + ".every((link) => ['http:', 'https:'].includes(link.protocol))")
                        .asBoolean())
                .isTrue();
        assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    @Order(9)
    void onePageSearchesAllApplications(Tab tab) {
        visit(tab, ROOT).fill("input[type=search]", "by-hand-1");
        tab.until("document.querySelector(\"[data-application='shop']\")");

        tab.fill("input[type=search]", "no such thing").until("document.querySelector('.gitops-empty')");

        assertThat(tab.evaluate("document.querySelector('.gitops-empty').textContent")
                        .asText())
                .contains("no such thing");
        assertThat(tab.evaluate("document.querySelectorAll('.gitops-application').length")
                        .asInt())
                .isZero();
    }

    private static Tab visit(Tab tab, String page) {
        return tab.visit(playground.playground().url() + page).until("document.querySelector(\"" + PROD + "\")");
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
        JsonNode ahead = await("what dev is ahead by")
                .atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> environment("staging").path("after").path(0).path("ahead"),
                        changes -> changes.path(0).path("images").toString().contains("by-hand-1"));
        assertThat(ahead.size()).isGreaterThanOrEqualTo(1);
        Map<String, String> wish = order("staging", "from", "dev");

        ApiClient.Answered first = post("promote", wish);
        ApiClient.Answered again = post("promote", wish);

        String id = first.json().path("id").asText();
        assertThat(again.json().path("id").asText()).isEqualTo(id);
        JsonNode order = client.ended(JOB, id);
        assertThat(order.path("state").asText()).as(order.toString()).isEqualTo("DONE");
        assertThat(playground.commits()).isEqualTo(before + 1);
        assertThat(playground.repository().run("log", "-1", "--format=%B"))
                .contains("GitOps-Reason: tried by hand")
                .contains("GitOps-Started-By: ada");
        // Nobody asked Argo CD but the order: by itself it looks every three minutes.
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> environment("staging").at("/live/revision").asText(),
                        order.path("commit").asText()::equals);
    }

    private static JsonNode gates() throws Exception {
        return client.get(PAGE + "gates/v1/gates").json();
    }

    @Test
    @Order(10)
    void aPromotionByHandIntoAnEnvironmentWithAGateWaitsThereForPeopleAsARunWould(Tab tab) throws Exception {
        await("what was promoted by hand is healthy in staging")
                .atMost(Duration.ofMinutes(1))
                .until(() -> environment("staging").at("/live/health").asText().equals("Healthy")
                        && environment("staging").at("/live/sync").asText().equals("Synced"));
        int before = playground.commits();

        ApiClient.Answered answer = post("promote", order("prod", "from", "staging"));

        String id = answer.json().path("id").asText();
        JsonNode waiting = client.ended(JOB, id);
        assertThat(waiting.path("state").asText()).as(waiting.toString()).isEqualTo("WAITING");
        JsonNode gate = gates().path(0);
        assertThat(gate.path("id").asText()).isEqualTo(id);
        assertThat(gate.path("subject").path("startedBy").asText()).isEqualTo("ada");
        assertThat(playground.commits()).as("nobody has approved").isEqualTo(before);
        assertThat(decide("ada", "approve", id).status()).isEqualTo(403);
        assertThat(waiting("ada").path("url").asText()).isEqualTo(PAGE + "gates/");
        assertThat(waiting("ada").path("from").asText()).isEqualTo("staging");
        assertThat(waiting("ada").path("yours").asBoolean()).isFalse();
        assertThat(waiting("rita").path("yours").asBoolean()).isTrue();

        visit(tab, PAGE)
                .until("document.querySelector(\"[data-from='staging'] .gitops-flow__gate a\")")
                .resize(1280, 900)
                .screenshot(SCREENSHOTS.resolve("deployments-waiting.png"));
        assertThat(Accessibility.violations(tab, ".gitops-deployments")).isEmpty();
        assertThat(tab.evaluate("document.title.startsWith('(')").asBoolean()).isFalse();
        tab.evaluate("document.cookie = 'playground-user=rita; path=/'");
        visit(tab, PAGE).until("document.title.startsWith('(1) ')").click("[data-filter=yours]");
        assertThat(tab.evaluate("document.querySelector('[data-filter=yours]').getAttribute('aria-pressed')")
                        .asText())
                .isEqualTo("true");
        assertThat(tab.evaluate("document.querySelectorAll('.gitops-application').length")
                        .asInt())
                .isEqualTo(1);
        tab.click("[data-filter=failed]").until("document.querySelector('.gitops-empty')");
        tab.click("[data-filter=failed]").click(".gitops-orders a");
        tab.until("document.querySelector('.gitops-gate[data-status=OPEN]')")
                .screenshot(SCREENSHOTS.resolve("deployments-gate.png"));
        assertThat(Accessibility.violations(tab, ".gitops-gates")).isEmpty();
        assertThat(tab.complaints()).isEmpty();

        for (JsonNode entry : gate.path("checklist")) {
            assertThat(decide("rita", "tick", id, "item", entry.path("item").asText())
                            .status())
                    .isEqualTo(200);
        }
        assertThat(decide("rita", "approve", id).status()).isEqualTo(200);
        await("the promotion's commit")
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.ended(JOB, id).path("state").asText(), "DONE"::equals);
        assertThat(playground.commits()).isEqualTo(before + 1);
        assertThat(playground.repository().run("log", "-1", "--format=%B"))
                .contains("GitOps-Approved-By: rita")
                .contains("GitOps-Started-By: ada")
                .contains("GitOps-Bump-Id: " + id);
        assertThat(gates().path(0).path("status").asText()).isEqualTo("APPROVED");
    }

    /** The first gate that waits, as somebody sees it on the page. */
    private static JsonNode waiting(String person) throws Exception {
        return new ApiClient(playground.playground().url(), person)
                .get(JOB + "/gitops/v1/deployments")
                .json()
                .path("gates")
                .path(0);
    }

    private static ApiClient.Answered decide(String person, String verb, String gate, String... parameters)
            throws Exception {
        Map<String, String> form =
                new HashMap<>(Map.of("gate", gate, "decision", UUID.randomUUID().toString()));
        for (int i = 0; i < parameters.length; i += 2) {
            form.put(parameters[i], parameters[i + 1]);
        }
        return new ApiClient(playground.playground().url(), person).post(PAGE + "gates/v1/" + verb, form);
    }
}
