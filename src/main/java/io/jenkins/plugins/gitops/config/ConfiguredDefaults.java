package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Settings for repositories and steps that have none of their own. */
public class ConfiguredDefaults extends CommitSettings<ConfiguredDefaults> {

    private static final long serialVersionUID = 1L;

    private int syncTimeoutMinutes;
    private String unpullableGrace;

    @DataBoundConstructor
    public ConfiguredDefaults() {}

    /** How long a commit may take to be live, in minutes; 0 for the setting of the place around. */
    public int getSyncTimeoutMinutes() {
        return syncTimeoutMinutes;
    }

    @DataBoundSetter
    public void setSyncTimeoutMinutes(int syncTimeoutMinutes) {
        this.syncTimeoutMinutes = Math.max(0, syncTimeoutMinutes);
    }

    /** How long a new pod may be unable to start, for example {@code 2m}; null for the setting of the place around. */
    @CheckForNull
    public String getUnpullableGrace() {
        return unpullableGrace;
    }

    /** @throws Durations.InvalidDurationException if it is no duration */
    @DataBoundSetter
    public void setUnpullableGrace(@CheckForNull String unpullableGrace) {
        this.unpullableGrace = Util.fixEmptyAndTrim(unpullableGrace);
        stuckPods();
    }

    /**
     * Of each setting what the nearest place sets.
     *
     * @param places the nearest first
     */
    static ConfiguredDefaults of(List<ConfiguredDefaults> places) {
        ConfiguredDefaults merged = new ConfiguredDefaults();
        for (int i = places.size() - 1; i >= 0; i--) {
            ConfiguredDefaults place = places.get(i);
            merged.setAuthorName(place.getAuthorName() == null ? merged.getAuthorName() : place.getAuthorName());
            merged.setAuthorEmail(place.getAuthorEmail() == null ? merged.getAuthorEmail() : place.getAuthorEmail());
            merged.setSigningKeyId(
                    place.getSigningKeyId() == null ? merged.getSigningKeyId() : place.getSigningKeyId());
            merged.setTrustedSigners(
                    place.getTrustedSigners() == null ? merged.getTrustedSigners() : place.getTrustedSigners());
            merged.setSyncTimeoutMinutes(
                    place.syncTimeoutMinutes == 0 ? merged.syncTimeoutMinutes : place.syncTimeoutMinutes);
            merged.setUnpullableGrace(place.unpullableGrace == null ? merged.unpullableGrace : place.unpullableGrace);
        }
        return merged;
    }

    /** How long a commit may take to be live; empty where no place sets it. */
    public Optional<Duration> syncTimeout() {
        return Optional.of(syncTimeoutMinutes).filter(minutes -> minutes > 0).map(Duration::ofMinutes);
    }

    /** How long a new pod may be unable to start before a wait fails, zero for no limit; empty where no place sets it. */
    public Optional<Duration> stuckPods() {
        return Optional.ofNullable(unpullableGrace).map(Durations::parse);
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends CommitSettingsDescriptor<ConfiguredDefaults> {

        @Override
        public String getDisplayName() {
            return Messages.ConfiguredDefaults_displayName();
        }

        @POST
        public FormValidation doCheckSyncTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return FormValidation.validateNonNegativeInteger(value);
        }

        @POST
        public FormValidation doCheckUnpullableGrace(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            try {
                new ConfiguredDefaults().setUnpullableGrace(value);
                return FormValidation.ok();
            } catch (Durations.InvalidDurationException invalid) {
                return FormValidation.error(invalid.getMessage());
            }
        }
    }
}
