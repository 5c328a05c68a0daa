package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.playground.api.ApiClient;
import io.jenkins.plugins.gitops.playground.api.ApiDocument;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of a year of deployments, on the page of all jobs and on a job's. */
@ExtendWith(InChromium.class)
class FiguresPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String ROOT = "gitops-deployments/";
    private static final String JOB = "job/steps/gitops/";
    private static final String PROD = "[data-environment='prod'] ";
    private static final String PAYLOAD = "</p><img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;
    private static ApiClient client;

    @BeforeAll
    static void open() throws Exception {
        playground = new PlaygroundFixture(folder);
        playground.playground().world().addYear();
        PlaygroundFixture.Ended ended = playground.runSteps("gitopsStatus application: 'shop'");
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        client = new ApiClient(playground.playground().url(), "ada");
    }

    /** Its id on a page. */
    private static String shop(String page) {
        return await("the application shop")
                .atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> client.get(page + "v1/deployments")
                                .json()
                                .at("/applications/0/id")
                                .asText(),
                        id -> !id.isEmpty());
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    @Test
    void aYearHasFiguresForEachWeekAndBandsForTheLastThirtyDays() throws Exception {
        JsonNode figures =
                client.get(JOB + "v1/figures?application=" + shop(JOB)).json();

        assertThat(figures.path("ready").asBoolean()).isTrue();
        assertThat(figures.at("/environments/2/name").asText()).isEqualTo("prod");
        JsonNode prod = figures.at("/environments/2");
        assertThat(prod.path("weeks")).hasSize(52);
        int deployments = 0;
        boolean restored = false;
        for (JsonNode week : prod.path("weeks")) {
            deployments += week.path("deployments").asInt();
            restored |= week.path("timeToRestoreSeconds").asLong() > 0;
            assertThat(week.path("gateTimeSeconds").isNull())
                    .isEqualTo(week.path("deployments").asInt() == 0);
        }
        assertThat(deployments).isBetween(60, 365);
        assertThat(restored).isTrue();
        assertThat(prod.at("/bands/leadTime").asText()).isIn("ELITE", "HIGH");
        assertThat(figures.at("/environments/0/weeks/0/gateTimeSeconds").isNull())
                .as("dev has no gate")
                .isTrue();
    }

    @Test
    void theSameIsATableAndEveryDeploymentIsARow() throws Exception {
        String table =
                client.get(ROOT + "v1/figures.csv?application=" + shop(ROOT)).body();
        assertThat(table.lines()).hasSize(1 + 3 * 52).first().asString().startsWith("\"environment\",\"from\",");

        String audit = client.get(ROOT + "v1/audit.csv").body();
        int commits = Integer.parseInt(
                playground.repository().run("rev-list", "--count", "--grep=^GitOps-Environment:", "main"));
        assertThat(audit.lines().filter(line -> line.startsWith("\"config\",\"shop\",\"")))
                .hasSize(commits);
        assertThat(audit).contains("\"rollback\",\"healthy\"").contains("\"errors after the release\"");
        assertThat(client.get(ROOT + "v1/figures?application=none").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({ROOT + ",light,1280", ROOT + ",dark,1920", JOB + ",light,400"})
    void everybodyCanReadTheCharts(String page, String scheme, int width, Tab tab) {
        tab.visit(playground.playground().url() + page + "figures?application=shop")
                .prefer(scheme)
                .resize(width, 900)
                .until("document.querySelectorAll(\"" + PROD + "[data-figure=deployments] rect\").length > 20");

        tab.click(PROD + "summary").screenshot(SCREENSHOTS.resolve("figures-" + scheme + "-" + width + ".png"));
        assertThat(tab.evaluate("document.querySelectorAll(\"" + PROD + "tbody tr\").length")
                        .asInt())
                .isEqualTo(52);
        assertThat(Accessibility.violations(tab, ".gitops-figures")).isEmpty();
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        Accessibility.assertEnlargedInForcedColours(tab, ".gitops-figures");
        assertThat(tab.evaluate("location.search").asText()).isEqualTo("?application=shop");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void namesAreShownAsText(Tab tab) {
        ApiDocument document = ApiDocument.read();
        ObjectNode overview = (ObjectNode) document.sample("Overview", PAYLOAD);
        ObjectNode figures = (ObjectNode) document.sample("Figures", PAYLOAD);
        tab.before("const real = window.fetch; window.fetch = (address, ...rest) => /overview$/.test(address)"
                + " ? Promise.resolve(new Response(" + TextNode.valueOf(overview.toString()) + "))"
                + " : /figures\\?/.test(address) ? Promise.resolve(new Response("
                + TextNode.valueOf(figures.toString()) + ")) : real(address, ...rest)");

        tab.visit(playground.playground().url() + ROOT + "figures")
                .until("document.querySelector('.gitops-figures h2')");

        assertThat(tab.evaluate("document.querySelector('.gitops-figures').textContent")
                        .asText())
                .contains("onerror=window.hacked=1");
        assertThat(tab.evaluate("document.querySelectorAll('.gitops-figures :is(img, script)').length")
                        .asInt())
                .isZero();
        assertThat(tab.evaluate("window.hacked === undefined").asBoolean()).isTrue();
    }
}
