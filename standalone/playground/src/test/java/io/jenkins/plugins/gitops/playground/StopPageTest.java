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

    @Test
    void whatAPromotionWouldDoIsSeenFromTheLineBetweenTwoEnvironments(Tab tab) throws Exception {
        String line = "[data-application='shop'] [data-from='staging'] [data-verb=compare]";
        playground.visit(tab, "gitops-deployments/", line);
        tab.reach(line).press(Tab.Key.ENTER).until("document.querySelector('.gitops-compare').open");
        tab.until("document.querySelector('.gitops-compare h3')")
                .resize(1280, 900)
                .screenshot(SCREENSHOTS.resolve("deployments-compare.png"));
        assertThat(Accessibility.violations(tab, ".gitops-compare")).isEmpty();
        assertThat(tab.evaluate("document.querySelector('.gitops-compare__content').textContent")
                        .asText())
                .contains("A promotion now");

        tab.fill("#gitops-compare-from", "dev")
                .until("document.querySelector('.gitops-compare th:nth-child(2)')?.textContent === 'dev'");
        tab.resize(400, 900).screenshot(SCREENSHOTS.resolve("deployments-compare-400.png"));
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);
        Accessibility.assertEnlargedInForcedColours(tab, ".gitops-deployments");
        tab.press(Tab.Key.ESCAPE).until("!document.querySelector('.gitops-compare').open");
        tab.until("document.activeElement.dataset.verb === 'compare'");

        tab.reach(".gitops-calendar summary").press(Tab.Key.ENTER);
        tab.until("document.querySelector('.gitops-calendar .gitops-empty, .gitops-calendar [data-kind]')");
        assertThat(Accessibility.violations(tab, ".gitops-calendar")).isEmpty();
        assertThat(tab.complaints()).isEmpty();
    }
}
