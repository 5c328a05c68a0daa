package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.eclipse.jgit.lib.Constants;

/** The full names of refs. */
final class Refs {

    private Refs() {}

    /** A branch by its short name; what starts with {@code refs/} is a full name already. */
    @NonNull
    static String named(@NonNull String branch) {
        return branch.startsWith(Constants.R_REFS) ? branch : Constants.R_HEADS + branch;
    }
}
