package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a bump did.
 *
 * @param commit the commit that holds the wished images: the new one, or the tip when nothing changed
 * @param application null where files were named without a declaration
 * @param environments empty where files were named without a declaration
 * @param images by name, as written
 * @param changes image from → to for each place; empty when the commit had been made by an earlier attempt
 * @param files what changed, line by line; empty likewise
 */
public record BumpResult(
        @NonNull Outcome outcome,
        @NonNull String commit,
        @NonNull String branch,
        @Nullable String application,
        @NonNull List<String> environments,
        @NonNull Map<String, ImageReference> images,
        @NonNull List<ImageChange> changes,
        @NonNull List<FileChange> files)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** How it went. */
    public enum Outcome {
        /** A commit was made. */
        COMMITTED,
        /** The same wish was committed before: nothing was done. */
        ALREADY_COMMITTED,
        /** The branch says it all already: nothing was done. */
        UNCHANGED
    }

    /** Paths of the files that changed. */
    @NonNull
    public List<String> paths() {
        return files.stream().map(FileChange::path).toList();
    }
}
