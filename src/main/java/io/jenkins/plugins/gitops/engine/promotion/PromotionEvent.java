package io.jenkins.plugins.gitops.engine.promotion;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Something worth telling others: chat, dashboards, audit. Its JSON form is what the webhook posts.
 *
 * @param summary one line for people
 * @param commit of the config repository, or null where there is none yet
 * @param run address of the run, or null
 */
public record PromotionEvent(
        Kind event,
        Instant at,
        String application,
        String environment,
        Map<String, Version> images,
        String summary,
        @Nullable String commit,
        @Nullable String run) {

    public PromotionEvent {
        images = Collections.unmodifiableMap(new TreeMap<>(images));
    }

    /** What happened. */
    public enum Kind {
        GATE_OPENED,
        /** Approved, rejected, overridden, superseded or closed: the gate has ended. */
        GATE_DECIDED,
        GATE_REMINDED,
        GATE_EXPIRED,
        PROMOTED,
        ROLLED_BACK,
        /** What a rollback put back is healthy; the summary says how long it took. */
        RECOVERED,
        SYNC_FAILED,
        /** Every declared check of a deployment passed. */
        VERIFIED,
        /** A declared check spoke against a deployment, or could not be done in time. */
        VERIFICATION_FAILED;

        /** {@code gate-opened}. */
        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The same whenever the same thing is told again: a controller that was killed before it could be sure that it had
     * told something tells it once more.
     */
    @JsonProperty("id")
    public String id() {
        String which = Objects.toString(
                switch (event) {
                    case PROMOTED, ROLLED_BACK, RECOVERED -> commit;
                    case GATE_OPENED,
                            GATE_DECIDED,
                            GATE_REMINDED,
                            GATE_EXPIRED,
                            SYNC_FAILED,
                            VERIFIED,
                            VERIFICATION_FAILED -> at;
                });
        String whole = String.join("\n", event.toString(), application, environment, which, String.valueOf(run));
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** What listeners hear of a rollback that was committed. */
    public static PromotionEvent rolledBack(Rollback.Plan plan, BumpResult result, Instant at) {
        String reason = plan.request().reason();
        return of(
                Kind.ROLLED_BACK,
                plan,
                result,
                at,
                "rolled back to the release of " + CommitInfo.abbreviate(plan.good())
                        + (reason.isEmpty() ? "" : ": " + reason));
    }

    /** What listeners hear when what came back is healthy. */
    public static PromotionEvent recovered(Rollback.Plan plan, BumpResult result, RecoveryTime time, Instant at) {
        return of(Kind.RECOVERED, plan, result, at, time.clause());
    }

    private static PromotionEvent of(Kind kind, Rollback.Plan plan, BumpResult result, Instant at, String clause) {
        Rollback.Request request = plan.request();
        return new PromotionEvent(
                kind,
                at,
                request.application(),
                request.environment(),
                plan.release(),
                plan.target() + ": " + clause,
                result.commit(),
                request.provenance().run());
    }

    /** Whether listeners hear of it. */
    public static boolean isNews(GateEvent event) {
        return kind(event).isPresent();
    }

    private static Optional<Kind> kind(GateEvent event) {
        Kind kind = null;
        if (event instanceof GateEvent.Opened) {
            kind = Kind.GATE_OPENED;
        } else if (event instanceof GateEvent.Reminded) {
            kind = Kind.GATE_REMINDED;
        } else if (event instanceof GateEvent.Expired) {
            kind = Kind.GATE_EXPIRED;
        } else if (event instanceof GateEvent.Promoted) {
            kind = Kind.PROMOTED;
        } else if (event instanceof GateEvent.Granted
                || event instanceof GateEvent.Rejected
                || event instanceof GateEvent.Overridden
                || event instanceof GateEvent.Superseded
                || event instanceof GateEvent.Closed) {
            kind = Kind.GATE_DECIDED;
        }
        return Optional.ofNullable(kind);
    }

    /** What listeners hear of a gate; empty for what stays between the gate and its page. */
    public static Optional<PromotionEvent> of(GateEvent event, GateSubject subject) {
        // A question is about no application.
        GateSubject.Promotion promotion = subject instanceof GateSubject.Promotion one ? one : null;
        return kind(event)
                // A rollback tells by itself that it was committed.
                .filter(known -> known != Kind.PROMOTED
                        || promotion == null
                        || promotion.origin() != GateSubject.Origin.ROLLBACK)
                .map(known -> new PromotionEvent(
                        known,
                        event.at(),
                        promotion == null ? "" : promotion.application(),
                        promotion == null ? "" : promotion.environment(),
                        promotion == null ? Map.of() : promotion.release(),
                        subject.target() + ": " + GateMessages.line(event),
                        event instanceof GateEvent.Promoted promoted ? promoted.commit() : null,
                        subject.run()));
    }
}
