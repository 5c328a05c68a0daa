package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container image by name: {@code registry/repository} plus tag, digest or both.
 *
 * @param repository registry and path as written, without tag and digest, for example {@code ghcr.io/acme/shop-api}
 * @param tag the tag or null; see {@link #tagName()}
 * @param digest {@code sha256:…} or {@code sha512:…} in lower-case hex, or null; see {@link #digestValue()}
 * @see <a href="https://github.com/distribution/reference">the reference grammar</a>
 */
public record ImageReference(@NonNull String repository, String tag, String digest) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Tags that are moved by convention: two pulls of the same reference may run different code. */
    public static final Set<String> MUTABLE_TAGS =
            Set.of("latest", "stable", "main", "master", "edge", "dev", "develop", "nightly");

    private static final String DOMAIN_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final String DOMAIN =
            "(?:" + DOMAIN_LABEL + "(?:\\." + DOMAIN_LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:" + DOMAIN + "/)?" + COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}", Pattern.UNICODE_CASE);
    private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");
    private static final Pattern REFERENCE = Pattern.compile("(?<name>[^@]*?)(?::(?<tag>[^:/@]*))?(?:@(?<digest>.*))?");
    private static final int MAX_REPOSITORY_LENGTH = 255;

    public ImageReference {
        requireRepository(repository);
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw new InvalidImageException(
                    tag,
                    "a tag is 1 to 128 letters, digits, '_', '.' or '-' and starts with a" + " letter, a digit or '_'");
        }
        if (digest != null && !DIGEST.matcher(digest).matches()) {
            throw new InvalidImageException(digest, "a digest is 'sha256:' and 64 lower-case hexadecimal digits");
        }
    }

    /**
     * Reads {@code [registry/]repository[:tag][@digest]}.
     *
     * @throws InvalidImageException if it is not one, naming what is wrong
     */
    @NonNull
    public static ImageReference parse(@NonNull String text) {
        Matcher matcher = REFERENCE.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new InvalidImageException(text, "write registry/repository:tag or registry/repository@sha256:…");
        }
        return new ImageReference(matcher.group("name"), matcher.group("tag"), matcher.group("digest"));
    }

    /**
     * Reads what a release may give for an image whose repository is known: a tag, a digest, {@code tag@digest}, or a
     * whole reference.
     */
    @NonNull
    public static ImageReference parse(@NonNull String repository, @NonNull String version) {
        if (DIGEST.matcher(version).matches()) {
            return new ImageReference(repository, null, version);
        }
        if (version.startsWith(":") || version.startsWith("@")) {
            return parse(repository + version);
        }
        int at = version.indexOf('@');
        String head = at < 0 ? version : version.substring(0, at);
        if (TAG.matcher(head).matches()) {
            return new ImageReference(repository, head, at < 0 ? null : version.substring(at + 1));
        }
        return parse(version);
    }

    /** @throws InvalidImageException if it is not {@code [registry/]repository} */
    public static void requireRepository(@NonNull String repository) {
        if (repository.length() > MAX_REPOSITORY_LENGTH
                || !REPOSITORY.matcher(repository).matches()) {
            throw new InvalidImageException(
                    repository, "an image repository is lower-case, like ghcr.io/acme/shop-api, without tag or digest");
        }
    }

    @NonNull
    public Optional<String> tagName() {
        return Optional.ofNullable(tag);
    }

    @NonNull
    public Optional<String> digestValue() {
        return Optional.ofNullable(digest);
    }

    /** The same image under another registry or path. */
    @NonNull
    public ImageReference withRepository(@NonNull String other) {
        return new ImageReference(other, tag, digest);
    }

    @NonNull
    public ImageReference withDigest(@NonNull String value) {
        return new ImageReference(repository, tag, value);
    }

    /**
     * Returns this, if it names one image for good: a digest, or a tag that is not moved by convention.
     *
     * @throws InvalidImageException if it has neither tag nor digest, or only a mutable tag
     */
    @NonNull
    public ImageReference requireImmutable() {
        if (digest != null) {
            return this;
        }
        if (tag == null) {
            throw new InvalidImageException(toString(), "give a tag or a digest");
        }
        if (MUTABLE_TAGS.contains(tag.toLowerCase(java.util.Locale.ROOT))) {
            throw new InvalidImageException(
                    toString(),
                    "the tag '" + tag + "' is moved from image to image; give a tag that stays, such as the Git commit,"
                            + " or a digest");
        }
        return this;
    }

    /** As one writes it: {@code repository[:tag][@digest]}. */
    @Override
    public String toString() {
        return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
