package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.Lookup;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.Optional;

/** Reads the strings an image reference is made of. */
record Values(YamlFile file, Lookup lookup) {

    Values(YamlFile file) {
        this(file, new Lookup(file));
    }

    /** The key's text without surrounding blanks; empty if it is missing, null, blank or no scalar. */
    Optional<String> text(YamlNode map, String key) {
        return lookup.key(map, key).flatMap(this::text);
    }

    Optional<String> text(Found found) {
        return found.value() instanceof ScalarNode scalar && !scalar.isNull() ? text(scalar) : Optional.empty();
    }

    private static Optional<String> text(ScalarNode scalar) {
        String text = scalar.value().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The reference of these parts, or a refusal that points at the node. */
    ImageReference reference(YamlNode at, String repository, Optional<String> tag, Optional<String> digest) {
        try {
            return new ImageReference(repository, tag.orElse(null), digest.orElse(null));
        } catch (InvalidImageException e) {
            throw notAnImage(at, e);
        }
    }

    ImageReference whole(YamlNode at, String text) {
        try {
            return ImageReference.parse(text);
        } catch (InvalidImageException e) {
            throw notAnImage(at, e);
        }
    }

    ImageText oneImage(YamlNode at, String text, String repository, ImageText.Key key) {
        try {
            return ImageText.of(text, repository, key);
        } catch (InvalidImageException e) {
            throw notAnImage(at, e);
        }
    }

    private RuntimeException notAnImage(YamlNode at, InvalidImageException cause) {
        if (file.isTemplated(at)) {
            return file.refuse(
                    at,
                    Refusal.TEMPLATE,
                    "a Go template is here; name the place of the value that it is rendered with");
        }
        return file.refuse(at, Refusal.WRONG_KIND, sentence(cause));
    }

    /** Without the value, which may be a secret, and without the advice that is made of it. */
    static String sentence(InvalidImageException cause) {
        String predicate = cause.predicate();
        int advice = predicate.indexOf("; ", predicate.indexOf("is not a tag") < 0 ? predicate.length() : 0);
        return "the value here " + (advice < 0 ? predicate : predicate.substring(0, advice));
    }
}
