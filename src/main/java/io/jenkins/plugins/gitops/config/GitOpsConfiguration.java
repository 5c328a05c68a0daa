package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** Manage Jenkins » System » GitOps Promotion; {@code unclassified: gitops:} in Configuration as Code. */
@Extension
@Symbol("gitops")
public class GitOpsConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    private ArrayList<ConfiguredRepository> repositories = new ArrayList<>();
    private ArrayList<ArgoCdConnection> argoCdConnections = new ArrayList<>();
    private ArrayList<ConfiguredRegistry> registries = new ArrayList<>();
    private ArrayList<PrometheusConnection> prometheusConnections = new ArrayList<>();
    private ConfiguredDefaults defaults;
    private ConfiguredImagePolicy imagePolicy;
    private ArrayList<String> allowedCheckHosts = new ArrayList<>();
    private ArrayList<String> reviewers = new ArrayList<>();
    private ArrayList<String> reviewersByEmail = new ArrayList<>();
    private boolean onlyConfiguredRepositories;
    private Secret webhookUrl;
    private String webhookCredentialsId;
    private String alertsCredentialsId;

    public static GitOpsConfiguration get() {
        return ExtensionList.lookupSingleton(GitOpsConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsConfiguration_displayName();
    }

    public synchronized List<ConfiguredRepository> getRepositories() {
        return List.copyOf(repositories);
    }

    @DataBoundSetter
    public synchronized void setRepositories(@CheckForNull List<ConfiguredRepository> repositories) {
        this.repositories = repositories == null ? new ArrayList<>() : new ArrayList<>(repositories);
        save();
    }

    public synchronized List<ArgoCdConnection> getArgoCdConnections() {
        return List.copyOf(argoCdConnections);
    }

    @DataBoundSetter
    public synchronized void setArgoCdConnections(@CheckForNull List<ArgoCdConnection> argoCdConnections) {
        this.argoCdConnections = argoCdConnections == null ? new ArrayList<>() : new ArrayList<>(argoCdConnections);
        save();
    }

    public synchronized List<ConfiguredRegistry> getRegistries() {
        return List.copyOf(registries);
    }

    @DataBoundSetter
    public synchronized void setRegistries(@CheckForNull List<ConfiguredRegistry> registries) {
        this.registries = registries == null ? new ArrayList<>() : new ArrayList<>(registries);
        save();
    }

    public synchronized List<PrometheusConnection> getPrometheusConnections() {
        return List.copyOf(prometheusConnections);
    }

    @DataBoundSetter
    public synchronized void setPrometheusConnections(@CheckForNull List<PrometheusConnection> prometheusConnections) {
        this.prometheusConnections =
                prometheusConnections == null ? new ArrayList<>() : new ArrayList<>(prometheusConnections);
        save();
    }

    /** Null for none. */
    @CheckForNull
    public synchronized ConfiguredDefaults getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public synchronized void setDefaults(@CheckForNull ConfiguredDefaults defaults) {
        this.defaults = defaults;
        save();
    }

    /** Null for the usual policy: what is in a configured registry exists, and is pinned by digest. */
    @CheckForNull
    public synchronized ConfiguredImagePolicy getImagePolicy() {
        return imagePolicy;
    }

    @DataBoundSetter
    public synchronized void setImagePolicy(@CheckForNull ConfiguredImagePolicy imagePolicy) {
        this.imagePolicy = imagePolicy;
        save();
    }

    /** Patterns of the only hosts that checks of gates may ask; empty for any but this machine and metadata services. */
    public synchronized List<String> getAllowedCheckHosts() {
        return List.copyOf(allowedCheckHosts);
    }

    @DataBoundSetter
    public synchronized void setAllowedCheckHosts(@CheckForNull List<String> allowedCheckHosts) {
        this.allowedCheckHosts = allowedCheckHosts == null ? new ArrayList<>() : new ArrayList<>(allowedCheckHosts);
        save();
    }

    /** As the form shows them, one a line. */
    public String getAllowedCheckHostsText() {
        return String.join("\n", getAllowedCheckHosts());
    }

    /** Which users of Jenkins reviewers of pull requests are, as {@link ReviewerAccounts} reads it. */
    public synchronized List<String> getReviewers() {
        // A configuration that an earlier version saved has none.
        return reviewers == null ? List.of() : List.copyOf(reviewers);
    }

    @DataBoundSetter
    public synchronized void setReviewers(@CheckForNull List<String> reviewers) {
        this.reviewers = reviewers == null ? new ArrayList<>() : new ArrayList<>(reviewers);
        save();
    }

    /** As the form shows them, one a line. */
    public String getReviewersText() {
        return String.join("\n", getReviewers());
    }

    /** Servers of pull requests whose word on a reviewer's e-mail address counts. */
    public synchronized List<String> getReviewersByEmail() {
        return reviewersByEmail == null ? List.of() : List.copyOf(reviewersByEmail);
    }

    @DataBoundSetter
    public synchronized void setReviewersByEmail(@CheckForNull List<String> servers) {
        this.reviewersByEmail = servers == null ? new ArrayList<>() : new ArrayList<>(servers);
        save();
    }

    /** As the form shows them, one a line. */
    public String getReviewersByEmailText() {
        return String.join("\n", getReviewersByEmail());
    }

    /** Whether every line is the name of a server. */
    @POST
    public FormValidation doCheckReviewersByEmail(@QueryParameter String value) {
        Forms.checkMayConfigure(null);
        return ReviewerAccounts.problemOfServers(Forms.lines(value))
                .map(FormValidation::error)
                .orElseGet(FormValidation::ok);
    }

    /** Whether every line names a server, a login and a user, and no login has two users. */
    @POST
    public FormValidation doCheckReviewers(@QueryParameter String value) {
        Forms.checkMayConfigure(null);
        return ReviewerAccounts.problem(Forms.lines(value))
                .map(FormValidation::error)
                .orElseGet(FormValidation::ok);
    }

    /** Whether steps may name no address of a config repository that no place configures. */
    public synchronized boolean isOnlyConfiguredRepositories() {
        return onlyConfiguredRepositories;
    }

    @DataBoundSetter
    public synchronized void setOnlyConfiguredRepositories(boolean onlyConfiguredRepositories) {
        this.onlyConfiguredRepositories = onlyConfiguredRepositories;
        save();
    }

    /** Where events are posted, a secret because such addresses often carry a token; null for nowhere. */
    @CheckForNull
    public synchronized Secret getWebhookUrl() {
        return webhookUrl;
    }

    @DataBoundSetter
    public synchronized void setWebhookUrl(@CheckForNull Secret webhookUrl) {
        String address = webhookUrl == null ? null : Util.fixEmptyAndTrim(webhookUrl.getPlainText());
        this.webhookUrl = address == null ? null : Secret.fromString(address);
        save();
    }

    /** A secret text that signs what is posted; null for no signature. */
    @CheckForNull
    public synchronized String getWebhookCredentialsId() {
        return webhookCredentialsId;
    }

    @DataBoundSetter
    public synchronized void setWebhookCredentialsId(@CheckForNull String webhookCredentialsId) {
        this.webhookCredentialsId = Util.fixEmptyAndTrim(webhookCredentialsId);
        save();
    }

    /**
     * What signs the events; empty where nothing is configured.
     *
     * @throws CredentialsException if the configured one is gone: nothing may be sent without the signature
     */
    public Optional<Secret> webhookSecret() {
        String id = getWebhookCredentialsId();
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

    /** What alerts must be sent with: a secret text as bearer token, or a username with a password; null to take none. */
    @CheckForNull
    public synchronized String getAlertsCredentialsId() {
        return alertsCredentialsId;
    }

    @DataBoundSetter
    public synchronized void setAlertsCredentialsId(@CheckForNull String alertsCredentialsId) {
        this.alertsCredentialsId = Util.fixEmptyAndTrim(alertsCredentialsId);
        save();
    }

    /**
     * The {@code Authorization} that alerts must be sent with; empty where none are taken.
     *
     * @throws CredentialsException if the configured credentials are gone, or of another kind
     */
    public Optional<Secret> alertsAuthorization() {
        String id = getAlertsCredentialsId();
        return id == null
                ? Optional.empty()
                : Optional.of(
                        CredentialLookup.authorization(CredentialLookup.in(null).find(id, List.of()))
                                .map(Secret::fromString)
                                .orElseThrow(() -> new CredentialsException("The credentials '" + id
                                        + "' for alerts are neither a secret text nor a username with a password that"
                                        + " Jenkins has: choose others under Manage Jenkins » System » GitOps"
                                        + " Promotion.")));
    }

    /** Whether the credentials for alerts are there. */
    @POST
    public FormValidation doCheckAlertsCredentialsId(@QueryParameter String value) {
        return CredentialChoices.checkKeptFromJobs(null, value, List.of());
    }

    /** The secret texts, and usernames with a password, that Jenkins has. */
    @POST
    public ListBoxModel doFillAlertsCredentialsIdItems(@QueryParameter String alertsCredentialsId) {
        return CredentialChoices.of(null, alertsCredentialsId, List.of(), CredentialChoices.OF_REQUESTS);
    }

    /** The address of the webhook, as it is typed or, encrypted, as it was saved. */
    @POST
    public FormValidation doCheckWebhookUrl(@QueryParameter String value) {
        Forms.checkMayConfigure(null);
        String address = Util.fixEmptyAndTrim(Secret.fromString(value).getPlainText());
        return address == null ? FormValidation.ok() : Forms.serverUrl(address);
    }

    /** Whether the webhook's credentials are there. */
    @POST
    public FormValidation doCheckWebhookCredentialsId(@QueryParameter String value) {
        return CredentialChoices.checkKeptFromJobs(null, value, List.of());
    }

    /** The secret texts that Jenkins has. */
    @POST
    public ListBoxModel doFillWebhookCredentialsIdItems(@QueryParameter String webhookCredentialsId) {
        return CredentialChoices.of(
                null, webhookCredentialsId, List.of(), CredentialsMatchers.instanceOf(StringCredentials.class));
    }

    /** Which guards of docs/security.md the saved config repositories lack, as far as it can be seen from here. */
    @POST
    public FormValidation doGuards() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return ConnectionTest.USUAL.guards(getRepositories(), isOnlyConfiguredRepositories());
    }

    /** A list whose last entry was deleted, and a part that was unchecked, are not sent by the form at all. */
    @Override
    public boolean configure(StaplerRequest2 request, JSONObject form) {
        if (!form.has("repositories")) {
            setRepositories(List.of());
        }
        if (!form.has("argoCdConnections")) {
            setArgoCdConnections(List.of());
        }
        if (!form.has("registries")) {
            setRegistries(List.of());
        }
        if (!form.has("prometheusConnections")) {
            setPrometheusConnections(List.of());
        }
        if (!form.has("defaults")) {
            setDefaults(null);
        }
        if (!form.has("imagePolicy")) {
            setImagePolicy(null);
        }
        setAllowedCheckHosts(Forms.lines(form.optString("allowedCheckHosts")));
        form.remove("allowedCheckHosts");
        setReviewers(Forms.lines(form.optString("reviewers")));
        form.remove("reviewers");
        setReviewersByEmail(Forms.lines(form.optString("reviewersByEmail")));
        form.remove("reviewersByEmail");
        request.bindJSON(this, form);
        return true;
    }
}
