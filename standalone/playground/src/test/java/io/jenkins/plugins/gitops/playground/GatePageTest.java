package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.playground.api.ApiClient;
import io.jenkins.plugins.gitops.playground.api.ApiDocument;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A person in a real browser takes example (a) through its gate, or stops it there. A gate that a test leaves open serves
 * the next one.
 */
@ExtendWith(InChromium.class)
class GatePageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String TARGET = "shop/prod";
    private static final String GATE = "[data-gate='" + TARGET + "']";

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;
    private static PlaygroundRun run;
    private static JsonNode gate;

    @BeforeAll
    static void open() throws Exception {
        playground = new PlaygroundFixture(folder);
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    @BeforeEach
    void waitAtTheGate() {
        if (run == null || !run.isBuilding()) {
            run = playground.start("one-service", "main");
            gate = playground.openGate(TARGET);
        }
    }

    private static Tab visit(Tab tab, String user) {
        String address = playground.playground().url() + run.getUrl();
        tab.resize(1280, 900).visit(address);
        tab.until("document.querySelector('#who option[value=" + user + "]')")
                .anotherDocument(() -> tab.fill("#who", user));
        return tab.until(found(""));
    }

    /** Whether the gate has something that a CSS selector finds. */
    private static String found(String selector) {
        return "document.querySelector(\"" + GATE + selector + "\")";
    }

    private static ApiClient as(String user) throws Exception {
        return new ApiClient(playground.playground().url(), user);
    }

    private static ApiClient.Answered decide(String user, String verb, Map<String, String> parameters)
            throws Exception {
        Map<String, String> form = new HashMap<>(parameters);
        form.putIfAbsent("gate", gate.path("id").asText());
        form.putIfAbsent("decision", UUID.randomUUID().toString());
        return as(user).post(run.getUrl() + "promotion-gate/v1/" + verb, form);
    }

    @Test
    void aPersonStartsARunAndApprovesWithTheKeyboardSoThatTheReleaseReachesProd(Tab tab) throws Exception {
        decide("rita", "reject", Map.of("reason", "makes room"));
        PlaygroundFixture.end(run);
        int before = playground.commits();
        tab.resize(1280, 900).visit(playground.playground().url());
        tab.until("document.querySelector('#example option[value=one-service]')")
                .fill("#example", "one-service");
        tab.anotherDocument(() -> tab.click("#start button"));
        gate = playground.openGate(TARGET);
        run = playground.playground().runs().run(gate.path("run").asText()).orElseThrow();

        visit(tab, "rita").screenshot(SCREENSHOTS.resolve("gate-open.png"));
        tab.reach(GATE + " input[type=checkbox]").press(Tab.Key.SPACE).until(found(" input:checked"));
        assertThat(tab.evaluate("document.activeElement === " + found(" input")).asBoolean())
                .as("the box keeps the focus when the page is drawn anew")
                .isTrue();
        tab.reach(GATE + " [name=comment]").type("looks good");
        tab.reach(GATE + " [data-verb=approve]").press(Tab.Key.ENTER).until(found("[data-status=APPROVED]"));

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        tab.until("document.getElementById('log').textContent.includes('Finished: SUCCESS')");
        tab.until("document.querySelector(\"[data-target='shop/prod']\").textContent.includes('Healthy')");
        tab.screenshot(SCREENSHOTS.resolve("gate-approved.png"));
        assertThat(playground.commits()).isEqualTo(before + 3);
        assertThat(playground.repository().run("log", "-1", "--format=%B")).contains("rita");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void aRejectionEndsTheRunAndLeavesProdAsItWas(Tab tab) throws Exception {
        int before = playground.commits();

        visit(tab, "rita").until("document.title.startsWith('(1) ')");
        assertThat(icons(tab)).hasSize(1).allMatch(icon -> icon.startsWith("data:image/svg+xml,"));
        tab.click(GATE + " .gitops-details--reject summary")
                .fill(GATE + " [name=rejectReason]", "not on a Friday")
                .click(GATE + " [data-verb=reject]");

        tab.until(found("[data-status=REJECTED]"));
        assertThat(tab.evaluate("document.title").asText()).doesNotStartWith("(");
        assertThat(icons(tab)).containsExactly("data:,");
        PlaygroundFixture.Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).isEqualTo(RunResult.ABORTED);
        assertThat(ended.log()).contains("was rejected by rita").contains("not on a Friday");
        String explanation = tab.evaluate(found(" .gitops-gate__explanation") + ".textContent")
                .asText();
        assertThat(explanation).contains("was rejected by rita").doesNotContainPattern("\\dT\\d\\d:");
        assertThat(tab.evaluate(found(" .gitops-gate__explanation time") + ".textContent")
                        .asText())
                .isSubstringOf(explanation);
        assertThat(tab.evaluate(found(" summary[data-focus^=ended]") + ".parentElement.open === false")
                        .asBoolean())
                .as("what has ended is folded")
                .isTrue();
        assertThat(playground.commits()).isEqualTo(before);
    }

    private static List<String> icons(Tab tab) {
        List<String> icons = new ArrayList<>();
        tab.evaluate("[...document.querySelectorAll('link[rel=icon]')].map((icon) => icon.href)")
                .forEach(icon -> icons.add(icon.asText()));
        return icons;
    }

    @Test
    void whoeverMayApproveReadsWhatHappensThenAndWhoHasApprovedMayWithdraw(Tab tab) throws Exception {
        decide("rita", "tick", Map.of("item", "Rollback plan documented"));
        visit(tab, "rita").until(found(" [data-verb=approve].jenkins-button--primary:enabled"));

        tab.until(found(" .gitops-form__why") + ".textContent.includes('is promoted at once')");
        assertThat(tab.evaluate(found(" [data-verb=withdraw]") + ".hidden").asBoolean())
                .as("there is nothing to withdraw")
                .isTrue();
        assertThat(tab.evaluate(found(" .gitops-decision")
                                + ".compareDocumentPosition("
                                + found(" .gitops-table")
                                + ") === Node.DOCUMENT_POSITION_FOLLOWING")
                        .asBoolean())
                .as("the decision comes first")
                .isTrue();

        decide("rita", "untick", Map.of("item", "Rollback plan documented"));
        tab.until(found(" .gitops-form__why") + ".textContent.includes('still waits for checklist')");
        tab.click(GATE + " [data-verb=approve]");
        tab.until(found(" .gitops-form__why") + ".textContent.includes('rita has approved already')");
    }

    @Test
    void whoeverIsNotOnTheListSeesWhyInsteadOfApproving(Tab tab) {
        visit(tab, "quentin").until(found(" [data-verb=approve]:disabled"));

        assertThat(tab.evaluate(found(" .gitops-form__why") + ".textContent").asText())
                .contains("quentin")
                .contains("release-managers");
        assertThat(tab.evaluate(found(" [data-verb=withdraw]") + ".hidden").asBoolean())
                .as("nobody has approved yet")
                .isTrue();
        assertThat(tab.evaluate(found("") + ".dataset.status").asText()).isEqualTo("OPEN");
    }

    /** What Jenkins answers before the plugin is asked: its own pages, which are no JSON, whatever their status. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        403 | another crumb | Your Jenkins session was renewed
        403 |               | Jenkins refused the request (403). Nothing was changed. Sign in
        200 |               | Jenkins refused the request (200). Nothing was changed. Sign in
        502 |               | Jenkins refused the request (502)
        """)
    void whateverIsNoSuccessShowsInTheCardWithItsRemedy(int status, String crumb, String sentence, Tab tab) {
        tab.before("const real = window.fetch; window.fetch = (address, options) => /approve$/.test(address)"
                + " ? Promise.resolve(new Response('<html>Sign in</html>', { status: " + status + " }))"
                + " : /crumbIssuer/.test(address) ? Promise.resolve(new Response(JSON.stringify("
                + "{ crumbRequestField: 'Jenkins-Crumb', crumb: " + json(crumb == null ? "" : crumb)
                + " }))) : real(address, options)");

        visit(tab, "rita").click(GATE + " [data-verb=approve]");

        tab.until(found(" .gitops-notice:not([hidden])"));
        assertThat(tab.evaluate(found(" .gitops-notice") + ".textContent").asText())
                .contains(sentence);
        assertThat(tab.evaluate("document.activeElement === " + found(" .gitops-notice"))
                        .asBoolean())
                .isTrue();
    }

    @Test
    void whatSomebodyFoldedStaysSoWhenThePageIsDrawnAnew(Tab tab) throws Exception {
        visit(tab, "rita").click(GATE + " summary[data-focus^=history]");
        tab.click(GATE + " summary[data-focus^=commits]");
        int lines = tab.evaluate("document.querySelectorAll(\"" + GATE + " .gitops-timeline li\").length")
                .asInt();

        decide("rita", "tick", Map.of("item", "Rollback plan documented"));

        tab.until("document.querySelectorAll(\"" + GATE + " .gitops-timeline li\").length > " + lines);
        assertThat(tab.evaluate(found(" .gitops-timeline") + ".closest('details').open")
                        .asBoolean())
                .isFalse();
        assertThat(tab.evaluate(found(" summary[data-focus^=commits]") + ".parentElement.open")
                        .asBoolean())
                .isTrue();
        decide("rita", "untick", Map.of("item", "Rollback plan documented"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everybodyCanPerceiveTheGate(String scheme, Tab tab) {
        visit(tab, "otto")
                .prefer(scheme)
                .evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
        assertThat(Accessibility.violations(tab, ".gitops-gates")).isEmpty();

        tab.resize(1280, 900).screenshot(SCREENSHOTS.resolve("gate-" + scheme + "-1280.png"));
        tab.resize(400, 900).screenshot(SCREENSHOTS.resolve("gate-" + scheme + "-400.png"));
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);
        Accessibility.assertEnlargedInForcedColours(tab, ".gitops-gates");
    }

    /** Commit subjects, authors, file names, lines of files, reasons of checks, comments: all that the document has. */
    @Test
    void whateverTextComesFromGitPeopleOrChecksIsShownAsText(Tab tab) {
        String payload = "</code><img src=x onerror=window.hacked=1><script>window.hacked=1</script>";
        ArrayNode gates = (ArrayNode) ApiDocument.read().sample("Gates", payload);
        ObjectNode promotion = gates.path(0).deepCopy();
        ((ObjectNode) promotion
                        .put("id", "promotion")
                        .path("subject")
                        .path("changes")
                        .path(0))
                .put("from", "another");
        ((ObjectNode) promotion.path("subject")).putNull("question");
        gates.add(promotion);
        ObjectNode first = promotion.deepCopy();
        ((ObjectNode) first.put("id", "first").path("subject")).put("sourceEnvironment", "");
        gates.add(first);
        tab.before("const real = window.fetch; window.fetch = (address, ...rest) => String(address).endsWith('/gates')"
                + " ? Promise.resolve(new Response(" + json(gates.toString()) + ")) : real(address, ...rest)");

        tab.visit(playground.playground().url() + run.getUrl());

        tab.until("document.querySelectorAll('.gitops-gate').length === 3");
        assertThat(tab.evaluate("['promotion', 'first'].map((id) => /From .* to /.test("
                                + "document.getElementById(`gate-${id}`).closest('.gitops-gate').textContent)).join()")
                        .asText())
                .as("says where from, if there is one")
                .isEqualTo("true,false");
        String shown = tab.evaluate("document.querySelector('.gitops-gates').textContent")
                .asText();
        assertThat(shown.split(Pattern.quote("onerror=window.hacked=1"), -1)).hasSizeGreaterThan(25);
        assertThat(tab.evaluate("document.querySelectorAll('.gitops-gates :is(img, script)').length")
                        .asInt())
                .isZero();
        assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
        assertThat(tab.complaints()).isEmpty();
    }

    private static String json(String text) {
        return TextNode.valueOf(text).toString();
    }

    @Test
    void decisionsAndRefusalsAreAsDocumented() throws Exception {
        String item = "Rollback plan documented";
        assertThat(as("ada")
                        .get(run.getUrl() + "promotion-gate/v1/gates")
                        .json()
                        .path(0)
                        .path("status")
                        .asText())
                .isEqualTo("OPEN");
        assertThat(as("rita").get(run.getUrl() + "promotion-gate/v1/approve").status())
                .isEqualTo(405);
        assertThat(decide("rita", "tick", Map.of("item", item)).status()).isEqualTo(200);
        assertThat(decide("rita", "untick", Map.of("item", item)).status()).isEqualTo(200);
        assertThat(decide("quentin", "approve", Map.of("comment", "")).status()).isEqualTo(403);
        assertThat(decide("rita", "approve", Map.of("gate", "another")).status())
                .isEqualTo(404);
        assertThat(decide("rita", "approve", Map.of("decision", " ")).status()).isEqualTo(422);
        assertThat(decide("rita", "reject", Map.of("reason", "")).status()).isEqualTo(422);
        assertThat(decide("rita", "approve", Map.of("comment", "first")).status())
                .isEqualTo(200);
        assertThat(decide("rita", "withdraw", Map.of()).error()).contains("quorum");
        assertThat(decide("otto", "override", Map.of("reason", "night", "skip", "approvals,checklist"))
                        .status())
                .isEqualTo(200);
        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        assertThat(decide("rita", "reject", Map.of("reason", "too late")).status())
                .isEqualTo(409);
        assertThat(as("ada")
                        .get(run.getUrl() + "promotion-gate/v1/gates")
                        .json()
                        .path(0)
                        .path("status")
                        .asText())
                .isEqualTo("OVERRIDDEN");
    }
}
