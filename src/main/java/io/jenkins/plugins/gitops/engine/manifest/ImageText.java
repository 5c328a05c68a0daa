package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One string that is an image: a whole reference, or only its version where the repository is known otherwise. */
sealed interface ImageText {

    Pattern DIGEST = Pattern.compile("sha(256|512):[a-f0-9]+");
    Pattern BARE_DIGEST = Pattern.compile("[a-f0-9]{64}");

    /** A '+' is in no tag, but in versions that were written before: those are replaced. */
    Pattern VERSION = Pattern.compile("(?<tag>\\w[\\w.+-]*)(@(?<digest>sha(256|512):[a-f0-9]+))?");

    Pattern VERSION_LIKE = Pattern.compile("(?i)v?\\d+([._+-][\\w.+-]*)?|[a-f0-9]{7,64}|\\w[\\w-]*[-._]v?\\d[\\w.+-]*");

    /** {@code ghcr.io/acme/api:1.0}, also with a name in front, as Argo CD's {@code kustomize.images} has it. */
    record Whole(String prefix, ImageReference reference) implements ImageText {}

    /** {@code 1.0} or {@code 1.0@sha256:…}; the digest is null unless it is there. */
    record Tag(String tag, String digest) implements ImageText {}

    /** {@code sha256:…}, or its hexadecimal digits alone. */
    record Digest(String digest, boolean bare) implements ImageText {}

    /** What the key says of its value. */
    enum Key {
        /** {@code nginx} is an image without a tag, and {@code 1.4} a version. */
        IMAGE,
        /** {@code nginx} is a tag, unless it is the repository. */
        VERSION,
        /** {@code nginx} is neither. */
        OTHER;

        private static final Pattern NAMES_A_VERSION =
                Pattern.compile("(?i).*(tag|ver|version|digest|sha|sha256|revision|release|ref|commit|build|hash).*");

        static Key of(String name) {
            if (name.toLowerCase(Locale.ROOT).endsWith("image")) {
                return IMAGE;
            }
            return NAMES_A_VERSION.matcher(name).matches() ? VERSION : OTHER;
        }
    }

    /** @throws InvalidImageException if it is neither */
    static ImageText of(String text, String repository, Key key) {
        if (DIGEST.matcher(text).matches()) {
            return new Digest(text, false);
        }
        if (text.startsWith("ENC[")) {
            throw InvalidImageException.unnamed("is encrypted with SOPS; keep images unencrypted");
        }
        Matcher version = VERSION.matcher(text);
        if (version.matches() && !RepositoryNames.same(text, repository)) {
            if (key == Key.VERSION && BARE_DIGEST.matcher(text).matches()) {
                return new Digest("sha256:" + text, true);
            }
            if (key == Key.VERSION || isVersionLike(text)) {
                return new Tag(version.group("tag"), version.group("digest"));
            }
            if (key == Key.OTHER) {
                throw InvalidImageException.unnamed(
                        "is neither an image nor a version; correct the path to where one is");
            }
        }
        int equals = text.indexOf('=');
        String prefix = text.substring(0, equals + 1);
        return new Whole(prefix, ImageReference.parse(text.substring(equals + 1)));
    }

    /** Whether anybody would take it for a version; {@code 3} alone is as well a number of replicas. */
    static boolean isVersionLike(String text) {
        boolean number = text.length() < 7 && text.chars().allMatch(Character::isDigit);
        return !number && (VERSION_LIKE.matcher(text).matches() || isMutableTag(text));
    }

    private static boolean isMutableTag(String text) {
        Set<String> tags = ImageReference.MUTABLE_TAGS;
        return tags.contains(text.toLowerCase(Locale.ROOT));
    }

    /** The reference this is, of an image with the repository; empty for a version that no registry can have. */
    default Optional<ImageReference> reference(String repository) {
        if (this instanceof Whole whole) {
            return Optional.of(whole.reference());
        }
        if (this instanceof Tag tag) {
            return tag.tag().indexOf('+') >= 0
                    ? Optional.empty()
                    : Optional.of(new ImageReference(repository, tag.tag(), tag.digest()));
        }
        return Optional.of(new ImageReference(repository, null, ((Digest) this).digest()));
    }

    /** The repository of another image, if this is one. */
    default Optional<String> anotherThan(String repository) {
        return this instanceof Whole whole
                ? Optional.of(whole.reference().repository())
                        .filter(found -> !RepositoryNames.mayBeMirror(found, repository))
                : Optional.empty();
    }

    /**
     * The string in the same form for another reference.
     *
     * @return empty if the form cannot say it: only a tag is here and the reference has none, or another repository
     */
    default Optional<String> with(String repository, ImageReference reference) {
        boolean declared = RepositoryNames.same(reference.repository(), repository);
        if (this instanceof Whole whole) {
            String old = whole.reference().repository();
            boolean keep = declared || RepositoryNames.same(reference.repository(), old);
            return Optional.of(whole.prefix() + (keep ? reference.withRepository(old) : reference));
        }
        if (!declared) {
            return Optional.empty();
        }
        if (this instanceof Tag tag) {
            boolean both = tag.digest() != null && reference.digest() != null;
            return reference.tagName().map(name -> both ? name + "@" + reference.digest() : name);
        }
        boolean bare = ((Digest) this).bare();
        return reference.digestValue().map(value -> bare ? value.substring(value.indexOf(':') + 1) : value);
    }
}
