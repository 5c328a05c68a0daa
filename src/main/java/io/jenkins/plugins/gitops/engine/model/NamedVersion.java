package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version of a chart, a Git ref or a value, which {@code gitops.yaml} declares under {@code versions}.
 *
 * @param text what stands in the files; {@link VersionSource} says what it may be
 */
public record NamedVersion(String text) implements Version {

    /** In JSON, where image references stand beside it, in front of what could be one; no reference begins so. */
    private static final String MARK = "=";

    /** As much of a digest as one reads. */
    private static final int SHORT_DIGEST = 19;

    private static final Pattern NO_IMAGE = Pattern.compile("v?\\d[\\w.+-]*");

    @Override
    public String shortText() {
        return text.startsWith("sha256:") && text.length() > SHORT_DIGEST ? text.substring(0, SHORT_DIGEST) : text;
    }

    @Override
    public String versionText() {
        return shortText();
    }

    /** What may move is refused where it is declared. */
    @Override
    public NamedVersion requireImmutable() {
        return this;
    }

    @JsonValue
    String json() {
        return NO_IMAGE.matcher(text).matches() ? text : MARK + text;
    }

    /** What {@link #json()} wrote; empty for an image reference. */
    static Optional<NamedVersion> ofJson(String json) {
        if (json.startsWith(MARK)) {
            return Optional.of(new NamedVersion(json.substring(MARK.length())));
        }
        return NO_IMAGE.matcher(json).matches() ? Optional.of(new NamedVersion(json)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
