package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One commit on one target, as the ledger knows it.
 *
 * @param images what the target ran after it, as far as the ledger reaches back
 * @param trailers everything the commit said
 * @param outcome what became of it
 * @param live when it was live and healthy, or null when nobody saw that
 * @param rolledBackBy the commit that took it back, or null
 * @param review {@code user: comment} of somebody who has confirmed it afterwards, or null
 * @param checks a line for each check of its verification; empty where it was not verified
 * @param alerts a line for each alert that began to fire after its verification had ended
 * @param signature whether it is by somebody whose word counts; of another the trailers hold what nobody needs to believe,
 *     and it is never known to have been healthy
 */
public record Deployment(
        String application,
        String environment,
        String branch,
        String commit,
        Instant committedAt,
        String subject,
        String author,
        Map<String, Version> images,
        Trailers trailers,
        Outcome outcome,
        @Nullable Instant live,
        @Nullable String rolledBackBy,
        @Nullable String review,
        List<String> checks,
        List<String> alerts,
        SignatureCheck.Result signature) {

    public Deployment {
        checks = List.copyOf(checks);
        alerts = List.copyOf(alerts);
        images = Collections.unmodifiableMap(new TreeMap<>(images));
    }

    /** What became of a deployment. */
    public enum Outcome {
        /** Nobody has seen it live or failed. */
        UNKNOWN,
        /** It was seen live and healthy. */
        HEALTHY,
        FAILED,
        TIMED_OUT,
        /** Another commit took its place before it was live. */
        SUPERSEDED,
        /** It was live and healthy, and every declared check passed. */
        VERIFIED,
        /** It was live and healthy, and a declared check or an alert spoke against it. */
        VERIFICATION_FAILED;

        /** Whether it was seen live and healthy, and nothing spoke against it. */
        public boolean isHealthy() {
            return this == HEALTHY || this == VERIFIED;
        }

        /** Whether it is the end of a verification. */
        boolean isVerdict() {
            return this == VERIFIED || this == VERIFICATION_FAILED;
        }

        /** Whether it was seen live and healthy, whatever came then. */
        public boolean wasHealthy() {
            return isHealthy() || this == VERIFICATION_FAILED;
        }
    }

    /** How the release came. */
    public enum Kind {
        BUMP,
        PROMOTION,
        ROLLBACK
    }

    public Kind kind() {
        if (trailers.value(Trailers.ROLLS_BACK).isPresent()) {
            return Kind.ROLLBACK;
        }
        return Stream.of(Trailers.RELEASE_FROM, Trailers.HOTFIX, Trailers.APPROVED_BY)
                        .anyMatch(key -> trailers.value(key).isPresent())
                ? Kind.PROMOTION
                : Kind.BUMP;
    }

    /** @param from inclusive; {@code to} is exclusive */
    boolean isCommittedBetween(Instant from, Instant to) {
        return !committedAt.isBefore(from) && committedAt.isBefore(to);
    }

    /** When it was live and healthy. */
    public Optional<Instant> liveAt() {
        return Optional.ofNullable(live);
    }

    /** Why it was a hotfix; empty for one that went the ordinary way. */
    public Optional<String> hotfix() {
        return trailers.value(Trailers.HOTFIX);
    }

    /** {@code user: comment} of somebody who has confirmed the hotfix. */
    public Optional<String> reviewed() {
        return Optional.ofNullable(review);
    }

    /** Until when somebody else must confirm the hotfix; empty where nobody must, or somebody has. */
    public Optional<Instant> reviewDue() {
        try {
            return review == null && hotfix().isPresent()
                    ? trailers.value(Trailers.REVIEW_UNTIL).map(Instant::parse)
                    : Optional.empty();
        } catch (DateTimeParseException handWritten) {
            return Optional.empty();
        }
    }

    /** When a rollback was decided, which is not after its commit; empty where the commit does not tell. */
    Optional<Instant> decidedAt() {
        return before(Trailers.DECIDED_AT);
    }

    /** When its gate was opened, which is not after its commit; empty where it went through none. */
    Optional<Instant> gateOpenedAt() {
        return before(Trailers.GATE_OPENED);
    }

    private Optional<Instant> before(String trailer) {
        try {
            return trailers.value(trailer).map(Instant::parse).filter(at -> !at.isAfter(committedAt));
        } catch (DateTimeParseException handWritten) {
            return Optional.empty();
        }
    }

    /** How long a rollback took from the decision until it was healthy; empty unless both are known. */
    public Optional<RecoveryTime> recovery() {
        if (live == null) {
            return Optional.empty();
        }
        try {
            Optional<Instant> decided = decidedAt();
            Optional<Duration> objective = trailers.value(Trailers.OBJECTIVE).map(Duration::parse);
            return decided.flatMap(at -> objective.map(
                    within -> new RecoveryTime(application + "/" + environment, Duration.between(at, live), within)));
        } catch (DateTimeParseException handWritten) {
            return Optional.empty();
        }
    }

    /** The same, known to have been live and healthy at an instant; nothing new where that is known already. */
    Deployment witnessed(Instant at) {
        return outcome.wasHealthy() || !signature.isTrusted()
                ? this
                : new Deployment(
                        application,
                        environment,
                        branch,
                        commit,
                        committedAt,
                        subject,
                        author,
                        images,
                        trailers,
                        Outcome.HEALTHY,
                        at,
                        rolledBackBy,
                        review,
                        checks,
                        alerts,
                        signature);
    }

    /** The same, with what is known of what it carried. */
    public Deployment carrying(Version digest) {
        Map<String, Version> whole = new TreeMap<>(images);
        whole.put(Carries.NAME, digest);
        return new Deployment(
                application,
                environment,
                branch,
                commit,
                committedAt,
                subject,
                author,
                whole,
                trailers,
                outcome,
                live,
                rolledBackBy,
                review,
                checks,
                alerts,
                signature);
    }

    /** Who let it happen: who approved, else who started the run, else who wrote the commit. */
    public List<String> who() {
        List<String> approvers = trailers.values(Trailers.APPROVED_BY);
        if (!approvers.isEmpty()) {
            return approvers;
        }
        return List.of(trailers.value(Trailers.STARTED_BY).orElse(author));
    }

    /** Whether it can be gone back to: it was healthy, and nobody took it back. */
    public boolean isGood() {
        return outcome.isHealthy() && rolledBackBy == null;
    }

    /** Whether it turned out bad: it failed, or somebody took it back. */
    public boolean isBad() {
        return outcome == Outcome.FAILED
                || outcome == Outcome.TIMED_OUT
                || outcome == Outcome.VERIFICATION_FAILED
                || rolledBackBy != null;
    }
}
