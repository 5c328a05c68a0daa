package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseChoice;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What the steps that make a promotion, and that plan one, take alike. */
public abstract class PromotionStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private final String environment;
    private LinkedHashMap<String, String> images = new LinkedHashMap<>();
    private LinkedHashMap<String, String> versions = new LinkedHashMap<>();
    private String from;
    private String tag;
    private String commit;
    private String hotfix;

    /**
     * @param function what Pipelines call the step
     * @param application as {@code gitops.yaml} names it
     * @param environment where the release goes
     */
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    PromotionStep(@NonNull String function, @NonNull String application, @NonNull String environment) {
        super(function);
        application(application);
        this.environment = Util.fixNull(given("environment", environment));
    }

    @NonNull
    public String getEnvironment() {
        return environment;
    }

    /** The environment the release comes from, where several come before; null for what the declaration says. */
    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = given("from", from);
    }

    /** One tag or digest that all images of the release have; null for none. */
    @CheckForNull
    public String getTag() {
        return tag;
    }

    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = given("tag", tag);
    }

    /** Commit of the config repository that deployed the release; null for none. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = given("commit", commit);
    }

    /** Why the release goes through the gate's hotfix part; null for an ordinary promotion. */
    @CheckForNull
    public String getHotfix() {
        return hotfix;
    }

    @DataBoundSetter
    public void setHotfix(@CheckForNull String hotfix) {
        this.hotfix = given("hotfix", hotfix);
    }

    /** The versions of the release to promote, by image name; null when empty. */
    @CheckForNull
    public Map<String, String> getImages() {
        return images.isEmpty() ? null : images;
    }

    /** @param images from a Pipeline, so a value may be any object whose text is meant */
    @DataBoundSetter
    public void setImages(@CheckForNull Map<String, ?> images) {
        this.images = given("images", "version", images);
    }

    /** For the form. */
    @NonNull
    public String getImagesText() {
        return FormText.of(images);
    }

    /** The versions of charts, Git refs and values of the release to promote, by name; null when empty. */
    @CheckForNull
    public Map<String, String> getVersions() {
        return versions.isEmpty() ? null : versions;
    }

    /** @param versions from a Pipeline, so a value may be any object whose text is meant */
    @DataBoundSetter
    public void setVersions(@CheckForNull Map<String, ?> versions) {
        this.versions = given("versions", "version", versions);
    }

    /** For the form. */
    @NonNull
    public String getVersionsText() {
        return FormText.of(versions);
    }

    /**
     * The release that the parameters choose.
     *
     * @throws RuntimeException if more than one way to choose is given
     */
    @NonNull
    private ReleaseChoice release() {
        Map<String, String> named = together(images, versions);
        List<ReleaseChoice> ways = Stream.of(
                        Optional.of(named).filter(given -> !given.isEmpty()).map(ReleaseChoice.Versions::new),
                        Optional.ofNullable(tag).map(ReleaseChoice.Tag::new),
                        Optional.ofNullable(commit).map(ReleaseChoice.Commit::new))
                .<ReleaseChoice>flatMap(Optional::stream)
                .toList();
        if (ways.size() > 1) {
            throw refusal(
                    "accepts one of 'images' with 'versions', 'tag' and 'commit', or none for the release that is live"
                            + " in the environment before.");
        }
        return ways.isEmpty() ? new ReleaseChoice.Live() : ways.get(0);
    }

    /** @throws RuntimeException if application or environment is missing, or more than one release is chosen */
    final void requireComplete() {
        if (getApplication() == null || environment.isEmpty()) {
            throw refusal("requires 'application' and 'environment' as gitops.yaml declares them.");
        }
        release();
    }

    /** @param id of the promotion */
    @NonNull
    final Promotion.Request request(
            @NonNull String id, @NonNull OpenedRepository opened, @NonNull Provenance provenance) {
        return new Promotion.Request(
                id,
                opened.url(),
                opened.branch(),
                application(),
                environment,
                from,
                release(),
                hotfix,
                provenance,
                opened.author());
    }

    /**
     * What their forms ask and check alike.
     *
     * @param <S> the step
     */
    public abstract static class PromotionDescriptor<S extends PromotionStep> extends GitOpsStepDescriptor<S> {

        /** As {@link GitOpsStepDescriptor} has it. */
        PromotionDescriptor(String function, Supplier<String> displayName) {
            super(
                    function,
                    displayName,
                    Map.of(
                            "images", (step, text) -> step.setImages(FormText.map(text)),
                            "versions", (step, text) -> step.setVersions(FormText.map(text))),
                    "images",
                    "versions",
                    "tag",
                    "commit",
                    "hotfix");
        }

        @POST
        public ComboBoxModel doFillFromItems(
                @AncestorInPath Item item, @QueryParameter String application, @QueryParameter String repository) {
            return doFillEnvironmentItems(item, application, repository);
        }

        @POST
        public FormValidation doCheckEnvironment(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return doCheckEnvironments(item, value, application, repository);
        }

        @POST
        public FormValidation doCheckTag(@AncestorInPath Item item, @QueryParameter String value) {
            return version(item, value);
        }

        @POST
        public FormValidation doCheckFrom(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return declared(item, value, application, repository);
        }

        @POST
        public FormValidation doCheckImages(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return versions(item, value, application, repository);
        }

        @POST
        public FormValidation doCheckVersions(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return namedVersions(item, value, application, repository);
        }
    }
}
