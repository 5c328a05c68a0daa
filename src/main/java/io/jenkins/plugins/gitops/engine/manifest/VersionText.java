package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A text file with one word: an image reference or a tag. What stands around it (blanks, line end, BOM) stays. */
final class VersionText {

    private static final int MAX_BYTES = 4096;

    private final String path;
    private final String before;
    private final String word;
    private final String after;

    VersionText(String path, byte[] content) {
        this.path = path;
        String text = content.length > MAX_BYTES ? "" : new String(content, StandardCharsets.UTF_8);
        if (content.length > MAX_BYTES || !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), content)) {
            throw refuse("a version file holds one image or tag in UTF-8, and nothing else");
        }
        String bare = text.replace('\uFEFF', ' ').strip();
        int start = bare.isEmpty() ? text.length() : text.indexOf(bare);
        this.before = text.substring(0, start);
        this.word = bare;
        this.after = text.substring(start + bare.length());
        if (bare.isEmpty()) {
            throw refuse("the file is empty; write the first tag or image into it");
        }
        if (bare.chars().anyMatch(Character::isWhitespace)) {
            throw refuse("a version file holds one image or tag, and nothing else");
        }
    }

    /** Empty for a version that no registry can have. */
    Optional<ImageReference> read(String repository) {
        return parse(repository).reference(repository);
    }

    byte[] write(String repository, ImageReference reference) {
        ImageText text = parse(repository);
        text.anotherThan(repository).ifPresent(other -> {
            throw refuse("the file holds another image, " + other + "; correct the path, or declare that repository");
        });
        String value = text.with(repository, reference)
                .orElseThrow(() -> refuse("the file holds only a " + (text.isDigest() ? "digest" : "tag")
                        + " and cannot hold " + reference + "; release a " + (text.isDigest() ? "digest" : "tag")
                        + " of " + repository));
        return (before + value + after).getBytes(StandardCharsets.UTF_8);
    }

    private ImageText parse(String repository) {
        try {
            return ImageText.of(word, repository, ImageText.Key.VERSION);
        } catch (InvalidImageException e) {
            throw refuse(e.sentenceAtPlace());
        }
    }

    private EditRefusedException refuse(String sentence) {
        return new EditRefusedException(path, sentence);
    }
}
