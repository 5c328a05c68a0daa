package io.jenkins.plugins.gitops.engine;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Where the engine tells a person what it is doing: one line at a time, no line end, no secret. Must not block. */
@FunctionalInterface
public interface Progress {

    /** Says nothing. */
    Progress SILENT = line -> {};

    void say(@NonNull String line);
}
