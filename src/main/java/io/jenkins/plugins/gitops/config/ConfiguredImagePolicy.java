package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.registry.FindingLimits;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.Rule;
import io.jenkins.plugins.gitops.engine.registry.TagPattern;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Which images may be bumped and promoted, as an administrator writes it: one rule a line. */
public class ConfiguredImagePolicy implements Describable<ConfiguredImagePolicy>, Serializable {

    private static final long serialVersionUID = 1L;

    private String allowedImages;
    private String tagForms;
    private int maximumAgeDays;
    private String maximumFindings;
    private int scanMinutes = (int) FindingLimits.DEFAULT_SCAN_TIME.toMinutes();
    private boolean immutableTagsOnly;
    private boolean tagsAsGiven;
    private boolean sourceCommitFromImage;

    @DataBoundConstructor
    public ConfiguredImagePolicy() {}

    /** One pattern a line, for example {@code ghcr.io/acme/**}; null allows every name. */
    @CheckForNull
    public String getAllowedImages() {
        return allowedImages;
    }

    @DataBoundSetter
    public void setAllowedImages(@CheckForNull String allowedImages) {
        this.allowedImages = Util.fixEmptyAndTrim(allowedImages);
    }

    /** One form a line: {@code git-sha}, {@code semver} or a regular expression; null allows every form. */
    @CheckForNull
    public String getTagForms() {
        return tagForms;
    }

    @DataBoundSetter
    public void setTagForms(@CheckForNull String tagForms) {
        this.tagForms = Util.fixEmptyAndTrim(tagForms);
    }

    /** The oldest an image may be, in days; 0 for any age. */
    public int getMaximumAgeDays() {
        return maximumAgeDays;
    }

    @DataBoundSetter
    public void setMaximumAgeDays(int maximumAgeDays) {
        this.maximumAgeDays = Math.max(0, maximumAgeDays);
    }

    /** One severity and number a line, for example {@code critical: 0}; null asks for no scan. */
    @CheckForNull
    public String getMaximumFindings() {
        return maximumFindings;
    }

    @DataBoundSetter
    public void setMaximumFindings(@CheckForNull String maximumFindings) {
        this.maximumFindings = Util.fixEmptyAndTrim(maximumFindings);
    }

    /** How long a scan may stay unfinished, in minutes. */
    public int getScanMinutes() {
        return scanMinutes;
    }

    @DataBoundSetter
    public void setScanMinutes(int scanMinutes) {
        this.scanMinutes = Math.max(1, scanMinutes);
    }

    /** Whether the registry must keep every tag where it is. */
    public boolean isImmutableTagsOnly() {
        return immutableTagsOnly;
    }

    @DataBoundSetter
    public void setImmutableTagsOnly(boolean immutableTagsOnly) {
        this.immutableTagsOnly = immutableTagsOnly;
    }

    /** Whether images are written as they were given, instead of with their digest. */
    public boolean isTagsAsGiven() {
        return tagsAsGiven;
    }

    @DataBoundSetter
    public void setTagsAsGiven(boolean tagsAsGiven) {
        this.tagsAsGiven = tagsAsGiven;
    }

    /** Whether a release without a source commit takes the one its images name. */
    public boolean isSourceCommitFromImage() {
        return sourceCommitFromImage;
    }

    @DataBoundSetter
    public void setSourceCommitFromImage(boolean sourceCommitFromImage) {
        this.sourceCommitFromImage = sourceCommitFromImage;
    }

    /** @throws InvalidPolicyException if a rule cannot be read */
    ImagePolicy read() {
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        if (!tagsAsGiven) {
            rules.add(Rule.PIN_DIGEST);
        }
        if (immutableTagsOnly) {
            rules.add(Rule.IMMUTABLE_TAGS);
        }
        if (sourceCommitFromImage) {
            rules.add(Rule.SOURCE_COMMIT_FROM_IMAGE);
        }
        return new ImagePolicy(
                rules,
                lines(allowedImages, ImagePolicy::pattern),
                lines(tagForms, TagPattern::new),
                maximumAgeDays == 0 ? null : Duration.ofDays(maximumAgeDays),
                FindingLimits.parse(Util.fixNull(maximumFindings), Duration.ofMinutes(scanMinutes)));
    }

    private static <T> List<T> lines(String text, Function<String, T> rule) {
        return Forms.lines(text).stream().map(rule).toList();
    }

    /** The form. */
    @Extension
    public static class DescriptorImpl extends Descriptor<ConfiguredImagePolicy> {

        @Override
        public String getDisplayName() {
            return Messages.ConfiguredImagePolicy_displayName();
        }

        @POST
        public FormValidation doCheckAllowedImages(@AncestorInPath Item item, @QueryParameter String value) {
            return checked(item, () -> lines(value, ImagePolicy::pattern));
        }

        @POST
        public FormValidation doCheckTagForms(@AncestorInPath Item item, @QueryParameter String value) {
            return checked(item, () -> lines(value, TagPattern::new));
        }

        @POST
        public FormValidation doCheckMaximumFindings(@AncestorInPath Item item, @QueryParameter String value) {
            return checked(item, () -> FindingLimits.parse(Util.fixNull(value), FindingLimits.DEFAULT_SCAN_TIME));
        }

        @POST
        public FormValidation doCheckMaximumAgeDays(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return FormValidation.validateNonNegativeInteger(value);
        }

        @POST
        public FormValidation doCheckScanMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            Forms.checkMayConfigure(item);
            return FormValidation.validatePositiveInteger(value);
        }

        private static FormValidation checked(Item item, Runnable reading) {
            Forms.checkMayConfigure(item);
            try {
                reading.run();
                return FormValidation.ok();
            } catch (InvalidPolicyException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
