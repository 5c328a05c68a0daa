package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One string that is an image: a whole reference, or only its version where the repository is known otherwise.
 *
 * @param prefix {@code name=}, as Argo CD's {@code kustomize.images} has it, or empty
 * @param repository null where only a version is here
 * @param tag it may hold a {@code +}, which no registry takes
 * @param bare whether the digest is written as its hexadecimal digits alone
 */
record ImageText(
        String prefix,
        @CheckForNull String repository,
        @CheckForNull String tag,
        @CheckForNull String digest,
        boolean bare) {

    private static final Pattern DIGEST = Pattern.compile("sha(256|512):[a-f0-9]+");
    private static final Pattern BARE_DIGEST = Pattern.compile("[a-f0-9]{64}");
    private static final Pattern VERSION = Pattern.compile("(?<tag>\\w[\\w.+-]*)(@(?<digest>sha(256|512):[a-f0-9]+))?");
    private static final Pattern VERSION_LIKE =
            Pattern.compile("(?i)v?\\d+([._+-][\\w.+-]*)?|[a-f0-9]{7,64}|\\w[\\w-]*[-._]v?\\d[\\w.+-]*");

    /** A whole reference with the build metadata of a semantic version, which no registry takes. */
    private static final Pattern WITH_BUILD = Pattern.compile("(?<name>[^@]+):(?<tag>\\w[\\w.-]*\\+[\\w.+-]*)");

    /** What the key says of its value. */
    enum Key {
        /** {@code nginx} is an image without a tag, and {@code 1.4} a version. */
        IMAGE,
        /** {@code nginx} is a tag, unless it is the repository. */
        VERSION,
        /** {@code nginx} is neither. */
        OTHER;

        /** The word ends there: not as in {@code stage}, and the short ones begin there, too: not as in {@code server}. */
        private static final Pattern NAMES_A_VERSION = Pattern.compile(
                "(?i:.*(?:tag|version|digest|sha|sha256|revision|release|commit|build|hash)s?)(?![a-z]).*"
                        + "|(?:|.*[^a-zA-Z]|.*[a-z](?=[VR]))(?i:ver|ref)(?![a-z]).*");

        static Key of(String name) {
            if (name.toLowerCase(Locale.ROOT).endsWith("image")) {
                return IMAGE;
            }
            return NAMES_A_VERSION.matcher(name).matches() ? VERSION : OTHER;
        }
    }

    /** A version alone. */
    static ImageText version(@CheckForNull String tag, @CheckForNull String digest) {
        return new ImageText("", null, tag, digest, false);
    }

    /**
     * @param declared the declared repository
     * @throws InvalidImageException if it is neither
     */
    static ImageText of(String text, String declared, Key key) {
        if (DIGEST.matcher(text).matches()) {
            return version(null, text);
        }
        SealedFile.requireUnsealed(text);
        if (text.indexOf('\n') >= 0) {
            throw InvalidImageException.unnamed(
                    "is a string of several lines; YAML inside a string cannot be edited, so"
                            + " keep the image in a key or file of its own");
        }
        Matcher version = VERSION.matcher(text);
        if (version.matches() && !ImageReference.isSameRepository(text, declared)) {
            if (key == Key.VERSION && BARE_DIGEST.matcher(text).matches()) {
                return new ImageText("", null, null, "sha256:" + text, true);
            }
            boolean flag = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            if (!flag && (key == Key.VERSION || isVersionLike(text))) {
                return version(version.group("tag"), version.group("digest"));
            }
            if (flag || key == Key.OTHER || text.chars().allMatch(Character::isDigit)) {
                throw InvalidImageException.unnamed(
                        "is neither an image nor a version; correct the path to where one is");
            }
        }
        int name = text.indexOf('=') + 1;
        String prefix = text.substring(0, name);
        String rest = text.substring(name);
        if (key == Key.VERSION && !ImageReference.isWhole(rest) && !ImageReference.isSameRepository(rest, declared)) {
            // It is meant as a version: whatever is wrong with it is no fault of a repository.
            ImageText alone =
                    name > 0 ? of(rest, declared, key) : version(new ImageReference(declared, rest, null).tag(), null);
            return new ImageText(prefix, null, alone.tag(), alone.digest(), alone.bare());
        }
        Matcher built = WITH_BUILD.matcher(rest);
        if (built.matches()) {
            ImageReference.requireRepository(built.group("name"));
            return new ImageText(prefix, built.group("name"), built.group("tag"), null, false);
        }
        ImageReference whole = ImageReference.parse(rest);
        return new ImageText(prefix, whole.repository(), whole.tag(), whole.digest(), false);
    }

    /** Whether anybody would take it for a version; {@code 3} alone is as well a number of replicas. */
    static boolean isVersionLike(String text) {
        boolean number = text.length() < 7 && text.chars().allMatch(Character::isDigit);
        return !number
                && (VERSION_LIKE.matcher(text).matches()
                        || ImageReference.MUTABLE_TAGS.contains(text.toLowerCase(Locale.ROOT)));
    }

    /** The reference this is, of an image with the repository; empty for a version that no registry can have. */
    Optional<ImageReference> reference(String declared) {
        return tag != null && tag.indexOf('+') >= 0
                ? Optional.empty()
                : Optional.of(new ImageReference(repository == null ? declared : repository, tag, digest));
    }

    /** The repository of another image, if this is one. */
    Optional<String> anotherThan(String declared) {
        return Optional.ofNullable(repository).filter(found -> !ImageReference.mayBeMirror(found, declared));
    }

    /** Whether it can hold no tag. */
    boolean isDigest() {
        return repository == null && tag == null;
    }

    /**
     * The string in the same form for another reference.
     *
     * @return empty if the form cannot say it: only a tag is here and the reference has none, or another repository
     */
    Optional<String> with(String declared, ImageReference reference) {
        boolean ours = ImageReference.isSameRepository(reference.repository(), declared);
        if (repository != null) {
            boolean keep = ours || ImageReference.isSameRepository(reference.repository(), repository);
            return Optional.of(prefix + (keep ? reference.withRepository(repository) : reference));
        }
        return ours ? version(reference).map(prefix::concat) : Optional.empty();
    }

    private Optional<String> version(ImageReference reference) {
        if (isDigest()) {
            return reference.digestValue().map(value -> bare ? value.substring(value.indexOf(':') + 1) : value);
        }
        boolean both = digest != null && reference.digest() != null;
        return reference.tagName().map(name -> both ? name + "@" + reference.digest() : name);
    }
}
