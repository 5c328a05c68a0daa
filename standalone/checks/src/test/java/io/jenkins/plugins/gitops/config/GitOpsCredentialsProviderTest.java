package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;

/** Whom the store of a folder gives its credentials to: the folder's own configuration, and nobody else. */
@SuppressWarnings("try")
class GitOpsCredentialsProviderTest {

    private static final Authentication OWNER = StandIn.user("owner", List.of());
    private static final Authentication AUTHOR = StandIn.user("author", List.of());

    private final StandIn jenkins = new StandIn();
    private Folder team;
    private CredentialsStore store;

    @BeforeEach
    void jenkins() {
        jenkins.install().withAccess((who, permission, where) -> who.equals(OWNER));
        team = new Folder(Jenkins.get(), "team");
        store = Objects.requireNonNull(new GitOpsCredentialsProvider().getStore(team));
    }

    @Test
    void theFoldersConfigurationFindsThemAndNoJobInIt() throws Exception {
        add(new Token("config-bot"));
        Folder inner = new Folder(team, "inner");
        Run<?, ?> run = Pipelines.run(team, "shop");

        assertThat(CredentialLookup.in(team).find("config-bot", List.of())).isNotNull();

        assertThat(CredentialLookup.in(run.getParent()).find("config-bot", List.of()))
                .isNull();
        assertThat(CredentialLookup.of(run).find("config-bot", List.of())).isNull();
        assertThat(CredentialLookup.in(inner).find("config-bot", List.of()))
                .as("who configures a folder inside may send them elsewhere")
                .isNull();
        assertThat(CredentialLookup.in(null).find("config-bot", List.of())).isNull();
    }

    @Test
    void lookupsOfTheCredentialsPluginFindNone() throws Exception {
        add(new Token("config-bot"));

        assertThat(new GitOpsCredentialsProvider()
                        .getCredentialsInItemGroup(StandardCredentials.class, team, ACL.SYSTEM2, List.of()))
                .isEmpty();
    }

    @Test
    void formsOfTheFolderOfferThemWithoutAWarning() throws Exception {
        add(new Token("config-bot"));

        try (ACLContext ignored = ACL.as2(OWNER)) {
            assertThat(CredentialChoices.of(team, null, List.of(), any -> true))
                    .extracting(option -> option.value)
                    .containsExactly("", "config-bot");
            assertThat(CredentialChoices.checkKeptFromJobs(team, "config-bot", List.of()).kind)
                    .isEqualTo(FormValidation.Kind.OK);
        }
        try (ACLContext ignored = ACL.as2(AUTHOR)) {
            assertThat(CredentialChoices.of(team, null, List.of(), any -> true))
                    .extracting(option -> option.value)
                    .doesNotContain("config-bot");
        }
    }

    @Test
    void credentialsThatTheFolderGivesItsJobsAreStillWarnedOf() {
        jenkins.withCredential(team, new Token("of-jobs"));

        try (ACLContext ignored = ACL.as2(OWNER)) {
            assertThat(CredentialChoices.checkKeptFromJobs(team, "of-jobs", List.of()))
                    .hasMessageContaining("store GitOps Promotion");
        }
    }

    @Test
    void whoMayManageCredentialsThereAddsChangesAndRemovesThem() throws Exception {
        StandardCredentials first = new Token("config-bot");
        StandardCredentials second = new Token("config-bot");
        StandardCredentials other = new Token("other");

        try (ACLContext ignored = ACL.as2(OWNER)) {
            assertThat(store.addCredentials(Domain.global(), first)).isTrue();
            assertThat(store.addCredentials(Domain.global(), second))
                    .as("the same ID again")
                    .isFalse();
            assertThat(store.updateCredentials(Domain.global(), first, second)).isTrue();
            assertThatThrownBy(() -> store.updateCredentials(Domain.global(), second, other))
                    .hasMessageContaining("ID of credentials cannot be changed");
            assertThat(store.getCredentials(Domain.global())).containsExactly(second);
            assertThat(store.updateCredentials(Domain.global(), other, other)).isFalse();
            assertThat(store.removeCredentials(Domain.global(), first)).isTrue();
            assertThat(store.removeCredentials(Domain.global(), first)).isFalse();
            assertThat(store.getCredentials(Domain.global())).isEmpty();
        }
    }

    @Test
    void othersNeitherSeeNorChangeThem() throws Exception {
        StandardCredentials bot = new Token("config-bot");
        add(bot);

        try (ACLContext ignored = ACL.as2(AUTHOR)) {
            assertThat(store.getCredentials(Domain.global())).isEmpty();
            Stream.<ThrowingCallable>of(
                            () -> store.addCredentials(Domain.global(), new Token("mine")),
                            () -> store.updateCredentials(Domain.global(), bot, bot),
                            () -> store.removeCredentials(Domain.global(), bot))
                    .forEach(change -> assertThatThrownBy(change).hasMessageContaining("is missing the Credentials"));
        }
        assertThat(CredentialLookup.in(team).find("config-bot", List.of())).isSameAs(bot);
    }

    @Test
    void theFoldersFormLeavesThemAsTheyAre() throws Exception {
        add(new Token("config-bot"));
        team.addProperty(new GitOpsFolderProperty());
        GitOpsCredentialsProvider.Held held = team.getProperties().get(GitOpsCredentialsProvider.Held.class);

        assertThat(held.reconfigure(null, null)).isSameAs(held);
        assertThat(new GitOpsCredentialsProvider.Held.DescriptorImpl().newInstance(null, null))
                .isNull();
    }

    @Test
    void aJobHasNoStore() throws Exception {
        assertThat(new GitOpsCredentialsProvider()
                        .getStore(Pipelines.run("shop").getParent()))
                .isNull();
        assertThat(new GitOpsCredentialsProvider().getStore(Jenkins.get())).isNull();
        assertThat(store.getStoreAction().getStore()).isSameAs(store);
        assertThat(CredentialsProvider.GROUP).isNotNull();
    }

    private void add(Credentials credentials) throws Exception {
        try (ACLContext ignored = ACL.as2(OWNER)) {
            assertThat(store.addCredentials(Domain.global(), credentials)).isTrue();
        }
    }

    private static final class Folder extends AbstractFolder<TopLevelItem> {
        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }
}
