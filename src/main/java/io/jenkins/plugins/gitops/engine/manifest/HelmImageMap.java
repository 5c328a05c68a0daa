package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/**
 * The map {@code {registry, repository, tag, digest}} of a values file.
 *
 * <p>Without a {@code registry} of its own the chart's {@code global.imageRegistry} or {@code global.image.registry}
 * counts. A version that no longer holds becomes {@code ""} and is not removed: a removed key would let the chart's or an
 * earlier values file's value through.
 *
 * @param declared the declared repository, for maps that have none
 */
record HelmImageMap(YamlFile file, Values values, YamlNode root, YamlNode map, YamlPath path, String declared) {

    private static final String REGISTRY = "registry";
    private static final String REPOSITORY = "repository";
    private static final String NAME = "name";
    private static final String TAG = "tag";
    private static final String DIGEST = "digest";
    private static final List<String> ORDER = List.of(REGISTRY, REPOSITORY, NAME, TAG, DIGEST);

    ImageReference reference() {
        Optional<String> tag = values.text(map, TAG);
        Optional<String> digest = values.text(map, DIGEST);
        int at = tag.map(text -> text.indexOf('@')).orElse(-1);
        if (at < 0) {
            return values.reference(map, repository(), tag, digest);
        }
        String both = tag.orElseThrow();
        return values.reference(
                map,
                repository(),
                Optional.of(both.substring(0, at)),
                digest.or(() -> Optional.of(both.substring(at + 1))));
    }

    YamlFile write(ImageReference reference) {
        YamlFile edited = writeRepository(reference.repository());
        boolean together =
                values.text(map, TAG).filter(tag -> tag.indexOf('@') >= 0).isPresent()
                        && values.text(map, DIGEST).isEmpty();
        if (together && reference.tag() != null) {
            String digest = reference.digestValue().map(value -> "@" + value).orElse("");
            return set(edited, TAG, reference.tag() + digest);
        }
        if (reference.tag() == null && !has(DIGEST)) {
            throw file.refuse(
                    map,
                    Refusal.WRONG_KIND,
                    "'" + path + "' has no key digest to write " + reference.digest()
                            + " to; add digest: \"\" if the chart reads it, or release a tag");
        }
        edited = setOrClear(edited, TAG, reference.tagName());
        return setOrClear(edited, DIGEST, reference.digestValue());
    }

    private YamlFile writeRepository(String repository) {
        if (RepositoryNames.same(repository, declared) || RepositoryNames.same(repository, repository())) {
            return file;
        }
        String key = repositoryKey()
                .orElseThrow(() -> file.refuse(
                        map,
                        Refusal.WRONG_KIND,
                        "'" + path + "' has no key repository to write " + repository
                                + " to; add it, or release an image of " + declared));
        if (registry().isEmpty()) {
            return set(file, key, repository);
        }
        YamlFile edited = set(file, REGISTRY, RepositoryNames.registry(repository));
        return set(edited, key, RepositoryNames.path(repository));
    }

    private YamlFile setOrClear(YamlFile edited, String key, Optional<String> value) {
        if (value.isPresent()) {
            return set(edited, key, value.get());
        }
        return values.text(map, key).isPresent() ? set(edited, key, "") : edited;
    }

    /** Sets a key in the file as edited so far, where the map is another node. */
    private YamlFile set(YamlFile edited, String key, String value) {
        YamlNode there = new Values(edited)
                .lookup()
                .require(edited.documents().get(0), path)
                .value();
        return new MapEdit(edited, there, ORDER).set(key, value);
    }

    private String repository() {
        Optional<String> path = repositoryKey().flatMap(key -> values.text(map, key));
        if (path.isEmpty()) {
            return declared;
        }
        return registry().map(registry -> registry + "/" + path.get()).orElse(path.get());
    }

    private Optional<String> repositoryKey() {
        return has(REPOSITORY) ? Optional.of(REPOSITORY) : has(NAME) ? Optional.of(NAME) : Optional.empty();
    }

    private Optional<String> registry() {
        return values.text(map, REGISTRY).or(() -> global("imageRegistry")).or(() -> global("image", REGISTRY));
    }

    private Optional<String> global(String... keys) {
        YamlPath below = YamlPath.of("global");
        for (String key : keys) {
            below = below.then(key);
        }
        return values.lookup().find(root, below).flatMap(values::text);
    }

    private boolean has(String key) {
        return values.lookup().key(map, key).isPresent();
    }
}
