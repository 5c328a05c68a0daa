package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Where a change comes from, for its trailers.
 *
 * @param run address of the run, or null outside a run
 * @param startedBy id of the user who started the run, or null when nobody did (a push, a timer)
 * @param sourceCommit commit of the application's own repository, or null when unknown
 * @param changeAuthors ids of those who wrote the change in the application's own repository; may be empty
 * @param reason why, as the person said who ordered it by hand, or null
 * @param job full name of the job that asks for it, or null outside a job; no trailer, since the run has an address
 * @param starters ids of all who started the run, or a run before it that led to this one; the first is {@code
 *     startedBy}
 * @param authorsUnknown a clause that says why there may be more authors, or null
 * @param reference what more is known of the source commit, or null
 */
public record Provenance(
        @Nullable String run,
        @Nullable String startedBy,
        @Nullable String sourceCommit,
        List<String> changeAuthors,
        @Nullable String reason,
        @Nullable String job,
        List<String> starters,
        @Nullable String authorsUnknown,
        @Nullable CommitReference reference)
        implements Serializable {

    /** Nothing is known. */
    public static final Provenance UNKNOWN = new Provenance(null, null, null, List.of());

    public Provenance {
        changeAuthors = List.copyOf(changeAuthors);
        starters = starters(starters, startedBy);
    }

    /** Of a change that nobody gave a reason for. */
    public Provenance(
            @Nullable String run,
            @Nullable String startedBy,
            @Nullable String sourceCommit,
            List<String> changeAuthors) {
        this(run, startedBy, sourceCommit, changeAuthors, null);
    }

    /** The same, asked for by a job. */
    public Provenance by(String fullName) {
        return new Provenance(
                run, startedBy, sourceCommit, changeAuthors, reason, fullName, starters, authorsUnknown, reference);
    }

    /** Of a run that at most one user started. */
    public Provenance(
            @Nullable String run,
            @Nullable String startedBy,
            @Nullable String sourceCommit,
            List<String> changeAuthors,
            @Nullable String reason) {
        this(run, startedBy, sourceCommit, changeAuthors, reason, null, List.of(), null, null);
    }

    /** What earlier versions kept names one at most. */
    public static List<String> starters(@CheckForNull List<String> all, @CheckForNull String first) {
        return all == null || all.isEmpty()
                ? Optional.ofNullable(first).stream().toList()
                : List.copyOf(all);
    }

    /** With the source commit, unless one is known already. */
    public Provenance builtFrom(Optional<String> commit) {
        return sourceCommit != null
                ? this
                : new Provenance(
                        run,
                        startedBy,
                        commit.orElse(null),
                        changeAuthors,
                        reason,
                        job,
                        starters,
                        authorsUnknown,
                        null);
    }

    /** Without the change: what goes back to an earlier release is not what the run built. */
    public Provenance withoutChange() {
        return new Provenance(run, startedBy, null, List.of(), null, job, starters, null, null);
    }

    /** What is known. */
    public Trailers trailers() {
        Trailers known = Trailers.NONE
                .with(Trailers.SOURCE_COMMIT, Optional.ofNullable(sourceCommit))
                .withAll(Trailers.CHANGE_AUTHOR, changeAuthors)
                .with(Trailers.AUTHORS_UNKNOWN, Optional.ofNullable(authorsUnknown))
                .with(Trailers.RUN, Optional.ofNullable(run))
                .withAll(Trailers.STARTED_BY, starters)
                .with(Trailers.REASON, Optional.ofNullable(reason));
        return sourceCommit == null
                ? known
                : known.withAll(referenced(sourceCommit).trailers());
    }

    private CommitReference referenced(String commit) {
        return reference != null && commit.equals(reference.commit())
                ? reference
                : new CommitReference(commit, null, null, null, null);
    }
}
