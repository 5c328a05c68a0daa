package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.playground.browser.Chromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person in a real browser takes example (a) through its gate, or stops it there. */
class GateBrowserTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String GATE = "[data-gate='shop/prod']";

    @TempDir
    private Path folder;

    private Chromium browser;
    private PlaygroundFixture playground;

    @BeforeEach
    void open() throws Exception {
        Optional<Chromium> installed = Chromium.start();
        assumeTrue(installed.isPresent(), "no Chromium on the PATH: page tests are skipped");
        browser = installed.get();
        playground = new PlaygroundFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            playground.close();
        }
    }

    /** Starts example (a) on the page and waits at its gate. */
    private Tab atTheGate() {
        Tab tab = browser.open().resize(1280, 900).visit(playground.playground().url());
        tab.until("document.querySelector('#example option[value=one-service]')")
                .fill("#example", "one-service");
        tab.anotherDocument(() -> tab.click("#start button"));
        assertThat(tab.evaluate("location.pathname").asText()).isEqualTo("/job/one-service/1/");
        actAs(tab, "rita");
        return tab.until("document.querySelector(\"" + GATE + " [data-verb=approve]\")");
    }

    private static void actAs(Tab tab, String user) {
        tab.until("document.querySelector('#who option[value=" + user + "]')")
                .anotherDocument(() -> tab.fill("#who", user));
        assertThat(tab.evaluate("document.cookie").asText()).contains(user);
    }

    @Test
    void aPersonTicksAndApprovesAndTheReleaseReachesProd() throws Exception {
        Tab tab = atTheGate();
        tab.screenshot(SCREENSHOTS.resolve("gate-open.png"));

        tab.click(GATE + " input[type=checkbox]").until("document.querySelector(\"" + GATE + " input:checked\")");
        tab.fill(GATE + " textarea", "looks good").click(GATE + " [data-verb=approve]");

        tab.until("document.querySelector(\"" + GATE + "[data-status=APPROVED]\")");
        PlaygroundRun run = playground.playground().runs().all().get(0);
        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        tab.until("document.getElementById('log').textContent.includes('Finished: SUCCESS')");
        tab.until("document.querySelector(\"[data-target='shop/prod']\").textContent.includes('Healthy')");
        tab.screenshot(SCREENSHOTS.resolve("gate-approved.png"));
        assertThat(new ConfigLog(playground.repository()).commits()).hasSize(3);
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void aRejectionEndsTheRunAndLeavesProdAsItWas() throws Exception {
        Tab tab = atTheGate();

        tab.fill(GATE + " textarea", "not on a Friday").click(GATE + " [data-verb=reject]");

        tab.until("document.querySelector(\"" + GATE + "[data-status=REJECTED]\")");
        PlaygroundRun run = playground.playground().runs().all().get(0);
        PlaygroundFixture.Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("was rejected by rita").contains("not on a Friday");
        assertThat(new ConfigLog(playground.repository()).commits()).hasSize(2);
    }

    @Test
    void whoeverIsNotOnTheListIsRefusedWithOneSentence() {
        Tab tab = atTheGate();
        actAs(tab, "quentin");
        tab.until("document.querySelector(\"" + GATE + " [data-verb=approve]\")");

        tab.click(GATE + " [data-verb=approve]");

        tab.until("document.querySelector('.gitops-notice') && !document.querySelector('.gitops-notice').hidden");
        assertThat(tab.evaluate("document.querySelector('.gitops-notice').textContent")
                        .asText())
                .contains("quentin")
                .contains("release-managers");
        assertThat(tab.evaluate("document.querySelector(\"" + GATE + "\").dataset.status")
                        .asText())
                .isEqualTo("OPEN");
    }

    @Test
    void theGateFitsIntoANarrowDarkWindow() {
        Tab tab = atTheGate();

        tab.resize(400, 900).prefer("dark").screenshot(SCREENSHOTS.resolve("gate-dark-400.png"));

        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);
    }
}
