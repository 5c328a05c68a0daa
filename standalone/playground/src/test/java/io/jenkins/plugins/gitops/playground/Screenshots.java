package io.jenkins.plugins.gitops.playground;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.playground.browser.Chromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes the pictures of the documentation: {@code Screenshots <folder>}. The gate and the flow are those of a playground
 * in which one release has reached prod and the next one waits; the overview has made-up answers.
 */
public final class Screenshots {

    private static final String PROD = "[data-application='shop'] [data-environment='prod']";

    private final Path folder;
    private final Chromium browser;
    private final PlaygroundFixture playground;

    private Screenshots(Path folder, Chromium browser, PlaygroundFixture playground) {
        this.folder = folder;
        this.browser = browser;
        this.playground = playground;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        Path scratch = Files.createTempDirectory("screenshots");
        Chromium browser = Chromium.start().orElseThrow(() -> new IOException("There is no Chromium on the PATH"));
        PlaygroundFixture playground = new PlaygroundFixture(scratch);
        int status = 1;
        try {
            new Screenshots(folder, browser, playground).make();
            status = 0;
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
        }
        playground.close();
        browser.close();
        // The stand-in for Jenkins keeps a timer.
        System.exit(status);
    }

    private void make() throws Exception {
        playground.playground().world().addYear();
        deployOneRelease();
        PlaygroundRun waiting = playground.start("one-service", "main");
        JsonNode gate = playground.openGate("shop/prod");
        playground.decide(gate, "tick", "rita", Map.of("item", "Rollback plan documented"));
        String address = playground.playground().url();

        Tab tab = as("rita", 1280);
        tab.visit(address + waiting.getUrl()).until("document.querySelector('[data-verb=approve]:enabled')");
        // What stands above it comes later, and would move it.
        tab.until("document.querySelector(\"[data-target='billing/prod']\")");
        tab.screenshot(folder.resolve("gate.png"), ".gitops-gates");
        tab.close();

        tab = as("rita", 1280);
        tab.visit(address + "job/one-service/gitops/").until("document.querySelector(\"" + PROD + "\")");
        tab.until("document.querySelector('.gitops-flow__gate')");
        tab.screenshot(folder.resolve("flow.png"), ".gitops-deployments");
        tab.click("[data-from='staging'] [data-verb=compare]")
                .until("document.querySelector('.gitops-compare .gitops-requirement')");
        tab.evaluate("document.querySelector('.gitops-compare').style.maxHeight = 'none'");
        tab.screenshot(folder.resolve("compare.png"), ".gitops-compare");
        tab.close();

        tab = as("rita", 1280);
        tab.visit(address + "gitops-deployments/figures?application=shop")
                .until("document.querySelectorAll(\".gitops-figures rect\").length > 100");
        tab.screenshot(folder.resolve("figures.png"), "[data-environment='prod']");
        tab.close();

        overview();
        waiting.abort();
        PlaygroundFixture.end(waiting);
    }

    private void deployOneRelease() throws Exception {
        Approver people = new Approver(playground.playground().gates());
        try {
            PlaygroundFixture.end(playground.start("one-service", "main"));
        } finally {
            people.close();
        }
    }

    private Tab as(String person, int width) {
        Tab tab = browser.open();
        tab.resize(width, 900).visit(playground.playground().url());
        tab.evaluate("document.cookie = 'playground-user=" + person + "; path=/'");
        return tab;
    }

    private void overview() throws IOException {
        Tab tab = as("rita", 1280);
        try (InputStream answers = Screenshots.class.getResourceAsStream("page/large.js")) {
            tab.before(new String(answers.readAllBytes(), StandardCharsets.UTF_8) + "large(16, 5);");
        }
        tab.visit(playground.playground().url() + "gitops-deployments/").until("document.querySelector('tbody tr')");
        tab.screenshot(folder.resolve("overview.png"), ".gitops-deployments");
        tab.close();
    }
}
