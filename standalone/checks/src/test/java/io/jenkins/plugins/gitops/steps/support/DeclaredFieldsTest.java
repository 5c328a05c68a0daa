package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.Authentication;

/** What the forms of steps offer and say with a {@code gitops.yaml} on a real Git server. */
class DeclaredFieldsTest {

    private static final Authentication DEVELOPER = StandIn.user("developer", List.of());
    private static final Authentication READER = StandIn.user("reader", List.of());

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              dev: { kustomization: dev/kustomization.yaml }
              prod: { after: dev, kustomization: prod/kustomization.yaml }
          billing:
            images: { api: ghcr.io/acme/billing-api }
            versions: { redis: { chart: oci://ghcr.io/acme/charts/redis } }
            environments:
              test:
                kustomization: test/kustomization.yaml
                fields: [{ file: Chart.yaml, path: redis.version, is: { chart: redis } }]
        """;

    @TempDir
    private Path temp;

    private final PromoteStep.DescriptorImpl form = new PromoteStep.DescriptorImpl();
    private GitHttpServer server;
    private Item job;
    private Authentication before;

    @BeforeEach
    void start() throws Exception {
        StandIn jenkins = new StandIn()
                .install()
                .withRootDir(temp.resolve("home").toFile())
                .withAccess((who, permission, where) ->
                        who.equals(DEVELOPER) && Item.CONFIGURE.equals(permission) || Item.READ.equals(permission))
                .withExtension(new GitOpsServices());
        server = new GitHttpServer(Files.createDirectories(temp.resolve("served")));
        Path bare = server.create("config.git");
        Path work = Files.createDirectories(temp.resolve("work"));
        TestGit.run(work, "init", "--quiet", "--initial-branch=main");
        Files.writeString(work.resolve("gitops.yaml"), DECLARATION);
        TestGit.run(work, "add", "--all");
        TestGit.run(work, "commit", "--quiet", "--message=Start");
        TestGit.run(work, "push", "--quiet", bare.toString(), "main");
        GitOpsConfiguration.get()
                .setRepositories(List.of(
                        new ConfiguredRepository("config", server.url("config.git")),
                        new ConfiguredRepository("gone", server.url("gone.git"))));
        job = Pipelines.run("shop").getParent();
        before = jenkins.become(DEVELOPER);
    }

    @AfterEach
    void stop() throws Exception {
        StandIn.current().become(before);
        GitOpsServices.terminate();
        server.close();
    }

    @Test
    void theFormOffersWhatIsDeclared() {
        assertThat(form.doFillRepositoryItems(job)).containsExactly("config", "gone");
        assertThat(form.doFillApplicationItems(job, "config")).containsExactly("shop", "billing");
        assertThat(form.doFillEnvironmentItems(job, "shop", "config")).containsExactly("dev", "prod");
        assertThat(form.doFillFromItems(job, "billing", "config")).containsExactly("test");
        assertThat(form.doFillEnvironmentItems(job, "", "config")).isEmpty();
    }

    @Test
    void aNameThatIsNotDeclaredIsSaidAsItIsTyped() {
        assertThat(form.doCheckApplication(job, "shop", "config").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckApplication(job, "shopp", "config").getMessage())
                .isEqualTo("gitops.yaml does not declare &#039;shopp&#039;; it declares shop, billing.");
        assertThat(form.doCheckApplication(job, "", "config").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckEnvironments(job, "dev\nprod", "shop", "config").kind)
                .isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckEnvironments(job, "dev\ntest", "shop", "config").kind)
                .isEqualTo(FormValidation.Kind.WARNING);
        BumpImageStep.DescriptorImpl bump = new BumpImageStep.DescriptorImpl();
        assertThat(bump.doCheckImages(job, "api=1.4.2", "shop", "config").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(bump.doCheckImages(job, "web=1.4.2", "shop", "config").getMessage())
                .isEqualTo("gitops.yaml does not declare &#039;web&#039;; it declares api.");
        assertThat(bump.doCheckVersions(job, "redis=19.1.0", "billing", "config").kind)
                .isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckVersions(job, "redi=19.1.0", "billing", "config").getMessage())
                .isEqualTo("gitops.yaml does not declare &#039;redi&#039;; it declares redis.");
        assertThat(bump.doCheckVersions(job, "redis=^19", "billing", "config").getMessage())
                .isEqualTo("&#039;^19&#039; is a range of versions: release one version of the chart, for example"
                        + " 19.1.0.");
        assertThat(form.doCheckEnvironment(job, "test", "shop", "config").kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(form.doCheckEnvironment(job, " ", "shop", "config").kind).isEqualTo(FormValidation.Kind.ERROR);
    }

    @Test
    void aFormComesUpWhereNothingCanBeRead() {
        assertThat(form.doFillApplicationItems(job, "gone")).isEmpty();
        assertThat(form.doFillApplicationItems(job, ""))
                .as("two are configured")
                .isEmpty();
        assertThat(form.doFillEnvironmentItems(job, "shop", "gone")).isEmpty();
        assertThat(form.doCheckApplication(job, "anything", "gone").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckEnvironments(job, "anything", "shop", "gone").kind)
                .isEqualTo(FormValidation.Kind.OK);
    }

    @Test
    void whoMayNotConfigureTheJobLearnsNothing() {
        StandIn.current().become(READER);

        assertThat(form.doFillRepositoryItems(job)).isEmpty();
        assertThat(form.doFillApplicationItems(job, "config")).isEmpty();
        assertThat(form.doFillEnvironmentItems(job, "shop", "config")).isEmpty();
        assertThat(form.doCheckApplication(job, "shopp", "config").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckEnvironments(job, "x", "shop", "config").kind).isEqualTo(FormValidation.Kind.OK);
    }
}
