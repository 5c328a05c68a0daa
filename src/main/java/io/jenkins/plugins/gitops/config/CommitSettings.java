package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Whose name commits carry and what signs them. Null is what the place around says.
 *
 * @param <T> what is configured
 */
public abstract class CommitSettings<T extends CommitSettings<T>> implements Describable<T>, Serializable {

    private static final long serialVersionUID = 1L;

    private String authorName;
    private String authorEmail;
    private String signingKeyId;
    private String trustedSigners;

    /** Author and committer of the commits. */
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

    /** Credentials that sign the commits: an SSH key, or a secret file holding an OpenPGP key. */
    @CheckForNull
    public String getSigningKeyId() {
        return signingKeyId;
    }

    @DataBoundSetter
    public void setSigningKeyId(@CheckForNull String signingKeyId) {
        this.signingKeyId = Util.fixEmptyAndTrim(signingKeyId);
    }

    /** Public keys, besides the signing key's own, whose commits and notes count; null for none. */
    @CheckForNull
    public String getTrustedSigners() {
        return trustedSigners;
    }

    @DataBoundSetter
    public void setTrustedSigners(@CheckForNull String trustedSigners) {
        this.trustedSigners = Util.fixEmptyAndTrim(trustedSigners);
    }

    /**
     * The part of the form that is about commits.
     *
     * @param <T> what is configured
     */
    public abstract static class CommitSettingsDescriptor<T extends CommitSettings<T>> extends Descriptor<T> {

        @POST
        public FormValidation doCheckAuthorEmail(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return Forms.email(value);
        }

        @POST
        public FormValidation doCheckSigningKeyId(@AncestorInPath Item item, @QueryParameter String value) {
            return SigningKeys.check(item, value, GitOpsServices.get().clock());
        }

        @POST
        public FormValidation doCheckTrustedSigners(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return SigningKeys.checkTrusted(value);
        }

        @POST
        public ListBoxModel doFillSigningKeyIdItems(@AncestorInPath Item item, @QueryParameter String signingKeyId) {
            return SigningKeys.choices(item, signingKeyId);
        }
    }
}
