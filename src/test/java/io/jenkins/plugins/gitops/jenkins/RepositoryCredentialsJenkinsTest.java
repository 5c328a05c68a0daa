package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.Descriptor.FormException;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsCredentialsProvider;
import io.jenkins.plugins.gitops.config.GitOpsFolderProperty;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who can find the credentials that push, with the stores of a real Jenkins; {@code withCredentials} looks as here. */
@WithJenkins
class RepositoryCredentialsJenkinsTest {

    private static final String SECRET = "what-opens-the-repository";
    private static final String BUMP = "gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'";

    /** Whom a run acts for; may build, and use no credentials. */
    private static final String RUNNER = "bela";

    private JenkinsRule jenkins;
    private Shop shop;

    @BeforeEach
    void start(JenkinsRule rule, @TempDir Path folder) throws Exception {
        jenkins = rule;
        shop = new Shop(folder);
        shop.server().require("bot", SECRET);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void systemCredentialsPushForAJobThatCanNeitherFindNorListThem() throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().add(bot(CredentialsScope.SYSTEM));
        GitOpsConfiguration.get().setRepositories(List.of(repository()));
        WorkflowJob job = Shop.pipeline(jenkins.jenkins, "shop", BUMP);

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        assertThat(shop.tag("dev")).isEqualTo("1.1.0");
        assertThat(CredentialsProvider.findCredentialById("config-bot", IdCredentials.class, run, List.of()))
                .isNull();
        assertThat(CredentialsProvider.lookupCredentialsInItem(IdCredentials.class, job, ACL.SYSTEM2, List.of()))
                .isEmpty();
        jenkins.assertLogNotContains(SECRET, run);
    }

    @Test
    void aFoldersCredentialsPushForARunThatMayNotUseThem() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Computer.BUILD)
                .everywhere()
                .to(RUNNER));
        Folder team = jenkins.createProject(Folder.class, "team");
        UsernamePasswordCredentialsImpl bot = bot(CredentialsScope.GLOBAL);
        team.addProperty(new FolderCredentialsProperty(
                new DomainCredentials[] {new DomainCredentials(Domain.global(), List.of(bot))}));
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setRepositories(List.of(repository()));
        team.addProperty(property);
        WorkflowJob job = Shop.pipeline(team, "shop", BUMP);
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate(
                                "team/shop",
                                User.getOrCreateByIdOrFullName(RUNNER).impersonate2()));

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        assertThat(shop.tag("dev")).isEqualTo("1.1.0");
        assertThat(CredentialsProvider.findCredentialById("config-bot", IdCredentials.class, run, List.of()))
                .isNull();
        assertThat(CredentialsProvider.getOrCreateFingerprintOf(bot).getJobs()).containsExactly("team/shop");
        jenkins.assertLogNotContains(SECRET, run);
    }

    @Test
    void aFoldersOwnStorePushesForAJobThatCanNeitherFindNorListThem() throws Exception {
        Folder team = jenkins.createProject(Folder.class, "team");
        CredentialsStore store =
                ExtensionList.lookupSingleton(GitOpsCredentialsProvider.class).getStore(team);
        assertThat(store.addCredentials(Domain.global(), bot(CredentialsScope.GLOBAL)))
                .isTrue();
        GitOpsFolderProperty property = new GitOpsFolderProperty();
        property.setRepositories(List.of(repository()));
        team.addProperty(property);
        WorkflowJob job = Shop.pipeline(team, "shop", BUMP);
        jenkins.jenkins.reload();
        job = jenkins.jenkins.getItemByFullName("team/shop", WorkflowJob.class);

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        assertThat(shop.tag("dev")).isEqualTo("1.1.0");
        assertThat(CredentialsProvider.findCredentialById("config-bot", IdCredentials.class, run, List.of()))
                .isNull();
        for (Item asking : List.of(job, (Item) job.getParent())) {
            assertThat(CredentialsProvider.lookupCredentialsInItem(IdCredentials.class, asking, ACL.SYSTEM2, List.of()))
                    .isEmpty();
        }
        jenkins.assertLogNotContains(SECRET, run);
    }

    @Test
    void credentialsOfAStepOpenAnAddressAloneAndOnlyThoseThatTheRunMayUse() throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().add(bot(CredentialsScope.SYSTEM));
        String given = BUMP + ", credentialsId: 'config-bot'";
        WorkflowJob addressed =
                Shop.pipeline(jenkins.jenkins, "addressed", given + ", repository: '" + shop.url() + "'");

        WorkflowRun unknown = jenkins.buildAndAssertStatus(Result.FAILURE, addressed);
        GitOpsConfiguration.get().setRepositories(List.of(repository()));
        WorkflowRun configured = jenkins.buildAndAssertStatus(Result.FAILURE, addressed);

        jenkins.assertLogContains("no credentials 'config-bot'", unknown);
        jenkins.assertLogContains("remove 'credentialsId'", configured);
        assertThat(shop.commits()).isZero();
    }

    private ConfiguredRepository repository() {
        ConfiguredRepository repository = new ConfiguredRepository("config", shop.url());
        repository.setCredentialsId("config-bot");
        return repository;
    }

    private static UsernamePasswordCredentialsImpl bot(CredentialsScope scope) throws FormException {
        return new UsernamePasswordCredentialsImpl(scope, "config-bot", null, "bot", SECRET);
    }
}
