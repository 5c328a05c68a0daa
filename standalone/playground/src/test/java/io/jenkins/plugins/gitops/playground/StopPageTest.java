package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What people do on the page of all deployments in an emergency, in a browser, with the keyboard. */
@ExtendWith(InChromium.class)
class StopPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    private static Path folder;

    private static AfterHotfix playground;

    @BeforeAll
    static void open() throws Exception {
        playground = new AfterHotfix(folder);
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    @Test
    void stoppingAllPromotionsOnThePageOfAllJobsAsksOnceMore(Tab tab) throws Exception {
        playground.visit(tab, "gitops-deployments/", "[data-verb=stop]");
        AfterHotfix.ask(tab, "[data-verb=stop]").type("incident 7");
        assertThat(Accessibility.violations(tab, "dialog")).isEmpty();
        AfterHotfix.send(tab);
        tab.until("document.querySelector('dialog').textContent.includes('Press the button again to confirm')");
        assertThat(tab.evaluate("document.querySelectorAll('[data-lock]').length")
                        .asInt())
                .isZero();
        tab.screenshot(SCREENSHOTS.resolve("deployments-stop.png"));
        AfterHotfix.send(tab);

        tab.until("!document.querySelector('dialog').open")
                .until("document.querySelector(\"" + AfterHotfix.PROD + " [data-lock]\")");
        assertThat(tab.evaluate("document.querySelector(\"" + AfterHotfix.PROD + " [data-lock]\").textContent")
                        .asText())
                .contains("*/* is locked by otto: incident 7");

        AfterHotfix.ask(tab, AfterHotfix.PROD + " [data-verb=unlock]").type("it is over");
        AfterHotfix.send(tab);
        tab.until("!document.querySelector('[data-lock]')");
        assertThat(tab.complaints()).allMatch(of -> of.contains("status of 422"));
    }
}
