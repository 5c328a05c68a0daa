package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.access.AccessDeniedException;

/** What <i>Test connection</i> says of a repository that it can read. */
@Timeout(180)
class TestedRepositoryTest {

    /** A busy machine takes longer than a person waits. */
    private static final ConnectionTest UNHURRIED = new ConnectionTest(Duration.ofSeconds(50));

    @TempDir
    private Path folder;

    private GitHttpServer server;
    private ConfiguredRepository repository;

    @BeforeEach
    void start() throws Exception {
        new StandIn()
                .install()
                .withRootDir(folder.resolve("home").toFile())
                .withExtension(new GitOpsServices())
                .withSystemCredential(new Token("system", CredentialsScope.SYSTEM))
                .withCredential(new Token("global"));
        server = new GitHttpServer(Files.createDirectories(folder.resolve("git")));
        Path work = Files.createDirectories(folder.resolve("work"));
        TestGit.run(work, "init", "-q", "-b", "main");
        Files.writeString(work.resolve("gitops.yaml"), """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/shop-api }
                environments: { dev: { kustomization: dev/kustomization.yaml } }
            """);
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        TestGit.run(work, "push", "-q", server.create("config.git").toString(), "main", "main:refs/pull/7/head");
        server.require("x-access-token", "s3cret");
        repository = new ConfiguredRepository("config", server.url("config.git"));
        repository.setCredentialsId("system");
        repository.setSigningKeyId("signer");
    }

    @AfterEach
    void stop() throws Exception {
        GitOpsServices.terminate();
        server.close();
    }

    @Test
    void aRepositoryThatLacksNothingIsFine() {
        FormValidation answer = test();

        assertThat(answer.kind).isEqualTo(Kind.OK);
        assertThat(answer.getMessage()).startsWith("Connected. main is at ").endsWith(" and declares: shop.");
    }

    @Test
    void theOverviewSaysOfEverySavedRepositoryWhatItLacks() {
        ConfiguredRepository unsigned = new ConfiguredRepository("un<signed", server.url("config.git"));
        unsigned.setCredentialsId("system");

        FormValidation lacking = UNHURRIED.guards(List.of(repository, unsigned), false);
        assertThat(lacking.kind).isEqualTo(Kind.WARNING);
        assertThat(lacking.renderHtml())
                .contains("Steps may name config repositories that are not configured here")
                .containsSubsequence(
                        "<p>config</p>", "declares: shop.", "<p>un&lt;signed</p>", "Commits are not signed");

        assertThat(UNHURRIED.guards(List.of(repository), true).kind).isEqualTo(Kind.OK);
        assertThat(UNHURRIED.guards(List.of(), true).getMessage()).contains("No config repository is saved here");
    }

    @Test
    void theOverviewIsForAdministrators() {
        StandIn.current().withAccess((who, permission, where) -> permission != Jenkins.ADMINISTER);
        ACLContext reader = ACL.as2(StandIn.user("reader", List.of()));
        try {
            assertThatThrownBy(() -> GitOpsConfiguration.get().doGuards()).isInstanceOf(AccessDeniedException.class);
        } finally {
            reader.close();
        }
    }

    @Test
    void unsignedCommitsAreAWarning() {
        repository.setSigningKeyId(null);

        FormValidation answer = test();
        assertThat(answer.kind).as(answer.getMessage()).isEqualTo(Kind.WARNING);
        assertThat(answer.getMessage()).contains("declares: shop. Commits are not signed: choose a signing key");

        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setSigningKeyId("signer");
        GitOpsConfiguration.get().setDefaults(defaults);
        assertThat(test().kind).isEqualTo(Kind.OK);
    }

    @Test
    void credentialsThatJobsCanBindAreAWarning() throws Exception {
        repository.setCredentialsId("global");
        assertThat(test().getMessage()).contains("Every job can bind these credentials: give them the scope System.");

        Folder team = new Folder(Jenkins.get(), "team");
        StandIn.current().withCredential(team, new Token("teams"));
        repository.setCredentialsId("teams");
        assertThat(UNHURRIED.of(repository, team).getMessage())
                .contains("Every job in this folder can bind these credentials");
    }

    /** The store of a folder gives its jobs what it has, whatever the scope. */
    @Test
    void theFormsWarnOfCredentialsThatJobsCanBind() throws Exception {
        Folder team = new Folder(Jenkins.get(), "team");
        StandIn.current().withCredential(team, new Token("teams", CredentialsScope.SYSTEM));
        var repositories = new ConfiguredRepository.DescriptorImpl();
        var connections = new ArgoCdConnection.DescriptorImpl();
        var configuration = GitOpsConfiguration.get();

        assertThat(repositories.doCheckCredentialsId(null, "system", "").kind).isEqualTo(Kind.OK);
        assertThat(connections.doCheckCredentialsId(null, "system", "").kind).isEqualTo(Kind.OK);
        assertThat(configuration.doCheckWebhookCredentialsId("system").kind).isEqualTo(Kind.OK);

        assertThat(repositories.doCheckCredentialsId(null, "global", "").kind).isEqualTo(Kind.WARNING);
        assertThat(connections.doCheckCredentialsId(null, "global", "").kind).isEqualTo(Kind.WARNING);
        assertThat(configuration.doCheckWebhookCredentialsId("global").getMessage())
                .contains("Every job can bind these credentials");
        assertThat(repositories.doCheckCredentialsId(team, "teams", "").getMessage())
                .contains("Every job in this folder can bind these credentials");
    }

    @Test
    void missingCredentialsAndRefsAreErrors() {
        repository.setCredentialsId("gone");
        assertThat(test().kind).isEqualTo(Kind.ERROR);
        assertThat(test().getMessage()).contains("There are no credentials &#039;gone&#039;");

        repository.setCredentialsId("system");
        repository.setBranch("refs/pull/7/head");
        assertThat(test().kind).isEqualTo(Kind.ERROR);
        assertThat(test().getMessage()).contains("is not the name of a branch");
    }

    private FormValidation test() {
        return UNHURRIED.of(repository, null);
    }

    private static final class Folder extends AbstractFolder<TopLevelItem> {
        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }
}
