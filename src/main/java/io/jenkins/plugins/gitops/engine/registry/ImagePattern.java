package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/**
 * Names that are allowed, for example {@code ghcr.io/acme/**}: {@code *} stands for anything within one part of the path,
 * {@code **} for anything. Docker Hub is {@code docker.io}, its official images are {@code docker.io/library/…}.
 */
public record ImagePattern(@NonNull String glob) {

    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9*.:_\\[\\]-]+(?:/[a-z0-9*._-]+)+");

    /** @throws InvalidPolicyException if it is not {@code host/path} with stars */
    public ImagePattern {
        if (!FORM.matcher(glob).matches()) {
            throw new InvalidPolicyException(glob, "write registry/repository with stars, like ghcr.io/acme/**");
        }
    }

    public boolean matches(@NonNull ImageName name) {
        StringBuilder regex = new StringBuilder();
        for (String piece : glob.split("(?<=\\*)(?!\\*)|(?<!\\*)(?=\\*)")) {
            regex.append(
                    switch (piece) {
                        case "*" -> "[^/]*";
                        case "**" -> ".*";
                        default -> Pattern.quote(piece);
                    });
        }
        return name.toString().matches(regex.toString());
    }

    @Override
    public String toString() {
        return glob;
    }
}
