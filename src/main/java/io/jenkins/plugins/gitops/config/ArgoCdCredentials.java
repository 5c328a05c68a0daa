package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Which credentials open an Argo CD connection. */
final class ArgoCdCredentials {

    private static final CredentialsMatcher FITTING = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(FileCredentials.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
            CredentialsMatchers.instanceOf(AmazonWebServicesCredentials.class));

    private ArgoCdCredentials() {}

    /** What the drop-down offers; to whoever may not configure, only the current value. */
    @NonNull
    static ListBoxModel choices(@CheckForNull Item item, @CheckForNull String current, @CheckForNull String url) {
        StandardListBoxModel choices = new StandardListBoxModel();
        String value = Util.fixNull(current);
        if (!Forms.mayConfigure(item)) {
            return choices.includeCurrentValue(value);
        }
        choices.includeEmptyValue();
        List<DomainRequirement> at = URIRequirementBuilder.fromUri(url).build();
        if (item == null) {
            choices.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), StandardCredentials.class, at, FITTING);
        } else {
            choices.includeMatchingAs(ACL.SYSTEM2, item, StandardCredentials.class, at, FITTING);
        }
        return choices.includeCurrentValue(value);
    }
}
