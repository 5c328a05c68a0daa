package io.jenkins.plugins.gitops.engine.gate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.gate.Person.Signature;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened at a gate. Events are only ever appended; {@link Gate#of} folds them into the gate's state,
 * and the same events always give the same state. Their JSON form ({@link GateJson}) is kept for years: add kinds and
 * components, never rename or remove them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = GateEvent.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = GateEvent.Amended.class, name = "amended"),
    @JsonSubTypes.Type(value = GateEvent.Approved.class, name = "approved"),
    @JsonSubTypes.Type(value = GateEvent.Withdrawn.class, name = "withdrawn"),
    @JsonSubTypes.Type(value = GateEvent.Ticked.class, name = "ticked"),
    @JsonSubTypes.Type(value = GateEvent.Unticked.class, name = "unticked"),
    @JsonSubTypes.Type(value = GateEvent.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = GateEvent.Overridden.class, name = "overridden"),
    @JsonSubTypes.Type(value = GateEvent.Checked.class, name = "checked"),
    @JsonSubTypes.Type(value = GateEvent.Reminded.class, name = "reminded"),
    @JsonSubTypes.Type(value = GateEvent.Expired.class, name = "expired"),
    @JsonSubTypes.Type(value = GateEvent.Superseded.class, name = "superseded"),
    @JsonSubTypes.Type(value = GateEvent.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = GateEvent.Granted.class, name = "granted"),
    @JsonSubTypes.Type(value = GateEvent.Reopened.class, name = "reopened"),
    @JsonSubTypes.Type(value = GateEvent.Promoted.class, name = "promoted")
})
public sealed interface GateEvent {

    /** When it happened, by the controller's clock. */
    Instant at();

    /** A person's decision; {@link #decision()} identifies the click, so that a replay is recognised. */
    sealed interface Decided extends GateEvent permits Approved, Withdrawn, Ticked, Unticked, Rejected, Overridden {
        String decision();

        Signature by();
    }

    /**
     * The gate stands.
     *
     * @param checks ids of the automatic checks that must pass
     */
    record Opened(Instant at, GateSubject subject, GateDefinition definition, List<String> checks)
            implements GateEvent {
        public Opened {
            checks = List.copyOf(checks);
        }
    }

    /**
     * The declaration of the gate has changed: from now on it asks for what it asked for when it opened, and for what this
     * declaration asks for. Another one takes the place of the one before.
     *
     * @param definition as declared now
     * @param checks ids of the automatic checks that must pass now
     * @param commit that changed it
     * @param change a clause for people
     */
    record Amended(Instant at, GateDefinition definition, List<String> checks, String commit, String change)
            implements GateEvent {
        public Amended {
            checks = List.copyOf(checks);
        }
    }

    /**
     * Somebody is for it; again, where the gate was amended meanwhile and asks for somebody whom this person is.
     *
     * @param quorums indexes into the approvals of the definition at the opening that this person may count for
     * @param names whom the gate names and this person is: the user, groups
     * @param involved whether this person started the run or wrote part of the change
     * @param review that counts as this approval, or null for one that was given at the gate
     */
    record Approved(
            Instant at,
            String decision,
            Signature by,
            List<Integer> quorums,
            String comment,
            List<String> names,
            boolean involved,
            @Nullable Review review)
            implements Decided {

        /** Approvals that were stored before gates were amended name nobody. */
        public Approved {
            quorums = List.copyOf(quorums);
            names = names == null ? List.of() : List.copyOf(names);
        }

        /** Of somebody whom the gate does not name, and who has nothing to do with the change. */
        public Approved(Instant at, String decision, Signature by, List<Integer> quorums, String comment) {
            this(at, decision, by, quorums, comment, List.of(), false, null);
        }
    }

    /**
     * A review of a pull request.
     *
     * @param login of the reviewer, where the pull request is
     * @param account by which the server knows the reviewer
     * @param url of the pull request
     * @param commit that was reviewed
     */
    record Review(String login, String account, String url, String commit) {}

    /**
     * Somebody takes their own approval back.
     *
     * @param reason why it does not count any more though nobody took it back here, or null
     */
    record Withdrawn(
            Instant at,
            String decision,
            Signature by,
            @Nullable String reason) implements Decided {

        /** By that person. */
        public Withdrawn(Instant at, String decision, Signature by) {
            this(at, decision, by, null);
        }
    }

    /** Somebody ticks an item of the checklist. */
    record Ticked(Instant at, String decision, Signature by, String item) implements Decided {}

    /** Somebody takes a tick away. */
    record Unticked(Instant at, String decision, Signature by, String item) implements Decided {}

    /** Somebody is against it, for good. */
    record Rejected(Instant at, String decision, Signature by, String reason) implements Decided {}

    /**
     * Somebody waives requirements (break-glass).
     *
     * @param skipped ids of the requirements waived, in order
     */
    record Overridden(Instant at, String decision, Signature by, String reason, List<String> skipped)
            implements Decided {
        public Overridden {
            skipped = List.copyOf(skipped);
        }
    }

    /** A check says something else than before. */
    record Checked(Instant at, CheckResult result) implements GateEvent {}

    /** People were reminded. */
    record Reminded(Instant at) implements GateEvent {}

    /** Nobody decided in time. */
    record Expired(Instant at) implements GateEvent {}

    /** A newer release took the place; {@code by} says which, for people. */
    record Superseded(Instant at, String by) implements GateEvent {}

    /** The gate has become pointless: run aborted, source rolled back, target moved on. */
    record Closed(Instant at, String reason) implements GateEvent {}

    /**
     * Every requirement held at this instant: the promotion may go, once.
     *
     * @param approvals who counted for what, as trailers say it
     */
    record Granted(Instant at, List<String> approvals) implements GateEvent {
        public Granted {
            approvals = List.copyOf(approvals);
        }
    }

    /** Jenkins restarted between the grant and the commit: the requirements are checked again, and approvals stay. */
    record Reopened(Instant at, String reason) implements GateEvent {}

    /** The promotion's commit stands. */
    record Promoted(Instant at, String commit) implements GateEvent {}
}
