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

/** The review of a hotfix on the Deployments page, in a browser, with the keyboard. */
@ExtendWith(InChromium.class)
class HotfixPageTest {

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
    void aHotfixIsConfirmedBySomebodyWhoNeitherStartedNorApprovedIt(Tab tab) throws Exception {
        visit(tab, "job/hotfix/gitops/", PROD + " [data-review]");
        ask(tab, PROD + " [data-verb=review]").type("Looked at the change: it is fine");
        assertThat(Accessibility.violations(tab, "dialog")).isEmpty();
        tab.screenshot(SCREENSHOTS.resolve("deployments-review.png"));
        send(tab);

        tab.until("document.querySelector('[data-order=DONE]')")
                .until("!document.querySelector(\"" + PROD + " [data-review]\")");
        assertThat(tab.evaluate("document.querySelector(\"" + PROD + "\").textContent")
                        .asText())
                .contains("otto")
                .contains("Looked at the change: it is fine");
        assertThat(tab.complaints()).isEmpty();
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
