package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.util.FormValidation.Kind;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.time.InstantSource;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

class FormsTest {

    private static final Authentication ADMIN = StandIn.user("admin", List.of());
    private static final Authentication READER = StandIn.user("reader", List.of());

    private final StandIn jenkins = new StandIn();
    private Authentication before;

    @BeforeEach
    void become() {
        jenkins.install().withAccess((who, permission, where) -> who.equals(ADMIN) || permission.equals(Jenkins.READ));
        jenkins.withCredential(new Token("github"));
        before = jenkins.become(READER);
    }

    @AfterEach
    void comeBack() {
        jenkins.become(before);
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/config.git, OK",
        "git@github.com:acme/config.git, OK",
        "ssh://git@github.com/acme/config.git, OK",
        "http://git.internal/config.git, WARNING",
        "https://robot:secret@github.com/acme/config.git, ERROR",
        "file:///etc/passwd, ERROR",
        "javascript:alert(1), ERROR",
        "'', ERROR"
    })
    void anAddressIsCheckedAsItIsTyped(String url, Kind expected) {
        assertThat(Forms.repositoryUrl(url).kind).isEqualTo(expected);
    }

    @Test
    void whoMayNotConfigureGetsNoAnswerFromAForm() {
        var form = new ConfiguredRepository.DescriptorImpl();

        assertThatThrownBy(() -> form.doCheckUrl(null, "https://github.com/acme/config.git"))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(
                        () -> form.doTestConnection(null, "https://github.com/a/b.git", "main", "github", "", "", ""))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void whoMayNotConfigureSeesOnlyTheCredentialsThatAreChosenAlready() {
        assertThat(values(RepositoryCredentials.choices(null, "chosen", ""))).containsExactly("chosen");
        assertThat(values(new ArgoCdConnection.DescriptorImpl()
                        .doFillCredentialsIdItems(null, "chosen", "", "KUBERNETES")))
                .containsExactly("chosen");
    }

    /** The form checks its drop-downs also where it is only read: a refusal would stand in the middle of it. */
    @Test
    void whoOnlyReadsAFormIsToldNothingOfTheCredentials() {
        assertThat(new ConfiguredRepository.DescriptorImpl().doCheckCredentialsId(null, "no such", "").kind)
                .isEqualTo(Kind.OK);
        assertThat(SigningKeys.check(null, "no such", InstantSource.system()).kind)
                .isEqualTo(Kind.OK);
        assertThat(new ArgoCdConnection.DescriptorImpl().doFillKindItems()).hasSize(2);

        jenkins.become(ADMIN);

        assertThat(new ConfiguredRepository.DescriptorImpl().doCheckCredentialsId(null, "no such", "").kind)
                .isEqualTo(Kind.ERROR);
        assertThat(SigningKeys.check(null, "no such", InstantSource.system()).kind)
                .isEqualTo(Kind.ERROR);
    }

    @Test
    void anAdministratorChoosesAmongThoseThatFit() {
        jenkins.become(ADMIN);

        assertThat(values(RepositoryCredentials.choices(null, "", ""))).containsExactly("", "github");
    }

    @Test
    void theAddressOfAnEksClusterIsRequired() {
        jenkins.become(ADMIN);
        var form = new ArgoCdConnection.DescriptorImpl();

        assertThat(form.doCheckUrl(null, "", "KUBERNETES", "acme-eu").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckUrl(null, "", "KUBERNETES", "").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckUrl(null, "", "SERVER", "").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckEksRegion(null, "", "acme-eu").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckEksRegion(null, "", "").kind).isEqualTo(Kind.OK);
    }

    @Test
    void theFormOfANewConnectionComplainsOfNoAddress() {
        jenkins.become(ADMIN);

        assertThat(new ArgoCdConnection.DescriptorImpl().doCheckUrl(null, "", "", "").kind)
                .as("the drop-down of kinds is filled later")
                .isEqualTo(Kind.OK);
    }

    @Test
    void whatAConnectionCannotBeOpenedWithIsSaidAsItIsTyped() {
        jenkins.become(ADMIN);
        var form = new ArgoCdConnection.DescriptorImpl();

        assertThat(form.doCheckCaCertificate(null, "hello").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckCaCertificate(null, " ").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckUiUrl(null, "javascript:alert(1)").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckUiUrl(null, "https://argocd.acme.example").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckEksRole(null, "nonsense").kind).isEqualTo(Kind.ERROR);
        assertThat(form.doCheckEksRole(null, "arn:aws:iam::123456789012:role/jenkins").kind)
                .isEqualTo(Kind.OK);
    }

    @Test
    void aConnectionOffersCredentialsThatOpenIt() {
        jenkins.withCredential(new PrivateKey("ssh", "", ""));
        jenkins.become(ADMIN);
        jenkins.withCredential(new SecretFile("kubeconfig"));

        assertThat(values(new ArgoCdConnection.DescriptorImpl().doFillCredentialsIdItems(null, "", "", "KUBERNETES")))
                .containsExactly("", "github", "kubeconfig");
        assertThat(values(new ArgoCdConnection.DescriptorImpl().doFillCredentialsIdItems(null, "", "", "SERVER")))
                .containsExactly("", "github");
    }

    private static List<String> values(ListBoxModel choices) {
        return choices.stream().map(option -> option.value).toList();
    }

    @Test
    void whatMakesNoCommitMessageIsNoticedInTheForm() {
        jenkins.become(ADMIN);
        var form = new ConfiguredRepository.DescriptorImpl();

        assertThat(form.doCheckCommitSubject(null, "SHOP-42 {subject}").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckCommitSubject(null, "").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckCommitSubject(null, "{tickets}").getMessage())
                .contains("has no {tickets}; use {subject}");
        assertThat(form.doCheckTicketPattern(null, "").kind).isEqualTo(Kind.OK);
        assertThat(form.doCheckTicketPattern(null, "(").getMessage()).contains("is not a pattern of tickets");
        assertThat(form.doCheckCommitTrailers(null, "Signed-off-by: J <j@example.org>\n\nChange-Id: I1").kind)
                .isEqualTo(Kind.OK);
        assertThat(form.doCheckCommitTrailers(null, "GitOps-Approved-By: me").getMessage())
                .contains("is the plugin&#039;s own");
    }

    @Test
    void pullRequestsMayHaveCredentialsOfTheirOwn() {
        ConfiguredRepository repository = new ConfiguredRepository("config", "https://git.example.org/acme/config.git");
        CredentialLookup lookup = CredentialLookup.in(null);
        assertThat(repository.remote(lookup).api()).isEmpty();

        repository.setApiCredentialsId("github");
        assertThat(repository.remote(lookup).api()).contains(new Remote.Login.UserPassword("x-access-token", "s3cret"));

        repository.setApiCredentialsId("gone");
        assertThatThrownBy(() -> repository.remote(lookup)).hasMessageContaining("gone");
    }
}
