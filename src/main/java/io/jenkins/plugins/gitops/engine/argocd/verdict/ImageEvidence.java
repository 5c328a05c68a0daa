package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the images of the live pods say about the expected ones. Pods are all Argo CD reports on, so a CronJob between
 * runs or a workload scaled to zero says nothing, and nothing is not a contradiction.
 */
enum ImageEvidence {
    /** Every expected image runs, and no other version of it. */
    CONFIRMED,
    /** Of at least one expected image no version runs; the others are confirmed. */
    SILENT,
    /** Every expected image that runs at all runs in the expected version, but another version is there too. */
    MIXED,
    /** Of at least one expected image only another version runs. */
    CONTRADICTED;

    static ImageEvidence of(Collection<ImageReference> expected, List<String> live) {
        List<ImageReference> running = live.stream()
                .map(ImageEvidence::parse)
                .flatMap(Optional::stream)
                .toList();
        ImageEvidence worst = CONFIRMED;
        for (ImageReference image : expected) {
            ImageEvidence one = ofOne(image, expected, running);
            worst = one.compareTo(worst) > 0 ? one : worst;
        }
        return worst;
    }

    /** What runs of the expected images' repositories instead, for an explanation. */
    static List<String> others(Collection<ImageReference> expected, List<String> live) {
        return live.stream()
                .filter(text -> parse(text)
                        .filter(image -> expected.stream().anyMatch(wanted -> sameRepository(wanted, image)))
                        .filter(image -> expected.stream().noneMatch(wanted -> matches(wanted, image)))
                        .isPresent())
                .toList();
    }

    private static ImageEvidence ofOne(
            ImageReference wanted, Collection<ImageReference> expected, List<ImageReference> running) {
        boolean found = false;
        boolean foreign = false;
        for (ImageReference image : running) {
            if (!sameRepository(wanted, image) || !isComparable(wanted, image)) {
                continue;
            }
            if (matches(wanted, image)) {
                found = true;
            } else if (expected.stream().noneMatch(other -> sameRepository(other, image) && matches(other, image))) {
                foreign = true;
            }
        }
        if (found) {
            return foreign ? MIXED : CONFIRMED;
        }
        return foreign ? CONTRADICTED : SILENT;
    }

    /** An admission controller may have replaced the tag by its digest: then the two cannot be compared. */
    private static boolean isComparable(ImageReference wanted, ImageReference image) {
        return wanted.digest() != null || image.tag() != null || image.digest() == null;
    }

    private static boolean matches(ImageReference wanted, ImageReference image) {
        if (!sameRepository(wanted, image)) {
            return false;
        }
        if (wanted.digest() != null && image.digest() != null) {
            return wanted.digest().equals(image.digest());
        }
        return wanted.tag() != null && wanted.tag().equals(image.tag());
    }

    private static boolean sameRepository(ImageReference left, ImageReference right) {
        return ImageReference.isSameRepository(left.repository(), right.repository());
    }

    /** A pod may name an image in a way we do not accept from users; then it is none of ours. */
    private static Optional<ImageReference> parse(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (InvalidImageException foreign) {
            return Optional.empty();
        }
    }
}
