package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.time.Instant;

/** Where a rollback goes back to. */
public sealed interface RollbackTo extends Serializable {

    /** The release that was healthy before the one that runs now. */
    record PreviousHealthy() implements RollbackTo {

        private static final long serialVersionUID = 1L;
    }

    /** What a commit of the config repository says; full or unique abbreviated id. */
    record Commit(@NonNull String id) implements RollbackTo {

        private static final long serialVersionUID = 1L;
    }

    /** What a run deployed last into the target: its address, or its number. */
    record Run(@NonNull String run) implements RollbackTo {

        private static final long serialVersionUID = 1L;
    }

    /** The healthy release that was deployed last before an instant. */
    record Before(@NonNull Instant instant) implements RollbackTo {

        private static final long serialVersionUID = 1L;
    }
}
