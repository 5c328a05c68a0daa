package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Locale;
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
public record ImageReference(
        String repository, @Nullable String tag, @Nullable String digest) implements Version {

    /** Tags that are moved by convention: two pulls of the same reference may run different code. */
    public static final Set<String> MUTABLE_TAGS = Set.of(
            "latest",
            "stable",
            "main",
            "master",
            "trunk",
            "head",
            "edge",
            "dev",
            "develop",
            "nightly",
            "canary",
            "snapshot",
            "unstable",
            "rolling",
            "next");

    private static final String DOMAIN_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final String DOMAIN =
            "(?:" + DOMAIN_LABEL + "(?:\\." + DOMAIN_LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:" + DOMAIN + "/)?" + COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}", Pattern.UNICODE_CASE);
    private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");
    private static final Pattern REFERENCE = Pattern.compile("(?<name>[^@]*?)(?::(?<tag>[^:/@]*))?(?:@(?<digest>.*))?");
    private static final Pattern NOT_IN_TAG = Pattern.compile("[^A-Za-z0-9_.-]");
    private static final Pattern TEMPLATE = Pattern.compile("\\$\\{|\\{\\{|\\$\\(|<%");
    private static final Pattern DOCKER_HUB = Pattern.compile("^(index[.])?docker[.]io/");
    private static final String OFFICIAL = "library/";
    private static final int MAX_TAG_LENGTH = 128;
    private static final int MAX_REPOSITORY_LENGTH = 255;

    public ImageReference {
        requireRepository(repository);
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw new InvalidImageException(tag, "is not a tag: " + tagRule(tag));
        }
        if (digest != null && !DIGEST.matcher(digest).matches()) {
            throw new InvalidImageException(
                    digest,
                    "is not a digest: it is 'sha256:' and 64 lower-case hexadecimal digits, or 'sha512:' and 128");
        }
    }

    /** What a text breaks of the rule for tags, and what to write instead. */
    private static String tagRule(String text) {
        if (text.isEmpty()) {
            return "it is empty";
        }
        Matcher template = TEMPLATE.matcher(text);
        if (template.find()) {
            return "'" + template.group()
                    + "' begins a template that was not resolved; in a Pipeline, use double quotes for \"${…}\"";
        }
        Matcher other = NOT_IN_TAG.matcher(text);
        if (other.find()) {
            int character = other.group().codePointAt(0);
            String shown = Character.isWhitespace(character) || other.group().matches("[\\p{C}\\p{Z}\\u0085]")
                    ? String.format("the character U+%04X", character)
                    : "'" + other.group() + "'";
            String dashed = NOT_IN_TAG.matcher(text.strip()).replaceAll("-").replaceAll("^[.-]+|-+$", "");
            return shown + " is not allowed"
                    + (text.contains("+")
                            ? "; registries accept " + NOT_IN_TAG.matcher(text).replaceAll("_") + " or " + dashed
                            : TAG.matcher(dashed).matches() ? "; use for example " + dashed : "");
        }
        return text.length() > MAX_TAG_LENGTH
                ? "it is longer than " + MAX_TAG_LENGTH + " characters"
                : "it starts with '" + text.charAt(0) + "' instead of a letter, a digit or '_'";
    }

    /**
     * Reads {@code [registry/]repository[:tag][@digest]}.
     *
     * @throws InvalidImageException if it is not one, naming what is wrong
     */
    @JsonCreator
    public static ImageReference parse(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            throw new InvalidImageException(
                    text,
                    "is not an image reference: write it without '" + text.substring(0, Math.min(scheme, 20)) + "://'");
        }
        if (text.isEmpty() || !matcher.matches()) {
            throw new InvalidImageException(
                    text, "is not an image reference: write registry/repository:tag or registry/repository@sha256:…");
        }
        return new ImageReference(matcher.group("name"), matcher.group("tag"), matcher.group("digest"));
    }

    /**
     * Reads what a release may give for an image whose repository is known: a tag, a digest, {@code tag@digest}, or a
     * whole reference.
     */
    public static ImageReference parse(String repository, String version) {
        if (version.matches("(?is)sha(256|512):.*")) {
            return new ImageReference(repository, null, version);
        }
        if (version.startsWith(":") || version.startsWith("@")) {
            return parse(repository + version);
        }
        if (isWhole(version)) {
            return parse(version);
        }
        int at = version.indexOf('@');
        return new ImageReference(
                repository, at < 0 ? version : version.substring(0, at), at < 0 ? null : version.substring(at + 1));
    }

    /** Whether a version is meant as a whole reference: it begins with a registry, or a repository with a tag or digest. */
    public static boolean isWhole(String version) {
        if (version.contains("://")) {
            return true;
        }
        int at = version.indexOf('@');
        String name = at < 0 ? version : version.substring(0, at);
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return first.contains(".")
                        && REPOSITORY
                                .matcher(first.toLowerCase(Locale.ROOT) + "/x")
                                .matches()
                || first.contains(":")
                || first.equals("localhost")
                || colon > 0
                        && name.indexOf(':', colon + 1) < 0
                        && REPOSITORY.matcher(name.substring(0, colon)).matches()
                || slash > 0 && at > 0 && REPOSITORY.matcher(name).matches();
    }

    /**
     * The registry in front of a repository, or nothing: a first part with a dot, a port or an upper-case letter, or {@code
     * localhost}.
     */
    public static String registry(String repository) {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        boolean host = first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        return host ? first : "";
    }

    /**
     * The repository with its registry: that of Docker Hub, and the {@code library/} of its official images, may be left out.
     *
     * @see <a href="https://github.com/distribution/reference">the reference grammar</a>
     */
    public static String canonicalRepository(String repository) {
        String path = DOCKER_HUB.matcher(repository).replaceFirst("");
        if (path.equals(repository) && !registry(path).isEmpty()) {
            return path;
        }
        return "docker.io/" + (path.indexOf('/') < 0 ? OFFICIAL : "") + path;
    }

    /** Whether two spellings name the same repository. */
    public static boolean isSameRepository(String one, String other) {
        // Most names differ in their last part already, and a file may hold thousands.
        return one.equals(other)
                || lastPart(one).equals(lastPart(other))
                        && canonicalRepository(one).equals(canonicalRepository(other));
    }

    /**
     * Whether an environment may pull the image from there: registries and paths of mirrors differ, the last part of the
     * name does not. A mirror without folders has the path in it, {@code ghcr.io-acme-shop-api}, with or without the
     * registry.
     */
    public static boolean mayBeMirror(String found, String declared) {
        String last = lastPart(found);
        return isSameRepository(found, declared)
                || last.equals(lastPart(declared))
                || (last.endsWith(lastPart(declared)) && isFlat(flat(last), canonicalRepository(declared)));
    }

    private static boolean isFlat(String name, String canonical) {
        String path = path(canonical);
        String registry = registry(canonical);
        String shorter =
                registry.equals("docker.io") && path.startsWith(OFFICIAL) ? path.substring(OFFICIAL.length()) : path;
        return name.equals(flat(path)) || name.equals(flat(canonical)) || name.equals(flat(registry + "/" + shorter));
    }

    private static String flat(String name) {
        return name.replaceAll("[^a-zA-Z0-9]+", "-");
    }

    /** The last part of a repository's path, {@code shop-api}. */
    public static String lastPart(String repository) {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    /** The repository without its registry. */
    public static String path(String repository) {
        String registry = registry(repository);
        return registry.isEmpty() ? repository : repository.substring(registry.length() + 1);
    }

    /** @throws InvalidImageException if it is not {@code [registry/]repository} */
    public static void requireRepository(String repository) {
        if (repository.length() > MAX_REPOSITORY_LENGTH
                || !REPOSITORY.matcher(repository).matches()) {
            throw new InvalidImageException(
                    repository,
                    "is not an image repository: it is lower-case, like ghcr.io/acme/shop-api, without tag or digest");
        }
    }

    public Optional<String> tagName() {
        return Optional.ofNullable(tag);
    }

    public Optional<String> digestValue() {
        return Optional.ofNullable(digest);
    }

    /** Whether another reference of this image has the same version, whatever registry each is pulled from. */
    public boolean hasVersionOf(ImageReference other) {
        return tagName().equals(other.tagName()) && digestValue().equals(other.digestValue());
    }

    /** The same image under another registry or path. */
    public ImageReference withRepository(String other) {
        return other.equals(repository) ? this : new ImageReference(other, tag, digest);
    }

    public ImageReference withDigest(String value) {
        return new ImageReference(repository, tag, value);
    }

    /**
     * Returns this, if it names one image for good: a digest, or a tag that is not moved by convention.
     *
     * @throws InvalidImageException if it has neither tag nor digest, or only a mutable tag
     */
    @Override
    public ImageReference requireImmutable() {
        if (digest != null) {
            return this;
        }
        if (tag == null) {
            throw new InvalidImageException(toString(), "cannot be released: it has neither a tag nor a digest");
        }
        if (tag.equals("null")) {
            throw new InvalidImageException(
                    toString(), "cannot be released: its tag is 'null', which a variable gives that is not set");
        }
        if (MUTABLE_TAGS.contains(tag.toLowerCase(Locale.ROOT))) {
            throw new InvalidImageException(
                    toString(),
                    "cannot be released: the tag '" + tag
                            + "' is mutable; use a tag that stays, such as the Git commit, or" + " a digest");
        }
        return this;
    }

    @Override
    public String shortText() {
        return tag == null ? digestValue().orElse("").substring(0, digest == null ? 0 : 19) : tag;
    }

    @Override
    public String versionText() {
        return toString().substring(repository.length()).replaceFirst("^:", "");
    }

    /** As one writes it: {@code repository[:tag][@digest]}. */
    @Override
    @JsonValue
    public String toString() {
        return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
