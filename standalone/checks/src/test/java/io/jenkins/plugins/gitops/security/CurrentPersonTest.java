package io.jenkins.plugins.gitops.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import hudson.tasks.Mailer;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.Authentication;

class CurrentPersonTest {

    private static final Authentication DORA = StandIn.user("dora", List.of("qa"));

    @TempDir
    private Path home;

    private StandIn jenkins;
    private Run<?, ?> run;
    private Authentication before;

    @BeforeEach
    void begin() throws Exception {
        jenkins = new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withUser(DORA)
                .withAccess((who, permission, where) -> permission.name.equals("Approve"));
        run = Pipelines.run("shop");
        before = jenkins.become(DORA);
    }

    @AfterEach
    void end() {
        jenkins.become(before);
    }

    @Test
    void thePersonHasTheGroupsAndPermissionsOfThisMoment() {
        Person person = CurrentPerson.at(run);

        assertThat(person.id()).isEqualTo("dora");
        assertThat(person.groups()).containsExactly("qa");
        assertThat(person.permissions()).containsExactly(Person.Permission.APPROVE);
    }

    @Test
    void theMailAddressIsTheOneThatTheMailerPluginKnows() {
        jenkins.withPlugin("mailer");
        assertThat(CurrentPerson.at(run).email()).as("none entered").isNull();

        jenkins.withUserProperty("dora", new Mailer.UserProperty(" dora@example.org "));

        assertThat(CurrentPerson.at(run).email()).isEqualTo("dora@example.org");
    }

    @Test
    void withoutTheMailerPluginThereIsNoAddress() {
        jenkins.withUserProperty("dora", new Mailer.UserProperty("dora@example.org"));

        assertThat(CurrentPerson.at(run).email()).isNull();
    }
}
