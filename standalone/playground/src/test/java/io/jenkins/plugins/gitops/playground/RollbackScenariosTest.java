package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Taking releases back, with the config repository's log as evidence. */
class RollbackScenariosTest {

    private static final Duration SYNC = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMinutes(3);

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture().whereEverybodyApproves();

    @Test
    void aFailedValidationTakesProdBack() throws Exception {
        succeed(PlaygroundFixture.end(playground.start("full-flow", "main")));

        Ended ended = PlaygroundFixture.end(playground.start("full-flow", "main", Map.of("FAIL", "validation")));

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        List<Commit> commits = toProd();
        assertThat(commits).hasSize(3);
        assertThat(commits.get(2).trailer("GitOps-Rolls-Back"))
                .containsExactly(commits.get(1).id());
        assertThat(commits.get(2).trailer("GitOps-Image"))
                .isEqualTo(commits.get(0).trailer("GitOps-Image"));
    }

    @Test
    void withoutAnEarlierReleaseNothingIsRolledBack() throws Exception {
        Ended ended = playground.runSteps(rollback("prod", "why not"));

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains("shop/prod");
        assertThat(playground.commits()).isEqualTo(1);
    }

    /** Measured by the step itself, from the decision on: what ends it is the sync, not Argo CD's next poll. */
    @Test
    void aRollbackEndsWithItsSyncAndNotWithArgoCdsPoll() throws Exception {
        succeed(playground.runSteps(deploy("v2.0.0")));
        succeed(playground.runSteps(deploy("v2.1.0")));
        playground.cluster().setPace(new SimulatedArgoCd.Pace(SYNC, Duration.ofMillis(30), POLL));

        Ended ended = playground.runSteps("script { def back = " + rollback("staging", "too slow")
                + "\necho \"took ${back.durationMillis} ms\" }");

        succeed(ended);
        playground.awaitHealth("shop/staging", "Healthy");
        assertThat(took(ended)).isBetween(SYNC, POLL.dividedBy(2));
    }

    private static Duration took(Ended ended) {
        Matcher line = Pattern.compile("took (\\d+) ms").matcher(ended.log());
        assertThat(line.find()).as(ended.log()).isTrue();
        return Duration.ofMillis(Long.parseLong(line.group(1)));
    }

    private static String deploy(String tag) {
        return "gitopsBumpImage application: 'shop', environment: 'staging', images: [api: '" + tag
                + "']\ngitopsAwaitSync application: 'shop', environment: 'staging'";
    }

    private static String rollback(String environment, String reason) {
        return "gitopsRollback(application: 'shop', environment: '" + environment + "', reason: '" + reason + "')";
    }

    private List<Commit> toProd() {
        return new ConfigLog(playground.repository()).to("prod");
    }

    private static void succeed(Ended ended) {
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
    }
}
