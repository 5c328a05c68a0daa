package io.jenkins.plugins.gitops.steps.bump;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.promotion.BumpRequest.Place;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsBumpImage}: writes images into one or several environments of an application in one commit, or into a
 * file of a repository that has no {@code gitops.yaml}.
 */
public class BumpImageStep extends EnvironmentsStep {

    private static final long serialVersionUID = 2L;

    private static final String FUNCTION = "gitopsBumpImage";

    private LinkedHashMap<String, String> images = new LinkedHashMap<>();
    private LinkedHashMap<String, String> versions = new LinkedHashMap<>();
    private String tag;
    private String file;
    private String key;
    private String image;

    @DataBoundConstructor
    public BumpImageStep() {
        super(FUNCTION);
    }

    @DataBoundSetter
    public void setApplication(@CheckForNull String application) {
        application(application);
    }

    /** Image name in {@code gitops.yaml} to tag, digest, {@code tag@digest} or whole reference; null when empty. */
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

    /** Name under {@code versions} in {@code gitops.yaml} to the version of the chart, Git ref or value; null when empty. */
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

    /** One tag or digest for every image of the application, or for the {@link #getImage() image} of the file. */
    @CheckForNull
    public String getTag() {
        return tag;
    }

    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = given("tag", tag);
    }

    /** Path in a repository that has no {@code gitops.yaml}. */
    @CheckForNull
    public String getFile() {
        return file;
    }

    @DataBoundSetter
    public void setFile(@CheckForNull String file) {
        this.file = given("file", file);
    }

    /** Dotted path of the image in a Helm values file, for example {@code api.image}. */
    @CheckForNull
    public String getKey() {
        return key;
    }

    @DataBoundSetter
    public void setKey(@CheckForNull String key) {
        this.key = given("key", key);
    }

    /** The image in {@link #getFile()}: {@code registry/repository}, or a whole reference. */
    @CheckForNull
    public String getImage() {
        return image;
    }

    @DataBoundSetter
    public void setImage(@CheckForNull String image) {
        this.image = given("image", image);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        place("");
        return new BumpImageExecution(context, this);
    }

    /**
     * Where the images go.
     *
     * @param configured branch, where a file is if the step names no other
     * @throws StepParameterException if the parameters contradict each other or one is missing
     */
    @NonNull
    Place place(@NonNull String configured) {
        if (file == null) {
            return declared();
        }
        if (getApplication() != null || !environments().isEmpty() || !images.isEmpty() || !versions.isEmpty()) {
            throw refusal(
                    "accepts either 'file' and 'image', or 'application', 'environment' and 'images' or 'tag', not"
                            + " both.");
        }
        if (image == null) {
            throw refusal("requires 'image' with 'file', for example image: 'ghcr.io/acme/shop-api'.");
        }
        ImageReference reference = ImageReference.parse(image);
        String name = shortName(reference);
        String branch = getBranch();
        return new Place.Named(
                branch == null ? configured : branch,
                List.of(manifest(file, name)),
                Map.of(name, reference.repository()));
    }

    private Place declared() {
        if (getApplication() == null || environments().isEmpty()) {
            throw refusal(
                    "requires 'application' and 'environment' (or 'environments') as gitops.yaml declares them, or"
                            + " 'file' and 'image'.");
        }
        boolean both = !images.isEmpty() && tag != null;
        boolean none = images.isEmpty() && tag == null && versions.isEmpty();
        if (both || none) {
            throw refusal("requires either 'images', for example images: [api: '1.4.2'], or 'tag' for all images of '"
                    + application() + "', or 'versions' of what moves without an image.");
        }
        together(images, versions);
        return new Place.Declared(application(), environments());
    }

    /** Name to version, where the parameters name each. */
    @NonNull
    Map<String, String> versions() {
        if (file != null) {
            return Map.of(shortName(ImageReference.parse(image)), tag == null ? image : tag);
        }
        return together(images, versions);
    }

    private ManifestFile manifest(String path, String name) {
        String base = path.substring(path.lastIndexOf('/') + 1);
        if (key != null) {
            return new ManifestFile.HelmValues(path, Map.of(name, key));
        }
        if (base.equals("kustomization.yaml") || base.equals("kustomization.yml") || base.equals("Kustomization")) {
            return new ManifestFile.Kustomization(path);
        }
        return base.endsWith(".yaml") || base.endsWith(".yml")
                ? new ManifestFile.KubernetesManifest(path)
                : new ManifestFile.VersionFile(path, name);
    }

    private static String shortName(ImageReference reference) {
        return reference.repository().substring(reference.repository().lastIndexOf('/') + 1);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<BumpImageStep> {

        public DescriptorImpl() {
            super(
                    FUNCTION,
                    Messages::BumpImageStep_displayName,
                    Map.of(
                            "environments", (step, text) -> step.setEnvironments(FormText.list(text)),
                            "images", (step, text) -> step.setImages(FormText.map(text)),
                            "versions", (step, text) -> step.setVersions(FormText.map(text))),
                    "file",
                    "images",
                    "tag",
                    "image");
        }

        @Override
        @NonNull
        protected Optional<String> insteadOfApplication() {
            return Optional.of(Messages.BumpImageStep_withoutApplication());
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

        @POST
        public FormValidation doCheckTag(@AncestorInPath Item item, @QueryParameter String value) {
            return version(item, value);
        }

        @POST
        public FormValidation doCheckImage(@AncestorInPath Item item, @QueryParameter String value) {
            return read(item, value, ImageReference::parse);
        }
    }
}
