package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs docs/examples to their end, and reads with the git command line what they left in the config repository: one
 * commit for each change of an environment, nothing but image lines in it, every trailer there.
 */
class ExamplesTest {

    private static final List<String> EVERY_COMMIT =
            List.of("GitOps-Application", "GitOps-Environment", "GitOps-Image", "GitOps-Run", "GitOps-Bump-Id");

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture().whereEverybodyApproves();

    @Test
    void oneServiceGoesFromDevToProd() throws Exception {
        List<Commit> commits = run("one-service", "main");

        assertThat(commits)
                .map(Commit::environments)
                .containsExactly(List.of("dev"), List.of("staging"), List.of("prod"));
        assertThat(commits)
                .map(Commit::files)
                .containsExactly(
                        List.of("envs/dev/kustomization.yaml"),
                        List.of("envs/staging/kustomization.yaml"),
                        List.of("envs/prod/kustomization.yaml"));
        String tag = commits.get(0).trailer("GitOps-Source-Commit").get(0);
        assertThat(commits.get(0).changedLines())
                .containsExactly(
                        "-  newTag: \"20240501\"     # looks like a number, so it is quoted",
                        "+  newTag: \"" + tag + "\"     # looks like a number, so it is quoted");
        assertThat(commits.get(1).changedLines())
                .containsExactly(
                        "-    -   newTag: v1.8.2   # {\"$imagepolicy\": \"flux-system:shop-api:tag\"}",
                        "+    -   newTag: " + tag + "   # {\"$imagepolicy\": \"flux-system:shop-api:tag\"}");
        assertThat(commits.get(2).changedLines())
                .containsExactly("-    newTag: v1.8.1\r", "+    newTag: " + tag + "\r");
        assertThat(commits.get(2).trailer("GitOps-Approved-By"))
                .singleElement()
                .asString()
                .contains("rita");
    }

    @Test
    void branchesDecideWhereAReleaseGoes() throws Exception {
        List<Commit> develop = run("branch-flow", "develop");
        assertThat(develop).map(Commit::environments).containsExactly(List.of("dev", "staging"));
        assertThat(develop.get(0).files())
                .containsExactly("envs/dev/kustomization.yaml", "envs/staging/kustomization.yaml");
        assertThat(develop.get(0).changedLines()).hasSize(8);

        List<Commit> both = run("branch-flow", "main");
        assertThat(both).map(Commit::environments).containsExactly(List.of("dev", "staging"), List.of("prod"));
        assertThat(both.get(1).changedLines()).hasSize(4);
        assertThat(both.get(1).trailer("GitOps-Image"))
                .isEqualTo(both.get(0).trailer("GitOps-Image"))
                .hasSize(2);
    }

    @Test
    void theFullFlowPassesTwoGates() throws Exception {
        List<Commit> commits = run("full-flow", "main");

        assertThat(commits)
                .map(Commit::environments)
                .containsExactly(List.of("dev"), List.of("staging"), List.of("prod"));
        assertThat(commits)
                .allSatisfy(commit -> assertThat(commit.changedLines()).hasSize(4));
        assertThat(commits.get(1).trailer("GitOps-Approved-By"))
                .singleElement()
                .asString()
                .contains("quentin");
        assertThat(commits.get(2).trailer("GitOps-Approved-By"))
                .singleElement()
                .asString()
                .contains("paula");
    }

    @Test
    void aTagTakesItsCommitToStagingAndProd() throws Exception {
        declare("tagged-release");

        assertThat(run("tagged-release", "main")).map(Commit::environments).containsExactly(List.of("dev"));
        List<Commit> commits = run("tagged-release", "v1.0.0");

        assertThat(commits)
                .map(Commit::environments)
                .containsExactly(List.of("dev"), List.of("staging"), List.of("prod"));
        assertThat(commits.get(2).trailer("GitOps-Image"))
                .contains(commits.get(0).trailer("GitOps-Image").get(0));
        assertThat(commits.get(2).trailer("GitOps-Approved-By")).hasSize(1);
    }

    @Test
    void aVersionThatWasHealthyBeforeGoesWhereAParameterSays() throws Exception {
        declare("deploy-version");
        for (String environment : List.of("dev", "staging", "prod")) {
            run("deploy-version", "main", Map.of("ENVIRONMENT", environment, "VERSION", "v1.9.0"));
        }

        Ended ended = PlaygroundFixture.end(
                playground.start("deploy-version", "main", Map.of("ENVIRONMENT", "prod", "VERSION", "v6.6.6")));

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("shop/prod takes only what was live and healthy in staging, and api v6.6.6");
        assertThat(new ConfigLog(playground.repository()).to("prod"))
                .singleElement()
                .satisfies(commit ->
                        assertThat(commit.trailer("GitOps-Image").get(0)).endsWith(":v1.9.0"));
    }

    @Test
    void aHotfixGoesStraightToProdAndSaysWhy() throws Exception {
        declare("hotfix");

        List<Commit> commits = run("hotfix", "main");

        assertThat(commits).map(Commit::environments).containsExactly(List.of("prod"), List.of("dev"));
        assertThat(commits.get(0).trailer("GitOps-Hotfix")).containsExactly("checkout fails for everybody");
        assertThat(commits.get(0).trailer("GitOps-Review-Until")).hasSize(1);
        assertThat(commits.get(0).trailer("GitOps-Approved-By")).hasSize(1);
    }

    @Test
    void anEmergencyStopRefusesABumpUntilItIsUnlocked() throws Exception {
        PlaygroundRun run = playground.start("emergency-stop", "main");
        Ended ended = PlaygroundFixture.end(run);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .containsPattern(
                        "Refused: shop/dev is locked by \\S+: the database moves, until 20\\S+Z; wait, or have it"
                                + " unlocked");
        assertThat(new ConfigLog(playground.repository()).to("dev")).hasSize(1);
    }

    @Test
    void aReleaseThatIsHealthyAndFailsItsVerificationGoesBackByItself() throws Exception {
        playground.playground().world().prepare("verified");

        PlaygroundRun run = playground.start("verified", "main");
        Ended ended = PlaygroundFixture.end(run);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .contains("Verified: shop/dev: health passed: status 200 with \"status\":\"UP\" for 5 s; alerts passed:"
                        + " no alert for 10 s.")
                .contains("Taken back: Not verified: shop/dev: health failed: status 500 instead of 200.");
        List<Commit> dev = new ConfigLog(playground.repository()).to("dev");
        assertThat(dev).hasSize(3);
        assertThat(dev.get(2).trailer("GitOps-Image"))
                .containsAll(dev.get(0).trailer("GitOps-Image"))
                .doesNotContainAnyElementsOf(dev.get(1).trailer("GitOps-Image"));
        assertThat(dev.get(2).trailer("GitOps-Reason"))
                .containsExactly("automatic: health failed: status 500 instead of 200");
        assertThat(Duration.between(dev.get(1).at(), dev.get(2).at())).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void codeConfigurationAndInfrastructureEachRunTheirOwnPipelineOnly() throws Exception {
        assertThat(separated()).as("nothing was built before").containsExactly("docker", "kustomize", "terraform");

        playground.playground().runs().push("main", "services/api/main.go", "package main\n");
        assertThat(separated()).containsExactly("docker");

        playground.playground().runs().push("main", "k8s/settings.yaml", "replicas: 3\n");
        assertThat(separated()).containsExactly("kustomize");

        playground.playground().runs().push("main", "terraform/main.tf", "# one more node\n");
        assertThat(separated()).containsExactly("terraform");

        assertThat(separated()).as("nothing has changed").isEmpty();
    }

    /** The tools that a run of the example has called. */
    private Set<String> separated() throws Exception {
        Ended ended = PlaygroundFixture.end(playground.start("separated", "main"));
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        return Pattern.compile("(?m)^\\[simulated] (\\w+) ")
                .matcher(ended.log())
                .results()
                .map(called -> called.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void declare(String example) throws Exception {
        String declaration = Files.readString(SourceTree.find().examples().resolve(example + "/gitops.yaml"));
        playground.declare(sample -> declaration);
    }

    private List<Commit> run(String example, String branch) throws Exception {
        return run(example, branch, Map.of());
    }

    private List<Commit> run(String example, String branch, Map<String, Object> parameters) throws Exception {
        PlaygroundRun run = playground.start(example, branch, parameters);
        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        List<Commit> commits = new ConfigLog(playground.repository())
                .commits().stream()
                        .filter(commit -> !commit.files().equals(List.of("gitops.yaml")))
                        .toList();
        assertThat(commits)
                .allSatisfy(commit -> assertThat(EVERY_COMMIT)
                        .allSatisfy(
                                key -> assertThat(commit.trailer(key)).as(key).isNotEmpty()));
        assertThat(commits).allSatisfy(ExamplesTest::assertOnlyImageLines);
        return commits;
    }

    private static void assertOnlyImageLines(Commit commit) {
        assertThat(commit.changedLines()).allSatisfy(line -> assertThat(line).containsIgnoringCase("tag"));
    }
}
