package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class BumpImageStepJenkinsTest {

    @TempDir
    private Path keys;

    private JenkinsRule jenkins;
    private Shop shop;

    @BeforeEach
    void start(JenkinsRule rule, @TempDir Path folder) throws Exception {
        jenkins = rule;
        shop = new Shop(folder);
        shop.configure();
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void aDeclarativePipelineBumpsTwoEnvironmentsInOneCommit() throws Exception {
        WorkflowJob job = Shop.pipeline(jenkins.jenkins, "shop", """
            pipeline {
                agent none
                stages {
                    stage('Bump') {
                        steps {
                            gitopsBumpImage application: 'shop', environments: ['dev', 'staging'], images: [api: '1.1.0']
                        }
                    }
                }
            }
            """);

        jenkins.buildAndAssertSuccess(job);

        assertThat(shop.commits()).isEqualTo(1);
        assertThat(shop.changes())
                .containsExactly(
                        "-    newTag: \"1.0.0\" # the version of the shop",
                        "+    newTag: \"1.1.0\" # the version of the shop",
                        "-    newTag: \"1.0.0\" # the version of the shop",
                        "+    newTag: \"1.1.0\" # the version of the shop");
    }

    @Test
    void aScriptedPipelineReadsTheResultInTheSandbox() throws Exception {
        WorkflowJob job = Shop.pipeline(jenkins.jenkins, "shop", """
            def first = gitopsBumpImage(application: 'shop', environment: 'dev', tag: '1.1.0')
            def again = gitopsBumpImage(application: 'shop', environment: 'dev', tag: '1.1.0')
            echo "changed ${first.changed}, then ${again.changed}: ${again.images.api}"
            """);

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("changed true, then false: ghcr.io/acme/shop-api:1.1.0", run);
        assertThat(shop.commits()).isEqualTo(1);
    }

    @Test
    void anEnvironmentThatDoesNotExistEndsTheRunWithOneSentenceAndNoCommit() throws Exception {
        WorkflowJob job = Shop.pipeline(
                jenkins.jenkins, "shop", "gitopsBumpImage application: 'shop', environment: 'devv', tag: '1.1.0'");

        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);

        jenkins.assertLogContains("ERROR: ", run);
        jenkins.assertLogContains("'dev'", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertThat(shop.commits()).isZero();
    }

    @Test
    void credentialsOfAFolderOpenAnAddressForItsJobsOnlyAndStayOutOfTheLog() throws Exception {
        shop.server().require("bot", "a-secret-of-the-folder");
        GitOpsConfiguration.get().setRepositories(List.of());
        String script = "gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0', repository: '"
                + shop.url() + "', credentialsId: 'config-bot'";
        Folder folder = jenkins.createProject(Folder.class, "team");
        UsernamePasswordCredentialsImpl bot = new UsernamePasswordCredentialsImpl(
                CredentialsScope.GLOBAL, "config-bot", null, "bot", "a-secret-of-the-folder");
        folder.addProperty(new FolderCredentialsProperty(
                new DomainCredentials[] {new DomainCredentials(Domain.global(), List.of(bot))}));
        WorkflowJob inside = Shop.pipeline(folder, "shop", script);
        WorkflowJob outside = Shop.pipeline(jenkins.jenkins, "shop", script);

        WorkflowRun refused = jenkins.buildAndAssertStatus(Result.FAILURE, outside);
        WorkflowRun run = jenkins.buildAndAssertSuccess(inside);

        jenkins.assertLogContains("no credentials 'config-bot'", refused);
        jenkins.assertLogNotContains("a-secret-of-the-folder", run);
        assertThat(shop.tag("dev")).isEqualTo("1.1.0");
        assertThat(CredentialsProvider.getOrCreateFingerprintOf(bot).getJobs()).containsExactly("team/shop");
    }

    @Test
    void aBumpIsSignedWithTheKeyOfItsRepositoryAndGitVerifiesIt() throws Exception {
        Path key = keys.resolve("signer");
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.GLOBAL,
                        "signer",
                        "git",
                        new DirectEntryPrivateKeySource(SshKeygen.key(key, "ed25519", "correct horse")),
                        "correct horse",
                        null));
        ConfiguredRepository repository = new ConfiguredRepository("config", shop.url());
        repository.setAuthorEmail("bot@acme.example");
        repository.setSigningKeyId("signer");
        GitOpsConfiguration.get().setRepositories(List.of(repository));

        WorkflowRun run = jenkins.buildAndAssertSuccess(Shop.pipeline(
                jenkins.jenkins, "shop", "gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'"));

        assertThat(shop.signature("bot@acme.example " + SshKeygen.publicHalf(key)))
                .isEqualTo("G bot@acme.example");
        jenkins.assertLogNotContains("correct horse", run);
    }

    @Test
    void aPasswordThatTheServerRefusesStaysOutOfTheLog() throws Exception {
        shop.server().require("bot", "the-right-one");
        CredentialsProvider.lookupStores(jenkins.jenkins)
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new UsernamePasswordCredentialsImpl(
                                CredentialsScope.GLOBAL, "config-bot", null, "bot", "a-wrong-secret"));
        ConfiguredRepository repository = new ConfiguredRepository("config", shop.url());
        repository.setCredentialsId("config-bot");
        GitOpsConfiguration.get().setRepositories(List.of(repository));
        WorkflowJob job = Shop.pipeline(
                jenkins.jenkins, "shop", "gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'");

        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);

        jenkins.assertLogNotContains("a-wrong-secret", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertThat(shop.commits()).isZero();
    }
}
