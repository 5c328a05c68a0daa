package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookCredentialsTest {

    @TempDir
    private Path home;

    @BeforeEach
    void jenkins() {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withCredential(new Token("hook"))
                .withCredential(new PrivateKey("key", "no text", ""));
    }

    @Test
    void theSecretIsReadWhenItIsNeeded() {
        GitOpsConfiguration.get().setWebhookCredentialsId(" hook ");

        assertThat(WebhookCredentials.secret())
                .hasValueSatisfying(secret -> assertThat(secret.getPlainText()).isEqualTo("s3cret"));
    }

    @Test
    void withoutCredentialsThereIsNone() {
        GitOpsConfiguration.get().setWebhookCredentialsId("");

        assertThat(WebhookCredentials.secret()).isEmpty();
    }

    @Test
    void nothingIsSentUnsignedBecauseTheCredentialsAreGone() {
        for (String unusable : new String[] {"gone", "key"}) {
            GitOpsConfiguration.get().setWebhookCredentialsId(unusable);

            assertThatThrownBy(WebhookCredentials::secret)
                    .isInstanceOf(CredentialsException.class)
                    .hasMessageContaining("'" + unusable + "' are not a secret text");
        }
    }

    @Test
    void theFormOffersSecretTextsAndSaysWhatIsGone() {
        assertThat(WebhookCredentials.choices("").stream().map(option -> option.value))
                .containsExactly("", "hook");
        assertThat(WebhookCredentials.check("gone").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(WebhookCredentials.check("hook").kind).isEqualTo(FormValidation.Kind.OK);
    }
}
