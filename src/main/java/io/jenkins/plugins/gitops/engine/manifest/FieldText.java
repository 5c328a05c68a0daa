package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The text at a declared place: what it says of an image or version, and what it becomes.
 *
 * @param numberOf the key of a value that is no string, so that it may be a number of replicas; null for a string
 * @param repository of the image in this environment; empty for other versions
 * @param source of the version; empty for images
 */
record FieldText(Field field, @CheckForNull String numberOf, String repository, Optional<VersionSource> source) {

    /** The ref of a URL, as kustomize and Terraform have it. */
    private static final Pattern REF_IN_QUERY = Pattern.compile("(?<before>.*[?&]ref=)(?<ref>[^&#\\s]*)(?<after>.*)");

    /** The ref of a file, archive or release on GitHub, GitLab or Gitea. */
    private static final Pattern REF_IN_PATH =
            Pattern.compile("(?<before>https://(?:raw\\.githubusercontent\\.com/[\\w.-]+/[\\w.-]+"
                    + "|[\\w.-]+(?:/[\\w.-]+)+?/(?:releases/download|(?:-/)?(?:raw|blob|tree|archive)))/(?:refs/tags/)?)"
                    + "(?<ref>[\\w.+-]+?)(?<after>/.*|\\.tar\\.gz|\\.zip|)");

    private static final Pattern URL = Pattern.compile("(\\w[\\w+:.-]*://|git@|[\\w-]+\\.[\\w.-]+/).*");

    /** What any tool would take for a version or a range of versions, or a branch. */
    private static final Pattern PLAUSIBLE = Pattern.compile("[\\w^~<>=*v][\\w.*+/^~<>=|, x-]{0,200}");

    static FieldText of(
            ManifestFile.Fields file, Field field, Map<String, String> repositories, @CheckForNull String numberOf) {
        return new FieldText(
                field,
                numberOf,
                repositories.getOrDefault(field.name(), ""),
                Optional.ofNullable(file.sources().get(field.name())));
    }

    /** Whether another field of the file says the rest of the same image: the tag of a digest, the registry of a name. */
    static boolean isPartOfMore(ManifestFile.Fields file, Field field) {
        return file.fieldsOf(field.name()).stream().anyMatch(other -> switch (field.part()) {
            case DIGEST -> other.part() == Field.Part.TAG;
            case REPOSITORY -> other.part() == Field.Part.REGISTRY;
            default -> false;
        });
    }

    /** What the text says; empty for nothing, or for what cannot be released. */
    Optional<? extends Version> read(String text) {
        if (text.isEmpty() || !field.part().saysVersion()) {
            return Optional.empty();
        }
        if (!field.part().isOfImage()) {
            return version(text);
        }
        return image(text).reference(repository);
    }

    private Optional<Version> version(String text) {
        Optional<Matcher> url = field.part() == Field.Part.REF ? url(text) : Optional.empty();
        url.ifPresent(found -> requireRepository(found.group("before")));
        try {
            return Optional.of(source.orElseThrow()
                    .version(url.map(found -> found.group("ref")).orElse(text)));
        } catch (InvalidImageException notReleasable) {
            requirePlausible(text);
            return Optional.empty();
        }
    }

    private ImageText image(String text) {
        boolean whole = field.part() == Field.Part.REFERENCE;
        ImageText image = ImageText.of(text, repository, whole ? ImageText.Key.IMAGE : ImageText.Key.VERSION);
        if (whole != (image.repository() != null)) {
            throw InvalidImageException.unnamed(
                    whole
                            ? "is a version without its image; declare it with 'is: { tag: " + field.name() + " }'"
                            : "is a whole image; declare it with 'is: { reference: " + field.name() + " }'");
        }
        image.anotherThan(repository).ifPresent(other -> {
            throw another(other);
        });
        if (whole) {
            return image;
        }
        boolean digest = field.part() == Field.Part.DIGEST;
        if (digest != image.isDigest()) {
            throw InvalidImageException.unnamed("is " + (digest ? "no digest" : "a digest")
                    + "; declare it with 'is: { " + (digest ? "tag" : "digest") + ": " + field.name() + " }'");
        }
        if (numberOf != null
                && ImageText.Key.of(numberOf) == ImageText.Key.OTHER
                && !digest
                && !ImageText.isVersionLike(text)) {
            throw InvalidImageException.unnamed("is not a version; correct the path to where the tag is");
        }
        return image;
    }

    private InvalidImageException another(String found) {
        return InvalidImageException.unnamed("is another image, " + Shortened.name(found) + ", and not " + repository
                + "; correct the place, or declare that repository");
    }

    /**
     * The text for another version.
     *
     * @param old without surrounding blanks; empty for nothing
     * @param beside whether other fields of the same image say the rest of it: its tag, or its registry
     * @throws InvalidImageException if the place is not what is declared, or cannot say it; without the value
     */
    String write(String old, Version version, boolean beside) {
        if (version instanceof ImageReference reference) {
            return switch (field.part()) {
                case TAG -> tag(old, reference);
                case DIGEST -> digest(old, reference, beside);
                case REFERENCE -> reference(old, reference);
                default -> repository(old, reference, beside);
            };
        }
        if (!old.isEmpty()) {
            version(old);
        }
        Optional<Matcher> url = field.part() == Field.Part.REF ? url(old) : Optional.empty();
        if (url.isPresent()) {
            return inUrl(url.get(), version);
        }
        if (field.part() == Field.Part.REF && URL.matcher(old).matches()) {
            throw InvalidImageException.unnamed(
                    "is a URL without a ref; add '?ref=' to it, or correct the place to where the ref is");
        }
        return version.toString();
    }

    /** The parts of a URL that has a ref. */
    static Optional<Matcher> url(String text) {
        return Stream.of(REF_IN_QUERY, REF_IN_PATH)
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::matches)
                .findFirst();
    }

    /** A file is often named by its version. */
    private static String inUrl(Matcher url, Version version) {
        String number = url.group("ref").replaceFirst("^\\D+", "");
        if (number.length() > 2 && url.group("after").contains(number)) {
            throw InvalidImageException.unnamed("is a URL that has the version twice; use one that has it once");
        }
        return url.group("before") + version + url.group("after");
    }

    private String tag(String old, ImageReference reference) {
        String tag = reference
                .tagName()
                .orElseThrow(() -> InvalidImageException.unnamed(
                        "is a tag, and " + reference + " has none; release a tag of " + repository));
        return old.isEmpty() ? tag : image(old).with(repository, reference).orElse(tag);
    }

    private String digest(String old, ImageReference reference, boolean tagged) {
        if (reference.digest() == null) {
            if (tagged) {
                return "";
            }
            throw InvalidImageException.unnamed(
                    "is a digest, and " + reference + " has none; release it with its digest");
        }
        return old.isEmpty()
                ? reference.digest()
                : image(old).with(repository, reference).orElseThrow();
    }

    private String reference(String old, ImageReference reference) {
        return old.isEmpty()
                ? reference.toString()
                : image(old).with(repository, reference).orElseThrow();
    }

    /** Of this environment; the name alone where the registry has a place of its own. */
    private String repository(String old, ImageReference reference, boolean split) {
        String registry = ImageReference.registry(reference.repository());
        if (field.part() == Field.Part.REGISTRY) {
            return registry.isEmpty() ? "docker.io" : registry;
        }
        if (!old.isEmpty() && !ImageReference.mayBeMirror(old, reference.repository())) {
            throw another(old);
        }
        return split ? ImageReference.path(reference.repository()) : reference.repository();
    }

    /** A chart and a Git repository are known by the last part of their address. */
    void requireSource(String found) {
        String name = new VersionSource(VersionSource.Kind.GIT, found).lastPart();
        if (!name.isEmpty() && !name.equals(source.orElseThrow().lastPart())) {
            throw InvalidImageException.unnamed("is the version of " + Shortened.name(name) + ", and not of "
                    + source.orElseThrow() + "; correct the place, or declare that address");
        }
    }

    private void requireRepository(String url) {
        // A path in the repository stands behind //, or behind its third part on a known host.
        String address = url.replaceFirst("[?].*", "").replaceFirst("^(?:\\w[\\w+.-]*::)?(?:\\w[\\w+.-]*://)?", "");
        String wanted = source.orElseThrow().lastPart();
        boolean named = Arrays.stream(address.split("[/:]"))
                .anyMatch(part -> part.replaceFirst("\\.git$", "").equals(wanted));
        if (!named) {
            throw InvalidImageException.unnamed("is a URL of another repository and not of " + source.orElseThrow()
                    + "; correct the place, or declare that address");
        }
    }

    private void requirePlausible(String text) {
        boolean flag = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
        boolean url = field.part() == Field.Part.REF && URL.matcher(text).matches();
        if (field.part() != Field.Part.VALUE
                && !url
                && (flag || !PLAUSIBLE.matcher(text).matches())) {
            throw InvalidImageException.unnamed("is not a version; correct the path to where one is");
        }
    }

    /** Whether two texts of one image or version agree as far as both say the same part. */
    static boolean agree(Version one, Version other) {
        if (one instanceof ImageReference image && other instanceof ImageReference that) {
            boolean tags = image.tag() == null || that.tag() == null || Objects.equals(image.tag(), that.tag());
            boolean digests =
                    image.digest() == null || that.digest() == null || Objects.equals(image.digest(), that.digest());
            return tags && digests;
        }
        return one.equals(other);
    }

    /**
     * What the fields of an image or version say together.
     *
     * @param before what those before say; null at the first
     * @param place of this one
     * @throws EditRefusedException made by {@code refusal} if they contradict each other
     */
    static Version joined(
            @CheckForNull Version before,
            Version here,
            String place,
            String name,
            Function<String, EditRefusedException> refusal) {
        if (before == null) {
            return here;
        }
        if (!agree(before, here)) {
            throw refusal.apply("'" + place + "' says " + here.shortText() + ", another field of '" + name + "' says "
                    + before.shortText() + "; make them agree");
        }
        return together(before, here);
    }

    private static Version together(Version one, Version other) {
        if (one instanceof ImageReference image && other instanceof ImageReference that) {
            return new ImageReference(
                    image.repository(),
                    image.tagName().orElse(that.tag()),
                    image.digestValue().orElse(that.digest()));
        }
        return one;
    }
}
