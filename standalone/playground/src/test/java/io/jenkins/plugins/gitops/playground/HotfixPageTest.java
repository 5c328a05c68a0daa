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

/** The review of a hotfix on the Deployments page, in a browser, with the keyboard. */
@ExtendWith(InChromium.class)
class HotfixPageTest {

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
    void aHotfixIsConfirmedBySomebodyWhoNeitherStartedNorApprovedIt(Tab tab) throws Exception {
        playground.visit(tab, "job/hotfix/gitops/", AfterHotfix.PROD + " [data-review]");
        AfterHotfix.ask(tab, AfterHotfix.PROD + " [data-verb=review]").type("Looked at the change: it is fine");
        assertThat(Accessibility.violations(tab, "dialog")).isEmpty();
        tab.screenshot(SCREENSHOTS.resolve("deployments-review.png"));
        AfterHotfix.send(tab);

        tab.until("document.querySelector('[data-order=DONE]')")
                .until("!document.querySelector(\"" + AfterHotfix.PROD + " [data-review]\")");
        assertThat(tab.evaluate("document.querySelector(\"" + AfterHotfix.PROD + "\").textContent")
                        .asText())
                .contains("otto")
                .contains("Looked at the change: it is fine");
        assertThat(tab.complaints()).isEmpty();
    }
}
