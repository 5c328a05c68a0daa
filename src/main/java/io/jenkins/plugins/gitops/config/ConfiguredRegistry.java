package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A container registry whose images are verified before they are written into a config repository. */
public class ConfiguredRegistry implements Describable<ConfiguredRegistry>, Serializable {

    private static final long serialVersionUID = 1L;
    private static final Pattern HOST = Pattern.compile("[a-z0-9*][a-z0-9*.-]*(?::\\d{1,5})?");

    private final String host;
    private String url;
    private String credentialsId;
    private String role;
    private String externalId;
    private String tokenHosts;
    private String certificateAuthority;

    /** @param host as image references write it; for Amazon ECR with {@code *} for any account */
    @DataBoundConstructor
    public ConfiguredRegistry(String host) {
        this.host = normal(host);
    }

    private static String normal(@CheckForNull String host) {
        return Util.fixNull(host).trim().toLowerCase(Locale.ROOT);
    }

    public String getHost() {
        return host;
    }

    /** Address of the registry's API; null for https at the host. */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    /** Username and password or token; for Amazon ECR AWS credentials; null for none, or for those of the controller. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** ARN of an IAM role to assume before Amazon ECR is asked; null for none. */
    @CheckForNull
    public String getRole() {
        return role;
    }

    @DataBoundSetter
    public void setRole(@CheckForNull String role) {
        this.role = Util.fixEmptyAndTrim(role);
    }

    /** What the role's trust policy asks for; null for nothing. */
    @CheckForNull
    public String getExternalId() {
        return externalId;
    }

    @DataBoundSetter
    public void setExternalId(@CheckForNull String externalId) {
        this.externalId = Util.fixEmptyAndTrim(externalId);
    }

    /**
     * Other hosts, with or without a port, whose token servers get the password when the registry names them, separated by
     * blanks or commas; null for none.
     */
    @CheckForNull
    public String getTokenHosts() {
        return tokenHosts;
    }

    @DataBoundSetter
    public void setTokenHosts(@CheckForNull String tokenHosts) {
        this.tokenHosts = Util.fixEmptyAndTrim(tokenHosts);
    }

    /** Certificates in PEM that alone vouch for the registry and its token server; null for those that the JVM trusts. */
    @CheckForNull
    public String getCertificateAuthority() {
        return certificateAuthority;
    }

    @DataBoundSetter
    public void setCertificateAuthority(@CheckForNull String certificateAuthority) {
        this.certificateAuthority = Util.fixEmptyAndTrim(certificateAuthority);
    }

    /** The form of one registry. */
    @Extension
    public static class DescriptorImpl extends Descriptor<ConfiguredRegistry> {

        @Override
        public String getDisplayName() {
            return Messages.ConfiguredRegistry_displayName();
        }

        @POST
        public FormValidation doCheckHost(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return checkedHost(value);
        }

        static FormValidation checkedHost(@CheckForNull String value) {
            String host = normal(value);
            if (host.isEmpty()) {
                return FormValidation.error(Messages.ConfiguredRegistry_hostMissing());
            }
            if (!HOST.matcher(host).matches()) {
                return FormValidation.error(Messages.ConfiguredRegistry_hostInvalid());
            }
            return host.contains("*") && !RegistryConnector.isEcr(host)
                    ? FormValidation.error(Messages.ConfiguredRegistry_hostStars())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckUrl(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Util.fixEmptyAndTrim(value) == null ? FormValidation.ok() : Forms.serverUrl(value);
        }

        @POST
        public FormValidation doCheckRole(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String host) {
            Forms.checkMayConfigure(item);
            return checkedRole(value, host);
        }

        static FormValidation checkedRole(@CheckForNull String value, @CheckForNull String host) {
            return Util.fixEmptyAndTrim(value) != null && !RegistryConnector.isEcr(normal(host))
                    ? FormValidation.error(Messages.ConfiguredRegistry_roleOnlyEcr())
                    : Forms.role(value);
        }

        @POST
        public FormValidation doCheckCertificateAuthority(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String host) {
            Forms.checkMayConfigure(item);
            return Util.fixEmptyAndTrim(value) != null && RegistryConnector.isEcr(normal(host))
                    ? FormValidation.error(Messages.ConfiguredRegistry_authorityNotEcr())
                    : Forms.certificates(value);
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String host) {
            return CredentialChoices.check(item, value, RegistryConnector.requirements(normal(host)));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String host) {
            String name = normal(host);
            return CredentialChoices.of(
                    item,
                    credentialsId,
                    RegistryConnector.requirements(name),
                    CredentialsMatchers.instanceOf(
                            RegistryConnector.isEcr(name)
                                    ? AmazonWebServicesCredentials.class
                                    : StandardUsernamePasswordCredentials.class));
        }
    }
}
