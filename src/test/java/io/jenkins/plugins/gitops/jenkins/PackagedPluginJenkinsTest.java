package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller in a process of its own, which loads the plugin as Jenkins does: each plugin with its class loader. */
class PackagedPluginJenkinsTest {

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension();

    private Shop shop;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        shop = new Shop(folder);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void ofTwoSnakeyamlEnginesTheNewerIsUsed() throws Throwable {
        String place = controller.then(jenkins -> placeOf("org.snakeyaml.engine.v2.api.LoadSettings"));

        assertThat(place).contains("/snakeyaml-engine-api/", "/snakeyaml-engine-3.");
    }

    @Test
    void aRunOutlivesTheDeathOfItsControllerAtTheGateAndPromotesOnce() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(
                PackagedPluginJenkinsTest::startPipeline,
                shop.url(),
                shop.argoCd().url());
        assertThat(shop.tag("dev")).isEqualTo("1.1.0");

        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(PackagedPluginJenkinsTest::approveAndWait);

        assertThat(shop.tag("prod")).isEqualTo("1.1.0");
        assertThat(shop.commits()).isEqualTo(2);
    }

    private static String placeOf(String name) throws ClassNotFoundException {
        ClassLoader plugin = Jenkins.get().getPluginManager().getPlugin("gitops-promotion").classLoader;
        return plugin.loadClass(name)
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
    }

    private static void startPipeline(JenkinsRule jenkins, String repository, String cluster) throws Throwable {
        Shop.configure(repository, cluster);
        WorkflowRun run = Shop.pipeline(jenkins.jenkins, "shop", Shop.TO_PROD)
                .scheduleBuild2(0)
                .waitForStart();
        GateClient.waitFor(jenkins, run);
    }

    private static void approveAndWait(JenkinsRule jenkins) throws Throwable {
        People.letIn(jenkins);
        WorkflowRun run =
                jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
        assertThat(GateClient.waitFor(jenkins, run).postWithToken(People.APPROVER, "approve"))
                .isEqualTo(200);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }
}
