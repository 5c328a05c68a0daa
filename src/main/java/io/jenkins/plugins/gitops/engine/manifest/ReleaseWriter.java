package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes the images of a release into one YAML file, one after the other, and then looks whether that is what the file
 * says: an anchor may carry a change to an image that is not part of the release, or hold two images to one value.
 *
 * @param places finds the images in a file; the file changes with each of them
 */
record ReleaseWriter(Function<YamlFile, ImagePlaces> places, Map<String, ImageReference> release) {

    YamlFile write(YamlFile before) {
        YamlFile after = before;
        List<String> shared = new ArrayList<>();
        for (String image : new TreeMap<>(release).keySet()) {
            try {
                after = places.apply(after).write(image, release);
            } catch (EditRefusedException e) {
                if (e.reason() != Refusal.SHARED_VALUE) {
                    throw e;
                }
                // Another image of the release may move what it shares to the same value.
                shared.add(image);
            }
        }
        for (String image : shared) {
            after = places.apply(after).write(image, release);
        }
        if (release.size() > 1 || before.hasAliases()) {
            requireRelease(after);
            requireOthersUnchanged(before, after);
        }
        return after;
    }

    private void requireRelease(YamlFile after) {
        ImagePlaces written = places.apply(after);
        release.forEach((image, wanted) -> {
            Optional<ImageReference> is = written.read(image);
            if (is.isPresent() && !is.get().tagName().equals(wanted.tagName())) {
                throw after.refuse(
                        Refusal.SHARED_VALUE,
                        image + " would become " + is.get() + ", since it shares its value with another image of the"
                                + " release; write the values out, or release both alike");
            }
        });
    }

    private void requireOthersUnchanged(YamlFile before, YamlFile after) {
        List<ImagePlaces.OtherImage> old = places.apply(before).otherImages(release.keySet());
        List<ImagePlaces.OtherImage> now = places.apply(after).otherImages(release.keySet());
        for (int i = 0; i < old.size(); i++) {
            if (i >= now.size() || !old.get(i).text().equals(now.get(i).text())) {
                throw before.refuse(
                        old.get(i).at(),
                        Refusal.SHARED_VALUE,
                        "this image (" + old.get(i).text()
                                + ") shares its value through an anchor and would change too; write"
                                + " its value out, or release both");
            }
        }
    }
}
