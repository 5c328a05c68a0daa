package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What repositories and steps go by where they say nothing themselves. */
public class ConfiguredDefaults extends CommitSettings<ConfiguredDefaults> {

    private static final long serialVersionUID = 1L;

    private int syncTimeoutMinutes;

    @DataBoundConstructor
    public ConfiguredDefaults() {}

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
    public static class DescriptorImpl extends CommitSettingsDescriptor<ConfiguredDefaults> {

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.ConfiguredDefaults_displayName();
        }

        @POST
        public FormValidation doCheckSyncTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return FormValidation.validateNonNegativeInteger(value);
        }
    }
}
