package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.ApprovedBy;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a gate: a fold of its events, nothing else. Nothing changes one that was handed out; {@link #with} gives
 * the next one. What may happen next is up to {@link GateDecisions}; {@link LiveGate} keeps the events, one after the other.
 */
public final class Gate {

    /** Requirement id: every group's quorum is reached. */
    public static final String APPROVALS = "approvals";

    /** Requirement id: every item of the checklist is ticked. */
    public static final String CHECKLIST = "checklist";

    /** Requirement id: the calendar is open. A check with this id tells of the freezes outside of the gate. */
    public static final String FREEZE = "freeze";

    /** Check id: nobody has locked the target. An override cannot skip it: a lock is lifted by unlocking. */
    public static final String LOCK = "lock";

    /** Requirement id: an author of the change does not approve it alone, where not all authors are known. */
    public static final String SEPARATION = "separation";

    /** Check id: no other promotion of the same target is under way, and no older gate queues before this one. */
    public static final String TURN = "turn";

    /** Ids of what is no check: no check may have one of them. */
    public static final Set<String> NOT_CHECKS = Set.of(APPROVALS, SEPARATION, TURN);

    /** People are reminded no more often, whatever the declaration says: each reminder is kept. */
    public static final Duration SHORTEST_REMINDER = Duration.ofMinutes(5);

    private final List<GateEvent> events = new ArrayList<>();
    private final Map<String, GateEvent.Approved> approvals = new LinkedHashMap<>();
    private final Map<String, GateEvent.Ticked> ticks = new LinkedHashMap<>();
    private final Map<String, CheckResult> results = new LinkedHashMap<>();
    private final List<GateEvent.Overridden> overrides = new ArrayList<>();
    private GateEvent.Opened opening;
    private GateEvent.Amended amended;
    private GateStatus status;
    private Instant lastReminder;
    private Instant undecidedSince;
    private GateEvent.Granted granted;
    private int skipped;

    private Gate() {}

    /**
     * The state after these events.
     *
     * @throws IllegalStateException if they are no gate's history: a defect or a damaged file
     */
    public static Gate of(List<? extends GateEvent> events) {
        Gate gate = new Gate();
        events.forEach(gate::apply);
        gate.requireOpening();
        return gate;
    }

    /**
     * The state after stored events. Those that cannot be read, because a file is damaged or a newer version of the plugin
     * wrote them, are skipped and counted; when one of them may have ended the gate, it is closed.
     *
     * @param lines as {@link GateJson} writes them
     * @return empty when the opening cannot be read
     */
    public static Optional<Gate> restore(List<String> lines) {
        Gate gate = new Gate();
        boolean mayHaveEnded = false;
        for (String line : lines) {
            try {
                gate.apply(GateJson.read(line));
            } catch (RuntimeException unreadable) {
                gate.skipped++;
                mayHaveEnded |= GateJson.mayEnd(line);
            }
        }
        if (gate.opening == null) {
            return Optional.empty();
        }
        if (mayHaveEnded && gate.status == GateStatus.OPEN) {
            gate.apply(new GateEvent.Closed(gate.last().at(), "an event that may have ended it cannot be read"));
        }
        return Optional.of(gate);
    }

    /** How many stored events could not be read. */
    public int skipped() {
        return skipped;
    }

    /** The state after one more event. */
    public Gate with(GateEvent event) {
        Gate next = new Gate();
        next.events.addAll(events);
        next.approvals.putAll(approvals);
        next.ticks.putAll(ticks);
        next.results.putAll(results);
        next.overrides.addAll(overrides);
        next.opening = opening;
        next.amended = amended;
        next.status = status;
        next.lastReminder = lastReminder;
        next.undecidedSince = undecidedSince;
        next.granted = granted;
        next.skipped = skipped;
        next.apply(event);
        return next;
    }

    /** Everything that happened, in order. */
    public List<GateEvent> events() {
        return Collections.unmodifiableList(events);
    }

    public GateSubject subject() {
        return opening.subject();
    }

    /** As it was declared when it opened. */
    public GateDefinition definition() {
        return opening.definition();
    }

    /** As it was declared when it was looked at last. */
    public GateDefinition declared() {
        return amended == null ? opening.definition() : amended.definition();
    }

    /** The last change of its declaration since it opened. */
    public Optional<GateEvent.Amended> amended() {
        return Optional.ofNullable(amended);
    }

    /**
     * What it asks for: as declared when it opened and, where that is something else, as declared now. All of it has to
     * hold, so that no change of the declaration lets a release pass that waits already.
     */
    public List<GateDefinition> readings() {
        boolean isSame = declared().asksTheSame(definition())
                && declared().hotfix().equals(definition().hotfix());
        return isSame ? List.of(definition()) : List.of(definition(), declared());
    }

    /** Ids of the automatic checks that must pass. */
    public List<String> checks() {
        return amended == null ? opening.checks() : amended.checks();
    }

    /** Items that a person must tick, in order. */
    public List<String> checklist() {
        return readings().stream()
                .flatMap(reading -> reading.checklist().stream())
                .distinct()
                .toList();
    }

    /** Items that a check of the source's verification ticks, and the check of each, in order. */
    public Map<String, String> evidence() {
        Map<String, String> all = new LinkedHashMap<>();
        readings().forEach(reading -> reading.evidence().forEach(all::putIfAbsent));
        return all;
    }

    /** How long the release must have been healthy in the environment it comes from. */
    public Duration soak() {
        return readings().stream()
                .map(GateDefinition::soak)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether people have to approve. */
    boolean asksForApprovals() {
        return readings().stream().anyMatch(reading -> !reading.approvals().isEmpty());
    }

    /** Whether people approve there alone, and nowhere else. What goes back is approved at the gate. */
    boolean isReviewed(ApprovedBy alone) {
        boolean isPromotion = subject() instanceof GateSubject.Promotion promotion
                && promotion.origin() != GateSubject.Origin.ROLLBACK;
        return isPromotion ? declared().approvedBy() == alone : alone == ApprovedBy.GATE;
    }

    /** Whether reviews of a pull request count as approvals. */
    public boolean isReviewed() {
        return !isReviewed(ApprovedBy.GATE) && asksForApprovals();
    }

    /** Whether neither a starter nor an author may approve. */
    boolean separatesDuties() {
        return readings().stream().anyMatch(reading -> reading.separationOfDuties() != SeparationOfDuties.NONE);
    }

    /** Whether it has a calendar of its own. */
    boolean freezes() {
        return readings().stream().anyMatch(reading -> !reading.freeze().isEmpty());
    }

    public GateStatus status() {
        return status;
    }

    public Instant openedAt() {
        return opening.at();
    }

    /** When it expires if nobody decides. */
    public Optional<Instant> expiresAt() {
        return definition().expiry().map(undecidedSince::plus);
    }

    /** When people are to be reminded next. */
    public Optional<Instant> remindsAt() {
        return definition()
                .reminder()
                .map(often -> lastReminder.plus(often.compareTo(SHORTEST_REMINDER) < 0 ? SHORTEST_REMINDER : often));
    }

    /** Approvals that stand, in order. */
    public List<GateEvent.Approved> approvals() {
        return List.copyOf(approvals.values());
    }

    /** The approval of a person, if it stands. */
    Optional<GateEvent.Approved> approval(Person person) {
        return approvals.values().stream()
                .filter(approved -> person.wrote(approved.by()))
                .findFirst();
    }

    /** Item to the tick that stands. */
    public Map<String, GateEvent.Ticked> ticks() {
        return Collections.unmodifiableMap(ticks);
    }

    /** Check id to its recorded result; a check that never answered is absent. */
    public Map<String, CheckResult> results() {
        return Collections.unmodifiableMap(results);
    }

    public List<GateEvent.Overridden> overrides() {
        return Collections.unmodifiableList(overrides);
    }

    /** Ids of the requirements that somebody waived. */
    public Set<String> waived() {
        Set<String> ids = new LinkedHashSet<>();
        overrides.forEach(override -> ids.addAll(override.skipped()));
        return ids;
    }

    /** Who sits on which of the quorums, for each of the readings. */
    List<Quorum> quorums() {
        List<Quorum> quorums = new ArrayList<>();
        for (GateDefinition reading : readings()) {
            quorums.add(
                    quorums.isEmpty()
                            ? Quorum.opened(reading.approvals(), approvals.values())
                            : Quorum.amended(reading, definition().approvals(), approvals.values()));
        }
        return quorums;
    }

    /** Whether everybody has approved who has to. */
    boolean isApproved() {
        return quorums().stream().allMatch(Quorum::isReached);
    }

    /** Whether this click was recorded already. */
    boolean knows(String decision) {
        return events.stream()
                .anyMatch(event -> event instanceof GateEvent.Decided decided
                        && decided.decision().equals(decision));
    }

    /** The commit of the promotion, once it stands. */
    public Optional<String> commit() {
        return last() instanceof GateEvent.Promoted promoted ? Optional.of(promoted.commit()) : Optional.empty();
    }

    /** When the requirements held, if they did; empty again once it was reopened. */
    public Optional<GateEvent.Granted> granted() {
        return Optional.ofNullable(granted);
    }

    /** The last event. */
    public GateEvent last() {
        return events.get(events.size() - 1);
    }

    private void requireOpening() {
        if (opening == null) {
            throw new IllegalStateException("a gate's history begins with its opening");
        }
    }

    /** Only while the gate is made. */
    private void apply(GateEvent event) {
        if (event instanceof GateEvent.Opened opened) {
            require(opening == null, event);
            opening = opened;
            begin(opened.at());
        } else {
            requireOpening();
            if (!(event instanceof GateEvent.Promoted
                    || event instanceof GateEvent.Closed
                    || event instanceof GateEvent.Reopened)) {
                require(status == GateStatus.OPEN, event);
            }
            change(event);
        }
        events.add(event);
    }

    private void begin(Instant at) {
        status = GateStatus.OPEN;
        lastReminder = at;
        undecidedSince = at;
        granted = null;
    }

    private void change(GateEvent event) {
        if (event instanceof GateEvent.Approved approved) {
            require(approvals.put(approved.by().id(), approved) == null || amended != null, event);
        } else if (event instanceof GateEvent.Amended change) {
            amended = change;
            // What was enough before may not be enough now.
            results.clear();
        } else if (event instanceof GateEvent.Withdrawn withdrawn) {
            require(approvals.remove(withdrawn.by().id()) != null, event);
        } else if (event instanceof GateEvent.Ticked ticked) {
            require(ticks.putIfAbsent(ticked.item(), ticked) == null, event);
        } else if (event instanceof GateEvent.Unticked unticked) {
            require(ticks.remove(unticked.item()) != null, event);
        } else if (event instanceof GateEvent.Overridden overridden) {
            overrides.add(overridden);
        } else if (event instanceof GateEvent.Checked checked) {
            results.put(checked.result().check(), checked.result());
        } else if (event instanceof GateEvent.Reminded) {
            lastReminder = event.at();
        } else if (event instanceof GateEvent.Reopened) {
            require(status.isGranted() && !isPromoted(), event);
            begin(event.at());
        } else {
            status = end(event);
        }
    }

    private GateStatus end(GateEvent event) {
        if (event instanceof GateEvent.Granted grant) {
            granted = grant;
            return overrides.isEmpty() ? GateStatus.APPROVED : GateStatus.OVERRIDDEN;
        } else if (event instanceof GateEvent.Rejected) {
            return GateStatus.REJECTED;
        } else if (event instanceof GateEvent.Expired) {
            return GateStatus.EXPIRED;
        } else if (event instanceof GateEvent.Superseded) {
            return GateStatus.SUPERSEDED;
        } else if (event instanceof GateEvent.Promoted) {
            require(status.isGranted() && !isPromoted(), event);
            return status;
        }
        require(
                event instanceof GateEvent.Closed && !isPromoted() && (status == GateStatus.OPEN || status.isGranted()),
                event);
        return GateStatus.CLOSED;
    }

    /** Nothing follows the commit of the promotion. */
    private boolean isPromoted() {
        return last() instanceof GateEvent.Promoted;
    }

    private void require(boolean legal, GateEvent event) {
        if (!legal) {
            throw new IllegalStateException(
                    "a gate that is " + status + " after " + events.size() + " events does not take " + event);
        }
    }
}
