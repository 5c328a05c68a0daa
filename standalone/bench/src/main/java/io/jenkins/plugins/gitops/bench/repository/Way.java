package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.Path;

/** A way to bring a new image tag onto the branch. */
interface Way {

    @NonNull
    String title();

    /**
     * What is not measured: a clone or cache that a warm way finds.
     *
     * @param scratch an empty directory of this round
     */
    default void prepare(@NonNull Path scratch, @NonNull String url, @NonNull String tag) throws IOException {}

    /** What is measured. */
    void bump(@NonNull Path scratch, @NonNull String url, @NonNull String tag) throws IOException;
}
