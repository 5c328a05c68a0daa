package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.controller.Controller;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.sample.Git;
import io.jenkins.plugins.gitops.standalone.BuiltJob;
import io.jenkins.plugins.gitops.standalone.QueueStandIn;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code gitopsAwaitSync} of an environment whose release a Jenkins job verifies. */
class VerifiedByJobTest {

    private static final String BUMP = "gitopsBumpImage application: 'shop', environment: 'dev', images: [api: '%s']\n";
    private static final String AWAIT = "gitopsAwaitSync application: 'shop', environment: 'dev'";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    private final BuiltJob e2e = new BuiltJob(Jenkins.get(), "e2e", new StringParameterDefinition("BASE", "", null));

    @BeforeEach
    void declare() throws Exception {
        StandIn.current().withItem(e2e);
        playground.declare(before -> before.replaceFirst("argocd: \\{ application: shop-dev \\}", """
            argocd: { application: shop-dev }
                    rollback: { automatic: true }
                    verify:
                      checks:
                        tests: { job: e2e, parameters: { BASE: 'https://dev.example.org' }, interval: 5s }\
            """));
    }

    private static BuiltJob.Build begin(BuiltJob job) throws Exception {
        QueueStandIn queue = StandIn.current().queue();
        await().atMost(PlaygroundFixture.PATIENCE)
                .until(() -> queue.waiting().stream().anyMatch(item -> item.task == job));
        Queue.Item item = queue.waiting().get(0);
        BuiltJob.Build build = job.newBuild();
        queue.begin(item, build);
        return build;
    }

    @Test
    void theStepWaitsForTheBuild() throws Exception {
        PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.0.0") + AWAIT);
        BuiltJob.Build build = begin(e2e);
        String link = Jenkins.get().getRootUrl() + "job/e2e/1/";
        await().atMost(PlaygroundFixture.PATIENCE)
                .until(() -> run.log().text().contains("  shop/dev tests waits: e2e #1 is running: " + link));

        build.end(Result.SUCCESS);
        Ended ended = PlaygroundFixture.end(run);

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .contains("  shop/dev tests waits: e2e waits in the build queue")
                .contains("Verified: shop/dev: tests passed: e2e #1 ended with SUCCESS: " + link);
        assertThat(e2e.builds()).hasSize(1);
    }

    @Test
    void whatTheJobFindsSpeaksAgainstTheReleaseEvenAfterARestart() throws Exception {
        PlaygroundRun good = playground.startSteps(BUMP.formatted("v2.0.0") + AWAIT);
        begin(e2e).end(Result.SUCCESS);
        assertThat(PlaygroundFixture.end(good).result()).isEqualTo(RunResult.SUCCESS);
        PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.1.0") + AWAIT);
        BuiltJob.Build build = begin(e2e);
        run.abort();
        PlaygroundFixture.end(run);

        GitOpsServices.terminate();
        try (Controller again = new Controller(
                playground.playground().world(),
                playground.folder().resolve("jenkins"),
                "http://jenkins.example.org/")) {
            again.jenkins().withItem(run.getParent()).withItem(e2e);
            ReleaseVerifications.resume();
            build.end(Result.UNSTABLE);
            await().atMost(PlaygroundFixture.PATIENCE)
                    .until(() ->
                            new ConfigLog(playground.repository()).to("dev").size() == 3);

            assertThat(again.jenkins().queue().waiting()).isEmpty();
        }
        assertThat(new ConfigLog(playground.repository()).to("dev").get(2).trailer("GitOps-Reason"))
                .containsExactly(
                        "automatic: tests failed: e2e #2 ended with UNSTABLE: http://jenkins.example.org/job/e2e/2/");
        assertThat(e2e.builds()).hasSize(2);
    }

    @Test
    void aJobOfTheClusterRunsAsItStandsInTheDeployedCommit() throws Exception {
        push("envs/dev/verify/job.yaml", """
            apiVersion: batch/v1
            kind: Job
            metadata: { namespace: shop-dev }
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{ name: migrate, image: ghcr.io/acme/migrate:1 }]
            """);
        playground.declare(before -> before.replaceFirst(
                "tests: \\{ job: e2e,.*", "migrate: { kubernetesJob: envs/dev/verify/job.yaml, interval: 5s }"));
        PlaygroundRun run = playground.startSteps(BUMP.formatted("v2.0.0") + AWAIT);
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(playground.cluster().url())
                        .build())
                .build()) {
            await().atMost(PlaygroundFixture.PATIENCE)
                    .until(() -> !jobs(client).isEmpty() && run.log().text().contains("waits for its pod"));
            Job job = jobs(client).get(0);
            client.resource(new JobBuilder(job)
                            .editOrNewStatus()
                            .addNewCondition()
                            .withType("Failed")
                            .withStatus("True")
                            .withReason("BackoffLimitExceeded")
                            .withMessage("Job has reached the specified backoff limit")
                            .endCondition()
                            .endStatus()
                            .build())
                    .update();
            Ended ended = PlaygroundFixture.end(run);

            assertThat(job.getMetadata().getNamespace()).isEqualTo("shop-dev");
            assertThat(ended.log())
                    .contains(
                            "ERROR: Not verified: shop/dev: migrate failed: Job shop-dev/"
                                    + job.getMetadata().getName()
                                    + " failed: BackoffLimitExceeded: Job has reached the specified backoff limit.",
                            "    | No pod of the Job is left whose log could be read.");
            await().atMost(PlaygroundFixture.PATIENCE).until(() -> jobs(client).isEmpty());
        }
    }

    private static List<Job> jobs(KubernetesClient client) {
        return client.batch().v1().jobs().inNamespace("shop-dev").list().getItems();
    }

    private void push(String file, String content) throws IOException {
        Path clone = playground.folder().resolve("with-file");
        new Git(playground.folder())
                .run("clone", "--quiet", playground.repository().directory().toString(), clone.toString());
        Files.createDirectories(clone.resolve(file).getParent());
        Files.writeString(clone.resolve(file), content);
        Git work = new Git(clone);
        work.run("add", file);
        work.run("commit", "--quiet", "--message=Add " + file);
        work.run("push", "--quiet", "origin", "HEAD:refs/heads/main");
    }

    @Test
    void aMissingJobIsNamed() throws Exception {
        playground.declare(before -> before.replace("job: e2e", "job: team/e2f"));

        Ended ended = playground.runSteps(BUMP.formatted("v2.0.0") + AWAIT);

        assertThat(ended.log())
                .contains("ERROR: Not verified: shop/dev: tests failed: there is no job 'team/e2f' that this run may"
                        + " build.");
    }
}
