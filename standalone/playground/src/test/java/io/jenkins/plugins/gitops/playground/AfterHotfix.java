package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;

/** A playground in which the example of a hotfix has run, as otto sees its Deployments pages, with the keyboard. */
final class AfterHotfix {

    static final String PROD = "[data-application='shop'] [data-environment='prod']";

    private final PlaygroundFixture playground;

    AfterHotfix(Path folder) throws Exception {
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

    void close() throws Exception {
        playground.close();
    }

    /** @param selector of what the page shows when it is ready */
    void visit(Tab tab, String page, String selector) throws Exception {
        String address = playground.playground().url() + page;
        tab.visit(address).evaluate("document.cookie = 'playground-user=otto; path=/'");
        tab.visit(address).resize(1280, 900).until("document.querySelector(\"" + selector + "\")");
    }

    /** Presses a button that asks why. */
    static Tab ask(Tab tab, String button) throws Exception {
        return tab.reach(button).press(Tab.Key.ENTER).until("document.querySelector('dialog').open");
    }

    static void send(Tab tab) throws Exception {
        tab.reach("dialog [data-verb=send]").press(Tab.Key.ENTER);
    }
}
