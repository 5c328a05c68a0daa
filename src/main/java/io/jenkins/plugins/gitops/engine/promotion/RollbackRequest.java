package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import java.time.Instant;
import java.util.Optional;

/**
 * A wish to go back.
 *
 * @param id unique; the same id never rolls back twice
 * @param seenAt the commit at which whoever decided saw the target: when it runs something else by now, nothing is
 *     taken back; empty where nobody has looked, which means whatever runs there
 * @param reason why, for commit, ledger and hold; may be empty when nobody was asked
 * @param decidedAt when somebody, or a failed deployment, decided it
 */
public record RollbackRequest(
        @NonNull String id,
        @NonNull String defaultBranch,
        @NonNull String application,
        @NonNull String environment,
        @NonNull RollbackTo to,
        @NonNull Optional<String> seenAt,
        @NonNull String reason,
        @NonNull Instant decidedAt,
        @NonNull Provenance provenance,
        @NonNull Identity author) {}
