package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells what runs in a target: promotion's view of Argo CD. */
@FunctionalInterface
public interface Liveness {

    /**
     * What runs there now. Blocking: call it off the CPS thread.
     *
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if Argo CD cannot be asked
     */
    State observe(Target target);

    /** Equal for all who get the same answer about a target, so that one observation serves them. */
    default Object key(Target target) {
        return List.of(this, target.toString());
    }

    /** For controllers without Argo CD. */
    Liveness UNWATCHED = target -> new State.Unwatched();

    /** What is known about a target. */
    sealed interface State {

        /**
         * Every Argo CD Application of the target is healthy at this commit of the config repository.
         *
         * @param healthySince null when Argo CD does not tell
         */
        record Healthy(String commit, @Nullable Instant healthySince) implements State {

            public Optional<Instant> since() {
                return Optional.ofNullable(healthySince);
            }
        }

        /** Something is under way or wrong; {@code reason} is a clause for people. */
        record NotHealthy(String reason) implements State {}

        /** The declaration names no Argo CD Application: nobody can tell. */
        record Unwatched() implements State {}
    }
}
