package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Which credentials open an Argo CD connection. */
final class ArgoCdCredentials {

    private static final CredentialsMatcher TOKENS = CredentialsMatchers.instanceOf(StringCredentials.class);

    private static final CredentialsMatcher FOR_KUBERNETES = CredentialsMatchers.anyOf(
            TOKENS,
            CredentialsMatchers.instanceOf(FileCredentials.class),
            CredentialsMatchers.instanceOf(AmazonWebServicesCredentials.class));

    private ArgoCdCredentials() {}

    /** What the drop-down offers; to whoever may not configure, only the current value. */
    @NonNull
    static ListBoxModel choices(
            @CheckForNull Item item,
            @CheckForNull String current,
            @CheckForNull String url,
            @NonNull ArgoCdConnection.Kind kind) {
        return CredentialChoices.of(item, current, at(url), fitting(kind));
    }

    private static CredentialsMatcher fitting(ArgoCdConnection.Kind kind) {
        return switch (kind) {
            case KUBERNETES -> FOR_KUBERNETES;
            case SERVER -> TOKENS;
        };
    }

    @NonNull
    static FormValidation check(@CheckForNull Item item, @CheckForNull String credentialsId, @CheckForNull String url) {
        return CredentialChoices.check(item, credentialsId, at(url));
    }

    @NonNull
    static List<DomainRequirement> at(@CheckForNull String url) {
        return URIRequirementBuilder.fromUri(url).build();
    }
}
