package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.nio.file.Files;
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
    private static final String PROD = "[data-application='shop'] [data-environment='prod']";

    @TempDir
    private static Path folder;

    private static PlaygroundFixture playground;

    @BeforeAll
    static void open() throws Exception {
        playground = new PlaygroundFixture(folder);
        String declaration = Files.readString(SourceTree.find().examples().resolve("hotfix/gitops.yaml"));
        playground.declare(sample -> declaration);
        Approver people = new Approver(playground.playground().gates());
        try {
            PlaygroundFixture.Ended ended = PlaygroundFixture.end(playground.start("hotfix", "main"));
            assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        } finally {
            people.close();
        }
    }

    @AfterAll
    static void close() throws Exception {
        playground.close();
    }

    @Test
    void stoppingAllPromotionsOnThePageOfAllJobsAsksOnceMore(Tab tab) throws Exception {
        visit(tab, "gitops-deployments/", "[data-verb=stop]");
        ask(tab, "[data-verb=stop]").type("incident 7");
        assertThat(Accessibility.violations(tab, "dialog")).isEmpty();
        send(tab);
        tab.until("document.querySelector('dialog').textContent.includes('Press the button again to confirm')");
        assertThat(tab.evaluate("document.querySelectorAll('[data-lock]').length")
                        .asInt())
                .isZero();
        tab.screenshot(SCREENSHOTS.resolve("deployments-stop.png"));
        send(tab);

        tab.until("!document.querySelector('dialog').open")
                .until("document.querySelector(\"" + PROD + " [data-lock]\")");
        assertThat(tab.evaluate("document.querySelector(\"" + PROD + " [data-lock]\").textContent")
                        .asText())
                .contains("*/* is locked by otto: incident 7");

        ask(tab, PROD + " [data-verb=unlock]").type("it is over");
        send(tab);
        tab.until("!document.querySelector('[data-lock]')");
        assertThat(tab.complaints()).allMatch(of -> of.contains("status of 422"));
    }

    private static void visit(Tab tab, String page, String selector) throws Exception {
        String address = playground.playground().url() + page;
        tab.visit(address).evaluate("document.cookie = 'playground-user=otto; path=/'");
        tab.visit(address).resize(1280, 900).until("document.querySelector(\"" + selector + "\")");
    }

    private static Tab ask(Tab tab, String button) throws Exception {
        return tab.reach(button).press(Tab.Key.ENTER).until("document.querySelector('dialog').open");
    }

    private static void send(Tab tab) throws Exception {
        tab.reach("dialog [data-verb=send]").press(Tab.Key.ENTER);
    }
}
