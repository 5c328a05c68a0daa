package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;

/**
 * An image of a place before and after.
 *
 * @param place {@code shop/prod}, or the path where no declaration names a target
 * @param image name in the declaration
 * @param from null when the place did not mention the image
 */
public record ImageChange(
        String place, String image, @Nullable Version from, Version to) implements Serializable {

    /** Whether the place says something else now. */
    public boolean isChange() {
        return !to.equals(from);
    }

    /** As the log writes it: {@code shop/prod: api 1.4.2 → 1.5.0}. */
    @Override
    public String toString() {
        return place + ": " + versions();
    }

    /** {@code api 1.4.2 → 1.5.0}. */
    public String versions() {
        return image + " " + (from == null ? "(none)" : from.versionText()) + " → " + to.versionText();
    }
}
