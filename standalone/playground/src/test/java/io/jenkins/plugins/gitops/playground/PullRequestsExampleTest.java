package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.world.PullRequestServer.View;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/examples/pull-requests: reviewed and merged, and closed by a person, at the simulated server's page. */
@ExtendWith(InChromium.class)
class PullRequestsExampleTest {

    @RegisterExtension
    private static final PlaygroundFixture PLAYGROUND = new PlaygroundFixture();

    @Test
    void aReviewOpensTheGateAndThePluginMerges(Tab tab) throws Exception {
        PLAYGROUND.playground().world().prepare("pull-requests");
        PlaygroundRun run = PLAYGROUND.start("pull-requests", "main");
        View open = opened(1);
        assertThat(open.head()).startsWith("gitops/shop/prod/");
        assertThat(open.labels()).containsExactly("gitops");
        assertThat(open.reviewers()).containsExactly("octo-rita");

        String page = PLAYGROUND.playground().url() + "pulls/";
        tab.visit(page).until("document.querySelector('[data-pull] [data-verb=approve]')");
        assertThat(tab.evaluate("document.body.textContent").asText()).contains("Simulated here:", open.title());
        assertThat(Accessibility.violations(tab, "main")).isEmpty();
        tab.evaluate("document.cookie = 'playground-user=rita; path=/'; true");
        tab.click("[data-pull] [data-verb=approve]");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        View merged = pulls().get(0);
        assertThat(merged.state()).isEqualTo("merged");
        assertThat(merged.reviews()).containsEntry("octo-rita", "approved");
        assertThat(merged.statuses()).containsEntry("gitops/gate", "success: All requirements are met");
        assertThat(PLAYGROUND.repository().run("log", "-1", "--format=%(trailers)", "main", "--", "envs/prod"))
                .contains("GitOps-Approved-By: rita");
        assertThat(PLAYGROUND.repository().run("log", "--format=%B", "refs/notes/gitops"))
                .contains("GitOps-Pull-Request: " + page + "1", "GitOps-Reviewed-By: octo-rita");
        assertThat(tab.complaints()).isEmpty();

        PlaygroundRun rejected = PLAYGROUND.startSteps("""
            gitopsBumpImage application: 'shop', environment: 'staging', images: [api: '2.0.0']
            gitopsAwaitSync application: 'shop', environment: 'staging'
            gitopsPromote application: 'shop', environment: 'prod'
            """);
        View second = opened(2);
        PLAYGROUND.playground().world().act(second.number(), "close", "quentin");

        Ended closed = PlaygroundFixture.end(rejected);
        assertThat(closed.log()).contains("quentin");
        assertThat(closed.result()).as(closed.log()).isNotEqualTo(RunResult.SUCCESS);
    }

    private static List<View> pulls() {
        return PLAYGROUND.playground().world().pulls();
    }

    private static View opened(int number) {
        return await("pull request " + number)
                .atMost(PlaygroundFixture.PATIENCE)
                .until(
                        () -> pulls(),
                        pulls -> pulls.size() == number
                                && pulls.get(0).statuses().containsKey("gitops/gate"))
                .get(0);
    }
}
