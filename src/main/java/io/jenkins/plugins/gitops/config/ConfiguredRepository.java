package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import io.jenkins.plugins.gitops.engine.git.Remote;
import java.util.function.Consumer;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A config repository that steps refer to by name. */
public class ConfiguredRepository extends CommitSettings<ConfiguredRepository> {

    private static final long serialVersionUID = 1L;

    /** The branch where none is given. */
    public static final String DEFAULT_BRANCH = "main";

    private final String name;
    private final String url;
    private String branch = DEFAULT_BRANCH;
    private String credentialsId;
    private String apiCredentialsId;
    private String knownHosts;
    private String certificateAuthority;
    private String commitSubject;
    private String commitTrailers;
    private String ticketPattern;

    /**
     * @param name what steps call it
     * @param url http(s), ssh or scp-like, without a password
     */
    @DataBoundConstructor
    public ConfiguredRepository(String name, String url) {
        this.name = Util.fixNull(name).trim();
        this.url = Util.fixNull(url).trim();
    }

    public String getName() {
        return name;
    }

    public String getUrl() {
        return url;
    }

    /** Where {@code gitops.yaml} stands, and where targets are that name no branch of their own. */
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        String given = Util.fixEmptyAndTrim(branch);
        this.branch = given == null ? DEFAULT_BRANCH : given;
    }

    /** Username and password, a token as secret text, or an SSH key; null for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** A token for pull requests, or username and password; null for {@link #getCredentialsId()}. */
    @CheckForNull
    public String getApiCredentialsId() {
        return apiCredentialsId;
    }

    @DataBoundSetter
    public void setApiCredentialsId(@CheckForNull String apiCredentialsId) {
        this.apiCredentialsId = Util.fixEmptyAndTrim(apiCredentialsId);
    }

    /** Lines of a {@code known_hosts} file; without the host's key an SSH connection is refused. */
    @CheckForNull
    public String getKnownHosts() {
        return knownHosts;
    }

    @DataBoundSetter
    public void setKnownHosts(@CheckForNull String knownHosts) {
        this.knownHosts = Util.fixEmptyAndTrim(knownHosts);
    }

    /** Certificates in PEM that alone vouch for an https server; null for those that the JVM trusts. */
    @CheckForNull
    public String getCertificateAuthority() {
        return certificateAuthority;
    }

    @DataBoundSetter
    public void setCertificateAuthority(@CheckForNull String certificateAuthority) {
        this.certificateAuthority = Util.fixEmptyAndTrim(certificateAuthority);
    }

    /** As {@link CommitTemplate#subject()}; null for the usual one. */
    @CheckForNull
    public String getCommitSubject() {
        return commitSubject;
    }

    @DataBoundSetter
    public void setCommitSubject(@CheckForNull String commitSubject) {
        this.commitSubject = Util.fixEmptyAndTrim(commitSubject);
    }

    /** One on a line, such as {@code Signed-off-by: Jenkins <jenkins@example.org>}; null for none. */
    @CheckForNull
    public String getCommitTrailers() {
        return commitTrailers;
    }

    @DataBoundSetter
    public void setCommitTrailers(@CheckForNull String commitTrailers) {
        this.commitTrailers = Util.fixEmptyAndTrim(commitTrailers);
    }

    /** A regular expression that finds {@code {ticket}} in the name of the branch that a run builds; null for the usual. */
    @CheckForNull
    public String getTicketPattern() {
        return ticketPattern;
    }

    @DataBoundSetter
    public void setTicketPattern(@CheckForNull String ticketPattern) {
        this.ticketPattern = Util.fixEmptyAndTrim(ticketPattern);
    }

    String ticketPattern() {
        return ticketPattern == null ? CommitTemplate.TICKETS : ticketPattern;
    }

    /** @throws io.jenkins.plugins.gitops.engine.git.RepositoryException if no message can be made of it */
    CommitTemplate template() {
        CommitTemplate.requireTicketPattern(ticketPattern());
        return new CommitTemplate(
                commitSubject == null ? CommitTemplate.DEFAULT.subject() : commitSubject,
                Util.fixNull(commitTrailers)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(CommitTemplate::trailer)
                        .toList());
    }

    /** @throws CredentialsException if the credentials are missing or do not fit */
    Remote remote(CredentialLookup lookup) {
        Remote remote = new Remote(url, RepositoryCredentials.login(url, credentialsId, knownHosts, lookup));
        Remote asked = RepositoryCredentials.api(url, apiCredentialsId, lookup)
                .map(remote::withApi)
                .orElse(remote);
        return certificateAuthority == null ? asked : asked.trusting(certificateAuthority);
    }

    /** The form of one repository. */
    @Extension
    public static class DescriptorImpl extends CommitSettingsDescriptor<ConfiguredRepository> {

        @Override
        public String getDisplayName() {
            return Messages.ConfiguredRepository_displayName();
        }

        @POST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.name(value);
        }

        @POST
        public FormValidation doCheckUrl(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.repositoryUrl(value);
        }

        @POST
        public FormValidation doCheckBranch(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.branch(value);
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String url) {
            return CredentialChoices.checkKeptFromJobs(item, value, CredentialLookup.at(url));
        }

        @POST
        public FormValidation doCheckApiCredentialsId(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String url) {
            return CredentialChoices.checkKeptFromJobs(item, value, CredentialLookup.at(url));
        }

        @POST
        public FormValidation doCheckCertificateAuthority(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.certificates(value);
        }

        @POST
        public FormValidation doCheckCommitSubject(@AncestorInPath Item item, @QueryParameter String value) {
            return template(item, tried -> tried.setCommitSubject(value));
        }

        @POST
        public FormValidation doCheckCommitTrailers(@AncestorInPath Item item, @QueryParameter String value) {
            return template(item, tried -> tried.setCommitTrailers(value));
        }

        @POST
        public FormValidation doCheckTicketPattern(@AncestorInPath Item item, @QueryParameter String value) {
            return template(item, tried -> tried.setTicketPattern(value));
        }

        private static FormValidation template(Item item, Consumer<ConfiguredRepository> setting) {
            Forms.checkMayConfigure(item);
            ConfiguredRepository tried = new ConfiguredRepository("", "");
            setting.accept(tried);
            try {
                tried.template();
                return FormValidation.ok();
            } catch (GitOpsException refused) {
                return FormValidation.error(refused.getMessage());
            }
        }

        /** Looks at the branch with the settings of the form, and says what is there. */
        @POST
        public FormValidation doTestConnection(
                @AncestorInPath Item item,
                @QueryParameter String url,
                @QueryParameter String branch,
                @QueryParameter String credentialsId,
                @QueryParameter String knownHosts,
                @QueryParameter String certificateAuthority,
                @QueryParameter String signingKeyId) {
            Forms.checkMayConfigure(item);
            ConfiguredRepository tried = new ConfiguredRepository("test", url);
            tried.setBranch(branch);
            tried.setCredentialsId(credentialsId);
            tried.setKnownHosts(knownHosts);
            tried.setCertificateAuthority(certificateAuthority);
            tried.setSigningKeyId(signingKeyId);
            return ConnectionTest.USUAL.of(tried, item);
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return RepositoryCredentials.choices(item, credentialsId, url);
        }

        @POST
        public ListBoxModel doFillApiCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String apiCredentialsId, @QueryParameter String url) {
            return RepositoryCredentials.apiChoices(item, apiCredentialsId, url);
        }
    }
}
