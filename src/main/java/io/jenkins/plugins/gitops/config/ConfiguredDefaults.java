package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What repositories and steps go by where they say nothing themselves. */
public class ConfiguredDefaults implements Describable<ConfiguredDefaults>, Serializable {

    private static final long serialVersionUID = 1L;

    private String authorName;
    private String authorEmail;
    private String signingKeyId;
    private int syncTimeoutMinutes;

    @DataBoundConstructor
    public ConfiguredDefaults() {}

    /** Author and committer of the commits; null for what the place around says. */
    @CheckForNull
    public String getAuthorName() {
        return authorName;
    }

    @DataBoundSetter
    public void setAuthorName(@CheckForNull String authorName) {
        this.authorName = Util.fixEmptyAndTrim(authorName);
    }

    @CheckForNull
    public String getAuthorEmail() {
        return authorEmail;
    }

    @DataBoundSetter
    public void setAuthorEmail(@CheckForNull String authorEmail) {
        this.authorEmail = Util.fixEmptyAndTrim(authorEmail);
    }

    /** Credentials that sign the commits; null for what the place around says. */
    @CheckForNull
    public String getSigningKeyId() {
        return signingKeyId;
    }

    @DataBoundSetter
    public void setSigningKeyId(@CheckForNull String signingKeyId) {
        this.signingKeyId = Util.fixEmptyAndTrim(signingKeyId);
    }

    /** How long a commit may take to be live, in minutes; 0 for what the place around says. */
    public int getSyncTimeoutMinutes() {
        return syncTimeoutMinutes;
    }

    @DataBoundSetter
    public void setSyncTimeoutMinutes(int syncTimeoutMinutes) {
        this.syncTimeoutMinutes = Math.max(0, syncTimeoutMinutes);
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends Descriptor<ConfiguredDefaults> {

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.ConfiguredDefaults_displayName();
        }

        @POST
        public FormValidation doCheckAuthorEmail(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.email(value);
        }

        @POST
        public FormValidation doCheckSigningKeyId(@AncestorInPath Item item, @QueryParameter String value) {
            return SigningKeys.check(item, value, Engines.get().clock());
        }

        @POST
        public FormValidation doCheckSyncTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return FormValidation.validateNonNegativeInteger(value);
        }

        @POST
        public ListBoxModel doFillSigningKeyIdItems(@AncestorInPath Item item, @QueryParameter String signingKeyId) {
            return SigningKeys.choices(item, signingKeyId);
        }
    }
}
