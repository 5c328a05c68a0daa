package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;

/** The server has no such branch. */
final class NoSuchBranchException extends IOException {

    private static final long serialVersionUID = 1L;

    NoSuchBranchException(@NonNull String branch) {
        super("there is no branch " + branch);
    }
}
