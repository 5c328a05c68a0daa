package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A way to see the Applications of one Argo CD: through its cluster's Kubernetes API, or through its own API server. */
public class ArgoCdConnection implements Describable<ArgoCdConnection>, Serializable {

    private static final long serialVersionUID = 1L;

    /** Where Argo CD keeps its Applications unless told otherwise. */
    public static final String DEFAULT_NAMESPACE = "argocd";

    /** Who is asked. */
    public enum Kind {
        /** The Kubernetes API of the cluster Argo CD runs in: its watch costs least. */
        KUBERNETES,
        /** Argo CD's own API server, with an account's token. */
        SERVER
    }

    private final String name;
    private final Kind kind;
    private String url;
    private String namespace = DEFAULT_NAMESPACE;
    private String credentialsId;
    private String caCertificate;
    private String uiUrl;
    private String eksCluster;
    private String eksRegion;
    private String eksRole;

    /** @param name what {@code gitops.yaml} and steps call it */
    @DataBoundConstructor
    public ArgoCdConnection(String name, @CheckForNull Kind kind) {
        this.name = Util.fixNull(name).trim();
        this.kind = kind == null ? Kind.KUBERNETES : kind;
    }

    public String getName() {
        return name;
    }

    public Kind getKind() {
        return kind;
    }

    /** Address of the Kubernetes API or of Argo CD's server; null for the cluster the credentials or the pod name. */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    /** Kubernetes namespace of the Application resources. */
    public String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@CheckForNull String namespace) {
        String given = Util.fixEmptyAndTrim(namespace);
        this.namespace = given == null ? DEFAULT_NAMESPACE : given;
    }

    /** A token as secret text, and for Kubernetes a kubeconfig as file or AWS credentials for EKS; null for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Certificates in PEM that vouch for the server, besides those the JVM trusts; null for none. */
    @CheckForNull
    public String getCaCertificate() {
        return caCertificate;
    }

    @DataBoundSetter
    public void setCaCertificate(@CheckForNull String caCertificate) {
        this.caCertificate = Util.fixEmptyAndTrim(caCertificate);
    }

    /** Address of Argo CD's web UI, for links; null for none. */
    @CheckForNull
    public String getUiUrl() {
        return uiUrl;
    }

    @DataBoundSetter
    public void setUiUrl(@CheckForNull String uiUrl) {
        this.uiUrl = Util.fixEmptyAndTrim(uiUrl);
    }

    /** Name of the EKS cluster whose tokens are signed with the AWS credentials; null when it is not EKS. */
    @CheckForNull
    public String getEksCluster() {
        return eksCluster;
    }

    @DataBoundSetter
    public void setEksCluster(@CheckForNull String eksCluster) {
        this.eksCluster = Util.fixEmptyAndTrim(eksCluster);
    }

    @CheckForNull
    public String getEksRegion() {
        return eksRegion;
    }

    @DataBoundSetter
    public void setEksRegion(@CheckForNull String eksRegion) {
        this.eksRegion = Util.fixEmptyAndTrim(eksRegion);
    }

    /** ARN of an IAM role to assume first; null for none. */
    @CheckForNull
    public String getEksRole() {
        return eksRole;
    }

    @DataBoundSetter
    public void setEksRole(@CheckForNull String eksRole) {
        this.eksRole = Util.fixEmptyAndTrim(eksRole);
    }

    /** The form of one connection. */
    @Extension
    public static class DescriptorImpl extends Descriptor<ArgoCdConnection> {

        private static final CredentialsMatcher TOKENS = CredentialsMatchers.instanceOf(StringCredentials.class);
        private static final CredentialsMatcher FOR_KUBERNETES = CredentialsMatchers.anyOf(
                TOKENS,
                CredentialsMatchers.instanceOf(FileCredentials.class),
                CredentialsMatchers.instanceOf(AmazonWebServicesCredentials.class));

        @Override
        public String getDisplayName() {
            return Messages.ArgoCdConnection_displayName();
        }

        @POST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.name(value);
        }

        @POST
        public FormValidation doCheckUrl(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String kind,
                @QueryParameter String eksCluster) {
            Forms.checkMayConfigure(item);
            // A new form's drop-down is still empty when the address is first checked: its first choice holds.
            boolean optional = kind(kind) == Kind.KUBERNETES && Util.fixEmptyAndTrim(eksCluster) == null;
            return optional && Util.fixEmptyAndTrim(value) == null ? FormValidation.ok() : Forms.serverUrl(value);
        }

        @POST
        public FormValidation doCheckCaCertificate(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.certificates(value);
        }

        @POST
        public FormValidation doCheckUiUrl(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Util.fixEmptyAndTrim(value) == null ? FormValidation.ok() : Forms.serverUrl(value);
        }

        @POST
        public FormValidation doCheckEksRegion(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String eksCluster) {
            Forms.checkMayConfigure(item);
            return Util.fixEmptyAndTrim(eksCluster) != null && Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.error(Messages.ArgoCdConnection_regionMissing())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckEksRole(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.role(value);
        }

        /** Lists the Applications with the settings of the form, and says how many there are. */
        @POST
        public FormValidation doTestConnection(
                @AncestorInPath Item item,
                @QueryParameter String name,
                @QueryParameter String kind,
                @QueryParameter String url,
                @QueryParameter String namespace,
                @QueryParameter String credentialsId,
                @QueryParameter String caCertificate,
                @QueryParameter String eksCluster,
                @QueryParameter String eksRegion,
                @QueryParameter String eksRole) {
            Forms.checkMayConfigure(item);
            ArgoCdConnection tried = new ArgoCdConnection(name, kind(kind));
            tried.setUrl(url);
            tried.setNamespace(namespace);
            tried.setCredentialsId(credentialsId);
            tried.setCaCertificate(caCertificate);
            tried.setEksCluster(eksCluster);
            tried.setEksRegion(eksRegion);
            tried.setEksRole(eksRole);
            return ConnectionTest.USUAL.of(tried, item);
        }

        /** No secret: a user who only reads the form sees it, too. */
        @POST
        public ListBoxModel doFillKindItems() {
            ListBoxModel kinds = new ListBoxModel();
            kinds.add(Messages.ArgoCdConnection_kubernetes(), Kind.KUBERNETES.name());
            kinds.add(Messages.ArgoCdConnection_server(), Kind.SERVER.name());
            return kinds;
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String url) {
            return CredentialChoices.checkKeptFromJobs(item, value, CredentialLookup.at(url));
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item,
                @QueryParameter String credentialsId,
                @QueryParameter String url,
                @QueryParameter String kind) {
            return CredentialChoices.of(
                    item, credentialsId, CredentialLookup.at(url), kind(kind) == Kind.SERVER ? TOKENS : FOR_KUBERNETES);
        }

        private static Kind kind(String chosen) {
            return Kind.SERVER.name().equals(chosen) ? Kind.SERVER : Kind.KUBERNETES;
        }
    }
}
