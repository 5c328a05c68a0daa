package io.jenkins.plugins.gitops.engine.manifest;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a key says of an image that several keys describe, as {@code apiImage}, {@code apiTag} and {@code apiImageDigest} do. */
enum ImagePart {
    REPOSITORY("repository|repo|name|image"),
    VERSION("tag|version"),
    DIGEST("digest|sha|sha256");

    private static final String BEFORE = "(?i)(?<owner>.*?)[._-]?(?:image)?[._-]?(?:";

    private final Pattern names;

    ImagePart(String names) {
        this.names = Pattern.compile(BEFORE + names + ")");
    }

    /** Empty for a key that says something else. */
    static Optional<ImagePart> of(String key) {
        for (ImagePart part : values()) {
            if (part.names.matcher(key).matches()) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** Whose part it is, in lower case: {@code api}; empty for {@code tag} and {@code imageTag}. */
    static String owner(String key) {
        for (ImagePart part : values()) {
            Matcher matcher = part.names.matcher(key);
            if (matcher.matches()) {
                return matcher.group("owner").toLowerCase(Locale.ROOT);
            }
        }
        return key.toLowerCase(Locale.ROOT);
    }
}
