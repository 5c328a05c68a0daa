package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The secret text that signs what the webhook is sent. */
public final class WebhookCredentials {

    private static final CredentialsMatcher FITTING = CredentialsMatchers.instanceOf(StringCredentials.class);

    private WebhookCredentials() {}

    /**
     * The configured secret; empty where none is configured.
     *
     * @throws CredentialsException if the configured one is gone: nothing shall be sent without the signature
     */
    @NonNull
    public static Optional<Secret> secret() {
        String id = GitOpsConfiguration.get().getWebhookCredentialsId();
        if (id == null) {
            return Optional.empty();
        }
        if (CredentialLookup.in(null).find(id, List.of()) instanceof StringCredentials found) {
            return Optional.of(found.getSecret());
        }
        throw new CredentialsException("The webhook's credentials '" + id
                + "' are not a secret text that Jenkins has: choose others under Manage Jenkins » System » GitOps"
                + " Promotion.");
    }

    /** What the drop-down offers; to whoever may not configure Jenkins, only the current value. */
    @NonNull
    static ListBoxModel choices(@CheckForNull String current) {
        return CredentialChoices.of(null, current, List.of(), FITTING);
    }

    @NonNull
    static FormValidation check(@CheckForNull String chosen) {
        return CredentialChoices.check(null, chosen, List.of());
    }
}
