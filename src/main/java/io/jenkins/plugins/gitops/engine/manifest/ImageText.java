package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.Optional;
import java.util.regex.Pattern;

/** One string that says an image: a whole reference, or only its version where the repository is known otherwise. */
sealed interface ImageText {

    Pattern DIGEST = Pattern.compile("sha(256|512):[a-f0-9]+");
    Pattern VERSION = Pattern.compile("(?<tag>\\w[\\w.-]*)(@(?<digest>sha(256|512):[a-f0-9]+))?");

    /** {@code ghcr.io/acme/api:1.0}. */
    record Whole(ImageReference reference) implements ImageText {}

    /** {@code 1.0} or {@code 1.0@sha256:…}; the digest is null unless it stands there. */
    record Tag(String tag, String digest) implements ImageText {}

    /** {@code sha256:…}. */
    record Digest(String digest) implements ImageText {}

    /** What a string without a slash or colon is. */
    enum Reading {
        /** {@code nginx} is an image without a tag. */
        IMAGE,
        /** {@code nginx} is a tag, unless it is the repository. */
        TAG
    }

    /** @throws io.jenkins.plugins.gitops.engine.model.InvalidImageException if it is neither */
    static ImageText of(String text, String repository, Reading reading) {
        if (DIGEST.matcher(text).matches()) {
            return new Digest(text);
        }
        var version = VERSION.matcher(text);
        boolean tag = reading == Reading.TAG && version.matches() && !RepositoryNames.same(text, repository);
        return tag ? new Tag(version.group("tag"), version.group("digest")) : new Whole(ImageReference.parse(text));
    }

    /** The reference this says, of an image with the repository. */
    default ImageReference reference(String repository) {
        if (this instanceof Whole whole) {
            return whole.reference();
        }
        if (this instanceof Tag tag) {
            return new ImageReference(repository, tag.tag(), tag.digest());
        }
        return new ImageReference(repository, null, ((Digest) this).digest());
    }

    /**
     * The string in the same form for another reference.
     *
     * @return empty if the form cannot say it: only a tag stands here and the reference has none, or another repository
     */
    default Optional<String> with(String repository, ImageReference reference) {
        boolean declared = RepositoryNames.same(reference.repository(), repository);
        if (this instanceof Whole whole) {
            String old = whole.reference().repository();
            boolean keep = declared || RepositoryNames.same(reference.repository(), old);
            return Optional.of((keep ? reference.withRepository(old) : reference).toString());
        }
        if (!declared) {
            return Optional.empty();
        }
        if (this instanceof Tag tag) {
            boolean both = tag.digest() != null && reference.digest() != null;
            return reference.tagName().map(name -> both ? name + "@" + reference.digest() : name);
        }
        return reference.digestValue();
    }
}
