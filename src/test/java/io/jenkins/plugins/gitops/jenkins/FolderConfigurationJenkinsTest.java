package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredDefaults;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsFolderProperty;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class FolderConfigurationJenkinsTest {

    private static final String BUMP = "gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'";

    @TempDir
    private Path folder;

    @Test
    void aJobBumpsTheRepositoryOfItsFolderAndAJobOutsideDoesNotKnowIt(JenkinsRule jenkins) throws Exception {
        try (Shop shop = new Shop(folder)) {
            Folder acme = jenkins.jenkins.createProject(Folder.class, "acme");
            Folder team = acme.createProject(Folder.class, "team");
            acme.addProperty(property(shop.url()));
            WorkflowJob inside = Shop.pipeline(team, "inside", BUMP);
            WorkflowJob outside = Shop.pipeline(jenkins.jenkins, "outside", BUMP);

            jenkins.buildAndAssertSuccess(inside);
            WorkflowRun refused = jenkins.assertBuildStatus(hudson.model.Result.FAILURE, outside.scheduleBuild2(0));

            assertThat(shop.tag("dev")).isEqualTo("1.1.0");
            assertThat(shop.commits()).isEqualTo(1);
            jenkins.assertLogContains("No config repository is configured in Jenkins", refused);
        }
    }

    @Test
    void theFoldersFormKeepsWhatIsConfigured(JenkinsRule jenkins) throws Exception {
        Folder acme = jenkins.jenkins.createProject(Folder.class, "acme");
        GitOpsFolderProperty property = property("https://git.example.com/acme/config.git");
        ArgoCdConnection connection = new ArgoCdConnection("prod", ArgoCdConnection.Kind.SERVER);
        connection.setUrl("https://argocd.example.com");
        property.setArgoCdConnections(List.of(connection));
        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setAuthorName("Shop team");
        property.setDefaults(defaults);
        acme.addProperty(property);

        jenkins.configRoundtrip(acme);

        assertThat(jenkins.createWebClient()
                        .getPage(acme, "configure")
                        .getByXPath("//*[contains(@class, 'jenkins-section__title')][normalize-space() = 'GitOps"
                                + " Promotion']"))
                .as("its own heading, below those of other properties")
                .hasSize(1);
        GitOpsFolderProperty kept = acme.getProperties().get(GitOpsFolderProperty.class);
        assertThat(kept.getRepositories()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(
                property.getRepositories().get(0), kept.getRepositories().get(0));
        assertThat(kept.getArgoCdConnections()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(
                connection, kept.getArgoCdConnections().get(0));
        jenkins.assertEqualDataBoundBeans(defaults, kept.getDefaults());
    }

    @Test
    void aFolderThatConfiguresNothingKeepsNoProperty(JenkinsRule jenkins) throws Exception {
        Folder acme = jenkins.jenkins.createProject(Folder.class, "acme");

        jenkins.configRoundtrip(acme);

        assertThat(acme.getProperties().get(GitOpsFolderProperty.class)).isNull();
    }

    @Test
    void whatAFolderConfiguresIsThereAfterItIsReadAgain(JenkinsRule jenkins) throws Exception {
        Folder acme = jenkins.jenkins.createProject(Folder.class, "acme");
        acme.addProperty(property("https://git.example.com/acme/config.git"));

        acme.doReload();

        assertThat(jenkins.jenkins
                        .getItemByFullName("acme", Folder.class)
                        .getProperties()
                        .get(GitOpsFolderProperty.class)
                        .getRepositories())
                .extracting(ConfiguredRepository::getUrl)
                .containsExactly("https://git.example.com/acme/config.git");
        assertThat(GitOpsConfiguration.get().getRepositories()).isEmpty();
    }

    /** A reader of the folder may not try addresses and credentials there; its administrator may. */
    @Test
    void onlyWhoMayConfigureTheFolderGetsAnAnswerFromItsForm(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins.createProject(Folder.class, "acme");
        People.letIn(jenkins);
        String endpoint = "job/acme/descriptorByName/" + ConfiguredRepository.class.getName() + "/checkUrl";

        assertThat(status(jenkins, People.READER, endpoint)).isEqualTo(403);
        assertThat(status(jenkins, People.APPROVER, endpoint)).isEqualTo(403);
        assertThat(status(jenkins, People.ADMINISTRATOR, endpoint)).isEqualTo(200);
    }

    private static int status(JenkinsRule jenkins, String person, String endpoint) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)
                .withBasicCredentials(person)) {
            WebRequest request = new WebRequest(new URL(jenkins.getURL(), endpoint), HttpMethod.POST);
            request.setRequestParameters(List.of(new NameValuePair("value", "https://git.example.com/config.git")));
            client.addCrumb(request);
            return client.getPage(request).getWebResponse().getStatusCode();
        }
    }

    private static GitOpsFolderProperty property(String url) {
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setRepositories(List.of(new ConfiguredRepository("config", url)));
        return property;
    }
}
