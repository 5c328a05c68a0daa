package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The map of an image in a values file: {@code registry}, {@code repository} (also {@code repo}, {@code imageName}, {@code
 * image}, {@code name}), {@code tag} or {@code version}, {@code digest} or {@code sha}.
 *
 * <p>Without a {@code registry} of its own the chart's {@code global.imageRegistry} or {@code global.image.registry}
 * counts. A version that no longer holds becomes {@code ""} and is not removed: a removed key would let the chart's or an
 * earlier values file's value through. Where it is not sure which key the chart reads, nothing is written.
 *
 * @param document root of the document that the map is in
 * @param declared the declared repository, for maps that have none
 */
record HelmImageMap(YamlFile file, YamlNode document, YamlNode map, YamlPath path, String declared) {

    private static final String REGISTRY = "registry";
    private static final String TAG = "tag";
    private static final String VERSION = "version";
    private static final String DIGEST = "digest";

    /** Grafana's charts, kube-prometheus-stack and Vector have the hexadecimal digits alone under {@code sha}. */
    private static final List<String> BARE_DIGESTS = List.of("sha", "sha256");

    /** The first that is there counts. */
    static final List<String> REPOSITORIES = List.of("repository", "repo", "imageName", "image", "name");

    static final List<String> DIGESTS =
            Stream.concat(Stream.of(DIGEST), BARE_DIGESTS.stream()).toList();

    static final List<String> ORDER = Stream.of(
                    List.of(REGISTRY), REPOSITORIES, List.of(TAG, VERSION, DIGEST), BARE_DIGESTS)
            .flatMap(List::stream)
            .toList();

    /** Keys of such maps in popular charts that say nothing of the version, though their names or values may look so. */
    private static final Pattern NEUTRAL =
            Pattern.compile("(?i)(image)?pull(policy|secrets?)|port|debug|variant|flavor");

    /** Keys that are read before {@code tag}, if they have a value. */
    private static final Pattern OVERRIDES = Pattern.compile("(?i).*override.*");

    private static final Pattern ASKS_FOR_DIGEST = Pattern.compile("(?i)use_?(image)?_?(digest|sha(256)?)");

    private static final Pattern ANY_DIGEST = Pattern.compile("(sha(256|512):)?[a-f0-9]{64,128}");

    /** Empty for a version that no registry can have. */
    Optional<ImageReference> reference() {
        requireRepositoryAlone();
        return ImageMap.reference(
                file, map, repository(), versionKey().orElse(TAG), digestKey().orElse(DIGEST));
    }

    /** The key that says the version; empty if none does yet. */
    private Optional<String> versionKey() {
        boolean tag = file.text(map, TAG).isPresent();
        boolean version = file.text(map, VERSION).isPresent();
        if (!tag && (version || (has(VERSION) && !has(TAG)))) {
            return Optional.of(VERSION);
        }
        return has(TAG) ? Optional.of(TAG) : Optional.empty();
    }

    private Optional<String> digestKey() {
        return DIGESTS.stream()
                .filter(key -> file.text(map, key).isPresent())
                .findFirst()
                .or(() -> DIGESTS.stream().filter(this::has).findFirst());
    }

    /** @return the edit of the map, with the aliases on the way to what it changes */
    ImageMap write(ImageReference reference, YamlEdit edit) {
        requireThisImage(reference);
        requireRepositoryAlone();
        requireOneVersion();
        ImageMap keys = new ImageMap(file, map, ORDER, edit);
        writeRepository(reference.repository(), keys);
        String key = versionKey().orElse(TAG);
        Optional<String> together = file.text(map, key)
                .filter(ImageMap::holdsDigest)
                .filter(text -> file.text(map, digestKey().orElse(DIGEST)).isEmpty())
                .flatMap(text -> ImageMap.withDigest(text, reference));
        if (together.isPresent()) {
            keys.set(key, together.get());
            return keys;
        }
        if (reference.tag() == null && digestKey().isEmpty()) {
            throw file.refuse(
                    map,
                    "'" + path + "' has no key digest to write " + reference.digest()
                            + " to; add digest: \"\" if the chart reads it, or release a tag");
        }
        requireDigestIfAsked(reference);
        setOrClear(keys, key, reference.tagName());
        String digestKey = digestKey().orElse(DIGEST);
        setOrClear(keys, digestKey, reference.digestValue().map(value -> digestFor(digestKey, value)));
        return keys;
    }

    private String digestFor(String key, String digest) {
        boolean prefixed =
                file.text(map, key).map(text -> text.indexOf(':') >= 0).orElse(!BARE_DIGESTS.contains(key));
        return prefixed ? digest : digest.substring(digest.indexOf(':') + 1);
    }

    private void requireThisImage(ImageReference reference) {
        String found = repository();
        String bare = KustomizeImages.withoutVersion(found);
        if (!ImageReference.mayBeMirror(bare, declared)
                && !ImageReference.isSameRepository(bare, reference.repository())) {
            throw file.refuse(
                    map,
                    "'" + path + "' is another image, " + Shortened.name(bare) + ", and not " + declared
                            + "; correct the path, or declare that repository");
        }
    }

    private void requireRepositoryAlone() {
        String found = repository();
        if (!KustomizeImages.withoutVersion(found).equals(found)) {
            String key = path.then(repositoryKey().orElseThrow()).toString();
            throw file.refuse(
                    map,
                    "'" + key + "' holds a version besides the repository; keep the repository alone there, or declare"
                            + " the path '" + key + "' if the chart reads no other version");
        }
    }

    /** Whether the map itself says that it is of the declared repository, and has a version. */
    boolean isOfDeclared() {
        return repositoryKey().flatMap(key -> file.text(map, key)).isPresent()
                && (has(TAG) || has(VERSION) || digestKey().isPresent())
                && ImageReference.isSameRepository(KustomizeImages.withoutVersion(repository()), declared);
    }

    /** Whether the map alone says the version: its repository does not. */
    boolean hasVersionBeside() {
        return KustomizeImages.withoutVersion(repository()).equals(repository());
    }

    /** By a key that only images have, or by the repository that another key holds. */
    boolean isImage() {
        return Stream.concat(Stream.of(REGISTRY, REPOSITORIES.get(0), TAG), DIGESTS.stream())
                        .anyMatch(this::has)
                || REPOSITORIES.stream()
                        .flatMap(key -> file.text(map, key).stream())
                        .anyMatch(text -> text.indexOf('/') >= 0
                                && ImageReference.mayBeMirror(KustomizeImages.withoutVersion(text), declared));
    }

    /** {@code useDigest: true} makes a chart read the digest, which would be empty. */
    private void requireDigestIfAsked(ImageReference reference) {
        entries().stream()
                .filter(entry -> reference.digest() == null
                        && entry.name()
                                .filter(ASKS_FOR_DIGEST.asMatchPredicate())
                                .isPresent()
                        && text(entry).equals("true"))
                .findFirst()
                .ifPresent(entry -> {
                    throw file.refuse(
                            entry.key(),
                            "'" + path.then(entry.name().orElseThrow()) + "' makes the chart read the digest, and "
                                    + reference + " has none; release it with its digest");
                });
    }

    /** Whatever the chart might read in place of the keys that are written. */
    private void requireOneVersion() {
        if (versionKey().filter(VERSION::equals).isPresent() && has(TAG)) {
            throw refuseKeys("has an empty key tag beside version, and the chart reads one of them", "tag", "version");
        }
        Optional<String> tag = file.text(map, TAG);
        if (tag.isPresent() && tag.equals(file.text(map, VERSION))) {
            throw refuseKeys("has the same version under tag and version, and the chart reads one of them", "tag");
        }
        for (MappingNode.Entry entry : entries()) {
            String key = entry.name().orElse("");
            if (!ORDER.contains(key) && !NEUTRAL.matcher(key).matches()) {
                requireNoVersion(key, entry);
            }
        }
        if (file.text(map, DIGEST).isPresent()
                && BARE_DIGESTS.stream().anyMatch(key -> file.text(map, key).isPresent())) {
            throw refuseKeys("has a digest under digest and under sha, and the chart reads one of them", DIGEST);
        }
    }

    private void requireNoVersion(String key, MappingNode.Entry entry) {
        String text = text(entry);
        if (holdsDigest(entry.value())) {
            throw refuseKeys("has a digest under " + Shortened.name(key) + ", which would decide what runs", key);
        }
        boolean ofOneImage = ImageText.Key.of(path.last().orElse("")) == ImageText.Key.IMAGE;
        if (ofOneImage && isWholeOfThis(text)) {
            throw refuseKeys("has a whole image under " + Shortened.name(key) + ", which would decide what runs", key);
        }
        boolean named = ImageText.Key.of(key) == ImageText.Key.VERSION && !text.equals("true") && !text.equals("false");
        boolean read = versionKey().isEmpty()
                || !text.isEmpty() && OVERRIDES.matcher(key).matches();
        if (read && (named || !text.isEmpty() && ImageText.isVersionLike(text))) {
            throw refuseKeys(
                    versionKey().map(tag -> "has a key " + tag + " and ").orElse("has no key tag, but ")
                            + Shortened.name(key),
                    key);
        }
    }

    private List<MappingNode.Entry> entries() {
        return map instanceof MappingNode mapping ? mapping.entries() : List.of();
    }

    private static String text(MappingNode.Entry entry) {
        return entry.value() instanceof ScalarNode scalar && !scalar.isNull()
                ? scalar.value().strip()
                : "";
    }

    /** Below, too, one for each platform, unless it is another image's. */
    private static boolean holdsDigest(YamlNode value) {
        if (value instanceof ScalarNode scalar) {
            return ANY_DIGEST.matcher(scalar.value().strip()).matches();
        }
        if (value instanceof SequenceNode list) {
            return list.items().stream().anyMatch(HelmImageMap::holdsDigest);
        }
        return value instanceof MappingNode below
                && REPOSITORIES.stream().allMatch(key -> below.named(key).isEmpty())
                && below.entries().stream().anyMatch(entry -> holdsDigest(entry.value()));
    }

    private boolean isWholeOfThis(String text) {
        try {
            ImageReference whole = ImageReference.parse(text);
            return (whole.tag() != null || whole.digest() != null)
                    && whole.repository().indexOf('/') > 0
                    && ImageReference.mayBeMirror(whole.repository(), declared);
        } catch (InvalidImageException e) {
            return false;
        }
    }

    private EditRefusedException refuseKeys(String what, String... keys) {
        List<String> paths = List.of(keys).stream()
                .map(key -> "'" + Shortened.name(path.then(key).toString()) + "'")
                .toList();
        return file.refuse(
                map,
                "'" + path + "' " + what + "; remove the key that the chart does not read, or declare the path "
                        + String.join(" or ", paths));
    }

    private void writeRepository(String repository, ImageMap keys) {
        if (ImageReference.isSameRepository(repository, declared)
                || ImageReference.isSameRepository(repository, repository())) {
            return;
        }
        if (folder().isPresent()) {
            throw file.refuse(
                    map, "'" + path + "' has its repository under several keys; release an image of " + declared);
        }
        String key = repositoryKey()
                .orElseThrow(() -> file.refuse(
                        map,
                        "'" + path + "' has no key repository to write " + repository
                                + " to; add it, or release an image of " + declared));
        if (registry().isEmpty()) {
            keys.set(key, repository);
        } else {
            keys.set(REGISTRY, ImageReference.registry(repository));
            keys.set(key, ImageReference.path(repository));
        }
    }

    private void setOrClear(ImageMap keys, String key, Optional<String> value) {
        if (value.isPresent() || file.text(map, key).isPresent()) {
            keys.set(key, value.orElse(""));
        }
    }

    /** The declared one where the file does not say it, or a template does. */
    private String repository() {
        return folder().or(() -> repositoryKey().flatMap(key -> file.text(map, key)))
                .map(found -> registry()
                        .map(registry -> registry.replaceFirst("/+$", "") + "/" + found)
                        .orElse(found))
                .filter(found -> !found.contains("{{"))
                .orElse(declared);
    }

    /** The repository where one key has its folder and another one its name, as Strimzi's charts do. */
    private Optional<String> folder() {
        List<String> parts = REPOSITORIES.stream()
                .flatMap(key -> file.text(map, key).stream())
                .limit(2)
                .toList();
        return Optional.of(String.join("/", parts))
                .filter(joined -> parts.size() == 2
                        && !ImageReference.mayBeMirror(parts.get(0), declared)
                        && ImageReference.mayBeMirror(joined, declared));
    }

    private Optional<String> repositoryKey() {
        return REPOSITORIES.stream().filter(this::has).findFirst();
    }

    private Optional<String> registry() {
        return file.text(map, REGISTRY).or(() -> global("imageRegistry")).or(() -> global("image", REGISTRY));
    }

    private Optional<String> global(String... keys) {
        YamlPath below = YamlPath.of("global");
        for (String key : keys) {
            below = below.then(key);
        }
        return file.find(document, below).flatMap(LocatedNode::text);
    }

    private boolean has(String key) {
        return file.key(map, key).isPresent();
    }
}
