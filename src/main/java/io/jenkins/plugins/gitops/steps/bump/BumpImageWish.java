package io.jenkins.plugins.gitops.steps.bump;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.promotion.BumpRequest.Place;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a bump step was asked to do, as its parameters say it; decides where the images go and which they are. */
record BumpImageWish(
        @CheckForNull String application,
        @NonNull List<String> environments,
        @NonNull Map<String, String> images,
        @CheckForNull String tag,
        @CheckForNull String file,
        @CheckForNull String key,
        @CheckForNull String image)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    BumpImageWish {
        environments = new ArrayList<>(environments);
        images = new LinkedHashMap<>(images);
    }

    /** @throws StepParameterException if the parameters contradict each other or one is missing */
    @NonNull
    Place place() {
        if (file == null) {
            return declared();
        }
        if (application != null || !environments.isEmpty() || !images.isEmpty()) {
            throw new StepParameterException(
                    "gitopsBumpImage was given 'file' together with 'application', 'environment' or 'images': give"
                            + " either a file with its image, or an application of gitops.yaml.");
        }
        if (image == null) {
            throw new StepParameterException("gitopsBumpImage was given 'file' but no 'image': name the image in "
                    + file + ", for example image: 'ghcr.io/acme/shop-api'.");
        }
        ImageReference reference = ImageReference.parse(image);
        String name = shortName(reference);
        return new Place.Named(List.of(manifest(file, name)), Map.of(name, reference.repository()));
    }

    /**
     * Image name to version.
     *
     * @param declaration read only when one tag is meant for every image of the application
     */
    @NonNull
    Map<String, String> versions(@NonNull Supplier<Declaration> declaration) {
        if (file != null) {
            ImageReference reference = ImageReference.parse(Objects.requireNonNull(image));
            String version = tag == null ? image : tag;
            return Map.of(shortName(reference), version);
        }
        if (tag == null) {
            return images;
        }
        if (!images.isEmpty()) {
            throw new StepParameterException("gitopsBumpImage was given both 'images' and 'tag':"
                    + " give 'tag' for all images of the application, or 'images' for some.");
        }
        return declaration.get().application(Objects.requireNonNull(application)).images().keySet().stream()
                .collect(Collectors.toMap(name -> name, name -> tag));
    }

    private Place declared() {
        if (application == null) {
            throw new StepParameterException("gitopsBumpImage does not say what to bump: give 'application' and"
                    + " 'environment' as gitops.yaml declares them, or 'file' and 'image'.");
        }
        if (environments.isEmpty()) {
            throw new StepParameterException("gitopsBumpImage does not say where to bump '" + application
                    + "': give 'environment', or 'environments' for several in one commit.");
        }
        if (images.isEmpty() && tag == null) {
            throw new StepParameterException("gitopsBumpImage does not say which images to write for '" + application
                    + "': give 'images', for example images: [api: '1.4.2'], or 'tag' for all of them.");
        }
        return new Place.Declared(application, environments);
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

    /** One line for stage views: {@code shop/dev api=1.4.2}. */
    @CheckForNull
    static String describe(@NonNull Map<String, Object> arguments) {
        Object where =
                arguments.containsKey("environments") ? arguments.get("environments") : arguments.get("environment");
        String places = where instanceof List<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining("+"))
                : Objects.toString(where, null);
        String what = arguments.get("images") instanceof Map<?, ?> images
                ? images.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "))
                : Objects.toString(arguments.getOrDefault("tag", arguments.get("image")), null);
        String target = Stream.of(
                        Objects.toString(arguments.getOrDefault("application", arguments.get("file")), null), places)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
        String line = Stream.of(target, what).filter(Objects::nonNull).collect(Collectors.joining(" "));
        return line.isBlank() ? null : line.strip();
    }
}
