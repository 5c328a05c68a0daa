package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the form of a registry checks and offers. */
final class RegistryForms {

    private static final Pattern HOST = Pattern.compile("[a-z0-9*][a-z0-9*.-]*(?::\\d{1,5})?");

    private static final CredentialsMatcher PASSWORDS =
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class);
    private static final CredentialsMatcher AWS = CredentialsMatchers.instanceOf(AmazonWebServicesCredentials.class);

    private RegistryForms() {}

    @NonNull
    static FormValidation host(@CheckForNull String value) {
        String host = normal(value);
        if (host.isEmpty()) {
            return FormValidation.error(Messages.RegistryForms_hostMissing());
        }
        if (!HOST.matcher(host).matches()) {
            return FormValidation.error(Messages.RegistryForms_hostInvalid());
        }
        return host.contains("*") && !RegistryOpening.isEcr(host)
                ? FormValidation.error(Messages.RegistryForms_hostStars())
                : FormValidation.ok();
    }

    @NonNull
    static FormValidation role(@CheckForNull String value, @CheckForNull String host) {
        String role = Util.fixEmptyAndTrim(value);
        if (role == null) {
            return FormValidation.ok();
        }
        if (!RegistryOpening.isEcr(normal(host))) {
            return FormValidation.error(Messages.RegistryForms_roleOnlyEcr());
        }
        return Forms.role(role);
    }

    /** What the drop-down offers; to whoever may not configure, only the current value. */
    @NonNull
    static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current, @CheckForNull String host) {
        String name = normal(host);
        return CredentialChoices.of(
                item, current, RegistryOpening.requirements(name), RegistryOpening.isEcr(name) ? AWS : PASSWORDS);
    }

    @NonNull
    static FormValidation checkCredentials(
            @CheckForNull Item item, @CheckForNull String credentialsId, @CheckForNull String host) {
        return CredentialChoices.check(item, credentialsId, RegistryOpening.requirements(normal(host)));
    }

    private static String normal(@CheckForNull String host) {
        return Util.fixNull(host).trim().toLowerCase(Locale.ROOT);
    }
}
