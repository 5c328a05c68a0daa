package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryChoiceTest {

    @TempDir
    private Path home;

    private Run<?, ?> run;

    @BeforeEach
    void jenkins() throws Exception {
        new StandIn().install().withRootDir(home.toFile()).withExtension(new GitOpsServices());
        run = Pipelines.run("shop");
    }

    @Test
    void theOnlyOneConfiguredIsMeantWhereNoneIsNamed() {
        configure(repository("config"));

        OpenedRepository opened = new RepositoryChoice(null, null, null).open(run);

        assertThat(opened.name()).isEqualTo("config");
        assertThat(opened.branch()).isEqualTo("main");
        assertThat(opened.author().name()).isEqualTo("Jenkins GitOps");
    }

    @Test
    void withoutAnyTheSentenceSaysWhereToAddOne() {
        configure();

        assertThatThrownBy(() -> new RepositoryChoice(null, null, null).open(run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Manage Jenkins » System » GitOps Promotion");
    }

    @Test
    void withSeveralTheStepMustSayWhich() {
        configure(repository("eu"), repository("us"));

        assertThatThrownBy(() -> new RepositoryChoice(null, null, null).open(run))
                .hasMessageContaining("one of eu, us");
    }

    @Test
    void anUnknownNameSuggestsTheNearest() {
        configure(repository("config"));

        assertThatThrownBy(() -> new RepositoryChoice("confg", null, null).open(run))
                .isInstanceOf(UnknownNameException.class)
                .hasMessage("There is no config repository 'confg' in Jenkins: did you mean 'config'?");
    }

    @Test
    void anAddressNeedsNoConfiguration() {
        configure();

        OpenedRepository opened =
                new RepositoryChoice("https://git.example.com/acme/config.git", "live", null).open(run);

        assertThat(opened.url()).isEqualTo("https://git.example.com/acme/config.git");
        assertThat(opened.branch()).isEqualTo("live");
    }

    @Test
    void credentialsThatTheRunMayNotUseAreNamed() {
        configure();

        assertThatThrownBy(() -> new RepositoryChoice("https://git.example.com/config.git", null, "robot").open(run))
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("no credentials 'robot'")
                .hasMessageContaining("https://git.example.com/config.git");
    }

    @Test
    void theUseOfCredentialsIsRecorded() {
        Token robot = new Token("robot");
        Token mine = new Token("mine");
        StandIn.current().withSystemCredential(robot).withCredential(mine);
        ConfiguredRepository configured = repository("config");
        configured.setCredentialsId("robot");
        configure(configured);

        new RepositoryChoice(null, null, null).open(run);
        new RepositoryChoice("https://git.example.com/mine.git", null, "mine").open(run);

        assertThat(StandIn.current().usedBy(run)).containsExactly(robot, mine);
    }

    @Test
    void theUseByAnOrderIsRecordedAndThatByAPageIsNot() {
        Token robot = new Token("robot");
        StandIn.current().withSystemCredential(robot);
        ConfiguredRepository configured = repository("config");
        configured.setCredentialsId("robot");
        configure(configured);
        Item job = run.getParent();

        new RepositoryChoice(null, null, null).open(job);
        assertThat(StandIn.current().usedBy(job)).isEmpty();

        new RepositoryChoice(null, null, null).openForOrders(job);
        assertThat(StandIn.current().usedBy(job)).containsExactly(robot);
    }

    @Test
    void aBranchThatIsConfiguredAsARefIsRefused() {
        ConfiguredRepository configured = repository("config");
        configured.setBranch("refs/pull/7/head");
        configure(configured);

        assertThatThrownBy(() -> new RepositoryChoice(null, null, null).open(run))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'refs/pull/7/head' is not the name of a branch");
    }

    private static ConfiguredRepository repository(String name) {
        return new ConfiguredRepository(name, "https://git.example.com/" + name + ".git");
    }

    private static void configure(ConfiguredRepository... repositories) {
        GitOpsConfiguration.get().setRepositories(List.of(repositories));
    }
}
