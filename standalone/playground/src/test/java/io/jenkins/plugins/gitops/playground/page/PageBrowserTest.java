package io.jenkins.plugins.gitops.playground.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.SourceTree;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.run.Runs;
import io.jenkins.plugins.gitops.playground.sample.SourceCode;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(InChromium.class)
class PageBrowserTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    private Path folder;

    private final SamplePage sample = new SamplePage();
    private PageServer server;

    @BeforeEach
    void open() throws Exception {
        SourceTree tree = SourceTree.find();
        Runs runs = new Runs(
                new StandIn(),
                new SourceCode(tree.root(), folder.resolve("source")),
                folder,
                tree.tools(),
                OutputStream.nullOutputStream());
        server = sample.serve(tree, runs);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"light,1280", "dark,1280", "light,400", "dark,400"})
    void everythingFitsIntoTheWindow(String scheme, int width, Tab tab) {
        tab.resize(width, 900).prefer(scheme).visit(server.url());
        tab.until("document.querySelector('[data-target=\"shop/prod\"]')");

        tab.screenshot(SCREENSHOTS.resolve("page-" + scheme + "-" + width + ".png"));

        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void whatComesFromGitIsShownAsText(Tab tab) {
        tab.visit(server.url());
        tab.until("document.querySelector('#commits li')");

        assertThat(tab.evaluate("document.getElementById('commits').textContent")
                        .asText())
                .contains("<script>alert(1)</script>");
        assertThat(tab.evaluate("document.querySelectorAll('#commits script, article b').length")
                        .asInt())
                .isZero();
    }
}
