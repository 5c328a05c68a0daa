package io.jenkins.plugins.gitops.playground.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that stay open: answers that come late or never, clocks that jump, and choices made meanwhile. */
@ExtendWith(InChromium.class)
class LivePageTest {

    /** Requests whose address matches are answered when the test says so, with what Jenkins had when they came. */
    private static final String HOLD = "{ const real = window.fetch; window.held = []; window.holds = null;"
            + " window.fetch = (address, ...rest) => { const answer = real(address, ...rest);"
            + " return window.holds && String(address).match(window.holds)"
            + " ? new Promise((give) => window.held.push(() => give(answer))) : answer; }; }"
            + " window.release = async () => { window.held.shift()();"
            + " for (let turn = 0; turn < 50; turn += 1) { await null; } };";

    private static final String FIGURES = "{ const real = window.fetch; window.fetch = async (address, ...rest) => {"
            + " const asked = new URL(address, location.href); if (!asked.pathname.endsWith('/v1/figures')) { return"
            + " real(address, ...rest); } const none = { deployments: window.count ?? 0, leadTimeSeconds: null, changeFailureRate: null,"
            + " timeToRestoreSeconds: null, gateTimeSeconds: null, days: 30 };"
            + " return new Response(JSON.stringify({ ready: !window.reads, environments: [{ name: 'of '"
            + " + asked.searchParams.get('application'), recent: none, bands: {}, weeks: [] }] })); }; }";

    @TempDir
    private static Path folder;

    private static LargeJenkins jenkins;

    @BeforeAll
    static void open() throws Exception {
        jenkins = LargeJenkins.open(folder);
    }

    @AfterAll
    static void close() {
        jenkins.close();
    }

    private static Tab figures(Tab tab, String query) throws IOException {
        return LargeJenkins.answers(tab, 4, 0)
                .before(FIGURES + HOLD)
                .visit(jenkins.url() + "gitops-deployments/figures" + query)
                .until("document.querySelector('option')");
    }

    @Test
    void anAnswerThatIsOvertakenByANewerOneIsNotShown(Tab tab) throws IOException {
        jenkins.visit(tab, 40, 4).evaluate(HOLD + " window.holds = /overview/; true");
        tab.evaluate("window.dispatchEvent(new Event('hashchange')); window.holds = null; true");
        assertThat(tab.evaluate("window.held.length").asInt()).isEqualTo(1);

        tab.evaluate("window.jenkins.gates = []; window.jenkins.tag = 'newer';"
                + " window.dispatchEvent(new Event('hashchange')); true");
        tab.until("!document.querySelector('[data-gate]')");
        tab.evaluate("window.release()");

        assertThat(tab.evaluate("document.querySelectorAll('[data-gate]').length")
                        .asInt())
                .as("gates of the older answer")
                .isZero();
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void aRequestThatNobodyAnswersEndsSoThatThePageAsksAgain(Tab tab) throws IOException {
        jenkins.visit(tab, 40, 0)
                .evaluate(
                        "AbortSignal.timeout = (limit) => { const ending = new AbortController(); window.expire = () =>"
                                + " ending.abort(new Error(`nothing in ${limit} ms`)); return ending.signal; };"
                                + " window.real = window.fetch; window.fetch = (address, { signal }) => new Promise((give,"
                                + " refuse) => signal.addEventListener('abort', () => refuse(signal.reason)));"
                                + " window.dispatchEvent(new Event('hashchange')); true");

        tab.evaluate("window.expire(); window.fetch = window.real; true");

        tab.until("document.querySelector('.gitops-notice[role=alert]').textContent ==="
                + " 'Jenkins is not responding (nothing in 60000 ms); retrying.'");
        tab.until("document.querySelector('.gitops-notice[role=alert]').hidden");
    }

    @Test
    void aClockThatWasSetBackKeepsNoPageFromAsking(Tab tab) throws IOException {
        tab.before(LargeJenkins.script("idle.js"))
                .visit(jenkins.url() + "gitops-deployments/")
                .until("window.clock");
        tab.evaluate("clock.show('deployments', '" + jenkins.url() + "').then(() => clock.pass(20))");

        assertThat(tab.evaluate("Date.now = () => 1780000000000 + clock.at; window.dispatchEvent(new Event('focus'));"
                                + " clock.pass(1)")
                        .asInt())
                .isPositive();
    }

    @Test
    void theFiguresOfTheApplicationInTheAddressAreShownAsSoonAsItIsKnown(Tab tab) throws IOException {
        LargeJenkins.answers(tab, 4, 0)
                .before("window.reads = true; window.late = window.jenkins.applications.splice(2);" + FIGURES)
                .visit(jenkins.url() + "gitops-deployments/figures?application=app-0003")
                .until("document.querySelectorAll('option').length === 2");

        tab.evaluate("window.jenkins.applications.push(...window.late); window.jenkins.tag = 'later';"
                + " window.reads = false; true");
        tab.until("document.querySelector('.gitops-figures select').value === 'id-0003'");
        tab.until("document.querySelector('[data-environment=\\'of id-0003\\']')");
    }

    @Test
    void theFiguresAreThoseOfTheChosenApplicationWhicheverAnswerComesFirst(Tab tab) throws IOException {
        figures(tab, "").until("document.querySelector('[data-environment=\\'of id-0000\\']')");
        tab.evaluate("window.holds = /figures.*id-0001/; true");
        tab.fill(".gitops-figures select", "id-0001").until("window.held.length === 1");
        tab.fill(".gitops-figures select", "id-0002")
                .until("document.querySelector('[data-environment=\\'of id-0002\\']')");

        tab.evaluate("window.release()");

        assertThat(tab.evaluate("[...document.querySelectorAll('.gitops-figures__environment h2')].map((one) =>"
                                + " one.textContent).join()")
                        .asText())
                .isEqualTo("of id-0002");
        assertThat(tab.evaluate("window.jenkins.sent.slice(1).every((length) => length === 0)")
                        .asBoolean())
                .as("the list of applications is sent once")
                .isTrue();
    }

    @Test
    void theAddressOfFiguresTellsApplicationsOfOneNameApart(Tab tab) throws IOException {
        LargeJenkins.answers(tab, 4, 0)
                .before("window.jenkins.applications[3].name = 'app-0001';" + FIGURES)
                .visit(jenkins.url() + "gitops-deployments/figures")
                .until("document.querySelector('[data-environment]')");

        tab.fill(".gitops-figures select", "id-0003");
        assertThat(tab.evaluate("location.search").asText()).isEqualTo("?application=id-0003");
        tab.fill(".gitops-figures select", "id-0002");
        assertThat(tab.evaluate("location.search").asText()).isEqualTo("?application=app-0002");
    }

    /** The environments of an application, as somebody sees them who may roll back. */
    private static Tab rollingBack(Tab tab, String change) throws IOException {
        jenkins.visit(tab, 40, 0)
                .evaluate(change + "document.querySelector('.gitops-deployments').dataset.mayRollback = 'true'");
        return tab.click("[data-application=app-0003] a").until("document.querySelector('.gitops-flow')");
    }

    private static String rollback(String environment) {
        return "[data-environment=" + environment + "] [data-verb=rollback]";
    }

    @Test
    void whatBecomesOfAnOrderWhoseDialogWasClosedDoesNotTouchTheNextOne(Tab tab) throws IOException {
        rollingBack(tab, "").evaluate(HOLD + " window.jenkins.refuses = null; window.holds = /rollback$/; true");
        tab.click(rollback("dev"))
                .type("the first")
                .click("dialog [data-verb=send]")
                .until("window.held.length === 1");
        tab.press(Tab.Key.ESCAPE).until("!document.querySelector('dialog').open");
        tab.click(rollback("prod-eu")).type("the second");

        tab.evaluate("window.release()");

        assertThat(tab.evaluate("document.querySelector('dialog .gitops-notice').hidden")
                        .asBoolean())
                .as("no refusal of another order")
                .isTrue();
        tab.click("dialog [data-verb=send]").until("window.jenkins.posted.length === 2");
        assertThat(tab.evaluate("window.jenkins.posted[1].body.get('reason')").asText())
                .isEqualTo("the second");
        assertThat(tab.evaluate("window.jenkins.posted[1].body.has('confirmed')")
                        .asBoolean())
                .as("confirmed before anybody was told what to confirm")
                .isFalse();
    }

    /** An object of JavaScript has properties that nobody gave it. */
    @ParameterizedTest
    @ValueSource(strings = {"constructor", "toString", "valueOf"})
    void anImageMayHaveTheNameOfWhatEveryObjectHas(String name, Tab tab) throws IOException {
        rollingBack(
                tab,
                "window.jenkins.applications[3].environments[0].rollback = { commit: 'a'.repeat(40), passedOver: [],"
                        + " images: { " + name + ": 'ghcr.io/acme/other:v2' } };");

        assertThat(tab.evaluate("document.querySelector('" + rollback("dev") + "').title")
                        .asText())
                .isEqualTo(name + " v2");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void whileGatesAreDecidedNobodyDecidesThemAgain(Tab tab) throws IOException {
        jenkins.visit(tab, 40, 8).click("[data-focus='waiting all']").fill("#gitops-waiting-text", "all checked");
        tab.evaluate(HOLD + " window.holds = /app-0002.*approve/; true");
        tab.click("[data-verb=approve-chosen]").until("window.held.length === 1");

        tab.evaluate("window.dispatchEvent(new Event('hashchange')); true");
        tab.until("document.querySelectorAll('[data-gate]').length === 6");
        assertThat(tab.evaluate("[...document.querySelectorAll('[data-verb$=-chosen]')].every((one) => one.disabled)")
                        .asBoolean())
                .isTrue();
        tab.fill("#gitops-waiting-text", "changed too late").evaluate("window.release()");

        tab.until("document.querySelectorAll('[data-gate]').length === 4");
        assertThat(tab.evaluate("window.jenkins.posted.map(({ body }) => body.get('comment'))")
                        .toString())
                .isEqualTo("[\"all checked\",\"all checked\",\"all checked\",\"all checked\"]");
        tab.until("!document.querySelector(\"[data-focus='waiting all']\").checked");
    }

    /** Has Jenkins know something new of the application that is shown, and the page ask for it. */
    private static void renewed(Tab tab) {
        tab.evaluate("window.jenkins.applications[3].environments[0].version = 'v9.9.9';"
                + " window.dispatchEvent(new Event('hashchange')); true");
        tab.until("document.querySelector('[data-environment=dev]').textContent.includes('v9.9.9')");
    }

    @Test
    void whatIsScrolledStaysThereWhenThePageIsDrawnAnew(Tab tab) throws IOException {
        rollingBack(
                        tab,
                        "window.jenkins.applications[3].environments.forEach((one, at, all) => { one.after = at === 0"
                                + " ? [] : [{ environment: all[at - 1].name, ahead: [] }]; }); ")
                .resize(900, 300);
        tab.evaluate("document.querySelector('" + rollback("dev") + "').focus();"
                + " document.querySelector('.gitops-flow').scrollLeft = 200; window.scrollTo(0, 100000);"
                + " window.place = [document.querySelector('.gitops-flow').scrollLeft, window.scrollY].join(); true");
        assertThat(tab.evaluate("window.place").asText()).startsWith("200,").doesNotEndWith(",0");

        renewed(tab);

        assertThat(tab.evaluate(
                                "[document.querySelector('.gitops-flow').scrollLeft, window.scrollY].join() === window.place")
                        .asBoolean())
                .isTrue();
        assertThat(tab.evaluate("document.activeElement === document.querySelector('" + rollback("dev") + "')")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aButtonOfAnOpenHistoryKeepsTheFocusWhenThePageIsDrawnAnew(Tab tab) throws IOException {
        String button = "document.querySelector('[data-environment=prod-eu] .gitops-history [data-verb=copy]')";
        rollingBack(tab, "")
                .evaluate("{ const real = window.fetch; window.fetch = async (address, ...rest) =>"
                        + " String(address).includes('/v1/history') ? new Response(JSON.stringify([1, 2].map(() => ({"
                        + " ...byPullRequest({ at: '2026-11-30T10:00:00Z' }), images: { api: 'acme/api:v0' } }))))"
                        + " : real(address, ...rest); } true");
        tab.click("[data-environment=prod-eu] summary[data-focus^=history]").until(button);
        tab.evaluate(button + ".focus()");

        renewed(tab);

        assertThat(tab.evaluate("document.activeElement === " + button).asBoolean())
                .isTrue();
        tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
        assertThat(tab.evaluate("document.activeElement === " + button).asBoolean())
                .as("after the history has been asked for again")
                .isTrue();
    }

    @Test
    void theBoxOfAGateKeepsTheFocusWhenItsRowIsDrawnAnew(Tab tab) throws IOException {
        jenkins.visit(tab, 40, 8).evaluate("document.querySelector('[data-gate=gate-2] input').focus()");

        tab.evaluate("window.jenkins.gates[2] = { ...window.jenkins.gates[2], explanation: 'waits for nothing' };"
                + " window.jenkins.tag = 'newer'; window.dispatchEvent(new Event('hashchange')); true");
        tab.until("document.querySelector('[data-gate=gate-2]').textContent.includes('waits for nothing')");

        assertThat(tab.evaluate("document.activeElement === document.querySelector('[data-gate=gate-2] input')")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theOpenTableOfFiguresStaysOpenWithTheFocus(Tab tab) throws IOException {
        figures(tab, "").click("[data-environment] summary").evaluate("document.querySelector('summary').focus()");
        tab.until("document.querySelector('details').open")
                .evaluate("window.count = 7; document.querySelector('select').dispatchEvent(new Event('change'))");

        tab.until("document.querySelector('[data-figure=deployments]').textContent.includes('7')");

        assertThat(tab.evaluate("document.querySelector('details').open && document.activeElement.tagName")
                        .asText())
                .isEqualTo("SUMMARY");
    }
}
