package io.jenkins.plugins.gitops.playground.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.playground.api.ApiDocument;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Deployments page of a large Jenkins, with made-up answers: 1,000 applications in 5 environments, 500 gates. */
@ExtendWith(InChromium.class)
class OverviewPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String PAYLOAD = "</p><img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

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

    private static Tab visit(Tab tab, int applications, int gates) throws IOException {
        return jenkins.visit(tab, applications, gates);
    }

    private static int count(Tab tab, String selector) {
        return tab.evaluate("document.querySelectorAll(\"" + selector + "\").length")
                .asInt();
    }

    @Test
    void aThousandApplicationsAreARowEachAndOnlyWhatHasChangedIsRedrawn(Tab tab) throws IOException {
        visit(tab, 1000, 500).until("document.querySelectorAll('tbody tr').length === 1000");
        assertThat(count(tab, "tbody tr:first-child td")).isEqualTo(5);
        assertThat(count(tab, ".gitops-waiting [data-gate]")).isEqualTo(250);

        tab.evaluate("window.touched = []; new MutationObserver((seen) => window.touched.push(...seen.flatMap(({"
                + " addedNodes }) => [...addedNodes].map((node) =>"
                + " node.nodeName)))).observe(document.querySelector('.gitops-deployments'), { childList: true, subtree:"
                + " true });window.jenkins.applications[7].environments[2].version = 'v9.9.9';"
                + " window.jenkins.gates.splice(3, 1);document.dispatchEvent(new Event('visibilitychange')); true");
        tab.evaluate("window.jenkins.tag = 'another'; true");
        tab.until("document.querySelector('[data-application=app-0007]').textContent.includes('v9.9.9')");

        assertThat(tab.evaluate("window.touched.filter((name) => name === 'TR').length")
                        .asInt())
                .as("the row of the application, and that of the one whose gate is gone")
                .isLessThanOrEqualTo(2);
        assertThat(tab.evaluate("window.touched.filter((name) => name === 'LI').length")
                        .asInt())
                .isZero();
        assertThat(count(tab, "[data-gate]")).isEqualTo(499);
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void theOverviewIsSearchedFilteredSortedAndGrouped(Tab tab) throws IOException {
        visit(tab, 40, 4)
                .fill("input[type=search]", "app-0011")
                .until("document.querySelectorAll('tbody tr').length === 1");
        tab.fill("input[type=search]", "").until("document.querySelectorAll('tbody tr').length === 40");
        tab.click("[data-filter=failed]").until("document.querySelectorAll('tbody tr').length === 4");
        tab.click("[data-filter=failed]").fill("#gitops-sort", "behind");
        tab.until("document.querySelector('tbody tr').dataset.application === 'app-0009'");
        tab.fill("#gitops-group", "folder").until("document.querySelector('.gitops-matrix__group')");
        assertThat(tab.evaluate("document.querySelector('.gitops-matrix__group').textContent")
                        .asText())
                .isEqualTo("team-0 (14)");
        assertThat(Accessibility.violations(tab, ".gitops-deployments")).isEmpty();
    }

    @Test
    void severalGatesAreDecidedAtOnceAndEachIsRefusedOnItsOwn(Tab tab) throws IOException {
        visit(tab, 40, 8).click("[data-focus='waiting all']").fill("#gitops-waiting-text", "all checked");
        tab.evaluate("window.jenkins.refuses = 'gate-2'; true");

        tab.click("[data-verb=approve-chosen]")
                .until("document.querySelectorAll('.gitops-waiting__said li').length === 4");

        assertThat(tab.evaluate("window.jenkins.posted.map(({ path }) => path)").toString())
                .contains("job/team-1/app-0002/5/promotion-gate/v1/approve");
        assertThat(tab.evaluate("new Set(window.jenkins.posted.map(({ body }) => body.get('decision'))).size")
                        .asInt())
                .isEqualTo(4);
        assertThat(tab.evaluate("document.querySelector('.gitops-waiting__said .gitops-notice').textContent")
                        .asText())
                .contains("somebody else must approve");
        tab.until("document.querySelectorAll('.gitops-waiting [data-gate]').length === 1");
    }

    @Test
    void anApplicationOfTheOverviewLeadsToItsEnvironmentsAndBack(Tab tab) throws IOException {
        visit(tab, 40, 0).click("[data-application=app-0003] a").until("document.querySelector('.gitops-flow')");
        assertThat(tab.evaluate("window.jenkins.asked.at(-1)").asText()).endsWith("deployments?application=id-0003");
        assertThat(tab.evaluate("document.querySelector('[data-delivery]').textContent")
                        .asText())
                .isEqualTo("Waiting for Pull request #12: checks have not finished: <b>build</b>");
        assertThat(tab.evaluate("document.querySelector('[data-delivery] a').href")
                        .asText())
                .isEqualTo("https://github.example.org/acme/config/pull/12");
        assertThat(tab.evaluate("document.querySelector('[data-pull-request]').textContent")
                        .asText())
                .isEqualTo("Pull request #11, approved there by octo-alice, octo-bob,"
                        + " merged by <img src=x onerror=alert(1)>");
        assertThat(count(tab, "[data-environment] img, [data-delivery] b")).isZero();
        assertThat(tab.evaluate("document.querySelector('[data-environment=prod-eu] [data-commit]').href")
                        .asText())
                .isEqualTo("https://github.example.org/acme/config/commit/" + "c".repeat(40));
        assertThat(tab.evaluate("document.querySelector('.gitops-live a').href").asText())
                .isEqualTo("https://argocd.example.org/applications/argocd/app");
        assertThat(tab.evaluate("document.querySelector('[data-age]').textContent")
                        .asText())
                .endsWith(" days ago)");
        tab.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; });"
                + "navigator.clipboard.writeText = async () => { throw new Error('only over HTTPS'); }; true");
        tab.click("[data-environment=prod-eu] [data-verb=copy]")
                .until("document.activeElement.textContent === 'Copied'");
        assertThat(tab.evaluate("window.copied").asText()).isEqualTo("ghcr.io/acme/api:v1.3.6");

        tab.click("a[href='#']").until("document.querySelectorAll('tbody tr').length === 40");
    }

    @Test
    void aRollbackThatPassesOverReleasesNobodySawHealthySaysSo(Tab tab) throws IOException {
        visit(tab, 40, 0).evaluate("document.querySelector('.gitops-deployments').dataset.mayRollback = 'true'");
        String prod = "[data-environment=prod-eu] [data-verb=rollback]";

        tab.click("[data-application=app-0003] a").until("document.querySelector('" + prod + "')");

        assertThat(tab.evaluate("document.querySelector('" + prod + "').textContent")
                        .asText())
                .isEqualTo("Roll back past api <b>v0.9.7</b>");
        tab.click(prod).until("document.querySelector('dialog').open");
        assertThat(tab.evaluate("document.querySelector('dialog').textContent").asText())
                .contains("Roll back app-0003/prod-eu to aaaaaaa", "api: v1.3.6 \u2192 v0.9.0", "<b>v0.9.7</b>");
        assertThat(count(tab, "dialog b")).isZero();
    }

    /** The headers of one answer of a Jenkins are nearly a kilobyte; time passes as the test has it. */
    @ParameterizedTest
    @ValueSource(strings = {"deployments", "gates", "figures"})
    void aPageThatNobodyTouchesAsksAtMostOnceAMinuteUntilSomebodyIsThere(String page, Tab tab) throws IOException {
        tab.before(LargeJenkins.script("idle.js"))
                .visit(jenkins.url() + "gitops-deployments/")
                .until("window.clock");
        tab.evaluate("clock.show('" + page + "', '" + jenkins.url() + "')");
        tab.until("clock.asked.length > 0");

        assertThat(tab.evaluate("clock.pass(20)").asInt())
                .as("while it slows down")
                .isLessThanOrEqualTo(40);
        assertThat(tab.evaluate("clock.pass(60)").asInt())
                .as("in an hour, each answered 304")
                .isBetween(55, 60);
        assertThat(tab.evaluate("window.dispatchEvent(new Event('focus')); clock.pass(1)")
                        .asInt())
                .isGreaterThanOrEqualTo(page.equals("figures") ? 1 : 2);
        assertThat(tab.evaluate("clock.hidden = true; clock.pass(1); clock.pass(60)")
                        .asInt())
                .isZero();
        assertThat(tab.evaluate("clock.hidden = false; document.dispatchEvent(new Event('visibilitychange'));"
                                + " clock.pass(1)")
                        .asInt())
                .as("shown again")
                .isPositive();
        assertThat(tab.complaints()).isEmpty();
    }

    /** It has asked for nothing, and has waited for as long as it does after news. */
    @ParameterizedTest
    @ValueSource(strings = {"deployments", "gates", "figures"})
    void aPageThatWasOpenedInTheBackgroundAsksWhenItIsShown(String page, Tab tab) throws IOException {
        tab.before(LargeJenkins.script("idle.js"))
                .visit(jenkins.url() + "gitops-deployments/")
                .until("window.clock");
        assertThat(tab.evaluate("clock.hidden = true; clock.show('" + page + "', '" + jenkins.url()
                                + "').then(() => clock.pass(1))")
                        .asInt())
                .isZero();

        assertThat(tab.evaluate("clock.hidden = false; document.dispatchEvent(new Event('visibilitychange'));"
                                + " clock.pass(1)")
                        .asInt())
                .isPositive();
        assertThat(tab.evaluate("clock.hidden = true; clock.pass(1)").asInt()).isZero();
        assertThat(tab.evaluate("clock.hidden = false; window.dispatchEvent(new Event('focus')); clock.pass(1)")
                        .asInt())
                .as("hidden again while it still asked often")
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"light,400", "dark,1920"})
    void everybodyCanPerceiveTheOverview(String scheme, int width, Tab tab) throws IOException {
        visit(tab, 40, 8).resize(width, 900).prefer(scheme);

        assertThat(Accessibility.violations(tab, ".gitops-deployments")).isEmpty();
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        tab.screenshot(SCREENSHOTS.resolve("overview-" + scheme + "-" + width + ".png"));
    }

    @Test
    void enlargedAndInForcedColoursItFitsAndNothingMoves(Tab tab) throws IOException {
        Accessibility.assertEnlargedInForcedColours(visit(tab, 40, 8), ".gitops-deployments");
        assertThat(tab.evaluate("[...document.querySelectorAll('.gitops-state')].every((state) =>"
                                + " state.textContent.trim() !== '')")
                        .asBoolean())
                .as("no state is told by its colour alone")
                .isTrue();
        tab.screenshot(SCREENSHOTS.resolve("overview-forced-640.png"));
    }

    @Test
    void whateverTextTheOverviewHasIsShownAsText(Tab tab) throws IOException {
        ObjectNode sample = (ObjectNode) ApiDocument.read().sample("Overview", PAYLOAD);
        ArrayNode applications = (ArrayNode) sample.path("applications");
        for (int more = 1; more < 8; more++) {
            applications.add(((ObjectNode) applications.path(0).deepCopy()).put("id", "id-" + more));
        }
        ObjectNode compared = (ObjectNode) ApiDocument.read().sample("Comparison", PAYLOAD);
        ((ObjectNode) compared.path("promotion")).putNull("problem");
        tab.before("window.sample = " + sample + "; window.comparison = " + compared + "; window.calendar = "
                + ApiDocument.read().sample("Calendar", PAYLOAD) + ";");
        visit(tab, 8, 2)
                .click(".gitops-calendar summary")
                .click("[data-verb=compare]")
                .until("document.querySelector('.gitops-compare .gitops-requirement')");
        tab.until("document.querySelector('.gitops-calendar [data-kind]')");

        assertThat(tab.evaluate("document.querySelector('.gitops-compare__content').textContent")
                        .asText()
                        .split("onerror=window.hacked=1", -1))
                .hasSizeGreaterThan(12);
        assertThat(tab.evaluate("document.querySelector('.gitops-calendar').textContent")
                        .asText()
                        .split("onerror=window.hacked=1", -1))
                .hasSizeGreaterThan(3);
        assertThat(tab.evaluate("document.querySelector('.gitops-deployments').textContent")
                        .asText()
                        .split("onerror=window.hacked=1", -1))
                .hasSizeGreaterThan(20);
        assertThat(count(tab, ".gitops-deployments :is(img, script)")).isZero();
        assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
        assertThat(tab.complaints()).isEmpty();
    }
}
