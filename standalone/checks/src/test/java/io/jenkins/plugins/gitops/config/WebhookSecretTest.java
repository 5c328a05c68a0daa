package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSecretTest {

    @TempDir
    private Path home;

    @BeforeEach
    void jenkins() {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withSystemCredential(new Token("hook", CredentialsScope.SYSTEM))
                .withCredential(new PrivateKey("key", "no text", ""));
    }

    @Test
    void theSecretIsReadWhenItIsNeeded() {
        GitOpsConfiguration.get().setWebhookCredentialsId(" hook ");

        assertThat(GitOpsConfiguration.get().webhookSecret())
                .hasValueSatisfying(secret -> assertThat(secret.getPlainText()).isEqualTo("s3cret"));
    }

    @Test
    void withoutCredentialsThereIsNone() {
        GitOpsConfiguration.get().setWebhookCredentialsId("");

        assertThat(GitOpsConfiguration.get().webhookSecret()).isEmpty();
    }

    @Test
    void nothingIsSentUnsignedBecauseTheCredentialsAreGone() {
        for (String unusable : new String[] {"gone", "key"}) {
            GitOpsConfiguration.get().setWebhookCredentialsId(unusable);

            assertThatThrownBy(() -> GitOpsConfiguration.get().webhookSecret())
                    .isInstanceOf(CredentialsException.class)
                    .hasMessageContaining("'" + unusable + "' are not a secret text");
        }
    }

    @Test
    void theFormOffersSecretTextsAndSaysWhatIsGone() {
        assertThat(GitOpsConfiguration.get().doFillWebhookCredentialsIdItems("").stream()
                        .map(option -> option.value))
                .containsExactly("", "hook");
        assertThat(GitOpsConfiguration.get().doCheckWebhookCredentialsId("gone").kind)
                .isEqualTo(FormValidation.Kind.ERROR);
        assertThat(GitOpsConfiguration.get().doCheckWebhookCredentialsId("hook").kind)
                .isEqualTo(FormValidation.Kind.OK);
    }
}
