package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A gate's rules written again, slowly and obviously: what each event needs to be there, and what a gate that is still
 * open must be waiting for. Every method answers with what is broken.
 *
 * @param groups by the name of the person
 */
record GateJudge(
        GateDefinition definition,
        List<String> checks,
        Map<String, Set<String>> groups,
        Set<String> startersAndAuthors) {

    private static final Optional<String> FINE = Optional.empty();

    /** What a history comes to. */
    private record Standing(Set<String> approvals, Set<String> ticks, Set<String> waived, Instant reminded) {

        static Standing of(List<GateEvent> events) {
            Set<String> approvals = new HashSet<>();
            Set<String> ticks = new HashSet<>();
            Set<String> waived = new HashSet<>();
            Instant reminded = events.get(0).at();
            for (GateEvent event : events) {
                if (event instanceof GateEvent.Approved approved) {
                    approvals.add(approved.by().name());
                } else if (event instanceof GateEvent.Withdrawn withdrawn) {
                    approvals.remove(withdrawn.by().name());
                } else if (event instanceof GateEvent.Ticked ticked) {
                    ticks.add(ticked.item());
                } else if (event instanceof GateEvent.Unticked unticked) {
                    ticks.remove(unticked.item());
                } else if (event instanceof GateEvent.Overridden overridden) {
                    waived.addAll(overridden.skipped());
                } else if (event instanceof GateEvent.Reminded || event instanceof GateEvent.Reopened) {
                    reminded = event.at();
                }
            }
            return new Standing(approvals, ticks, waived, reminded);
        }
    }

    /**
     * Whether this may have happened.
     *
     * @param before all that happened before it, the opening first
     * @param clicked who made the click that it came from, by the click's id
     */
    Optional<String> event(
            List<GateEvent> before, GateEvent event, Map<String, CheckResult> world, Map<String, Person> clicked) {
        GateEvent last = before.get(before.size() - 1);
        boolean follows = last instanceof GateEvent.Granted
                && (event instanceof GateEvent.Promoted
                        || event instanceof GateEvent.Closed
                        || event instanceof GateEvent.Reopened);
        if (hasEnded(last) && !follows) {
            return Optional.of("went on after its end");
        } else if (event instanceof GateEvent.Promoted && !follows) {
            return Optional.of("promoted without a grant");
        } else if (event instanceof GateEvent.Reopened && !follows) {
            return Optional.of("reopened without a grant");
        } else if (event instanceof GateEvent.Decided decided) {
            return decided(before, decided, clicked);
        } else if (event instanceof GateEvent.Granted) {
            return unmet(before, world, event.at()).map(unmet -> "granted although " + unmet);
        } else if (event instanceof GateEvent.Expired && !isOver(before, event.at())) {
            return Optional.of("expired too early");
        } else if (event instanceof GateEvent.Reminded && !isDue(before, event.at())) {
            return Optional.of("reminded too early");
        }
        return FINE;
    }

    private Optional<String> decided(List<GateEvent> before, GateEvent.Decided event, Map<String, Person> clicked) {
        Person person = clicked.get(event.decision());
        Person.Permission needed =
                event instanceof GateEvent.Overridden ? Person.Permission.OVERRIDE : Person.Permission.APPROVE;
        if (isOver(before, event.at())) {
            return Optional.of("decided after the expiry");
        } else if (before.stream()
                .anyMatch(other -> other instanceof GateEvent.Decided decided
                        && decided.decision().equals(event.decision()))) {
            return Optional.of("a click counted twice");
        } else if (!(event instanceof GateEvent.Withdrawn)
                && !person.permissions().contains(needed)) {
            return Optional.of("decided without the permission");
        } else if (event instanceof GateEvent.Approved approved) {
            return approved(before, approved);
        } else if (event instanceof GateEvent.Withdrawn
                && isReached(Standing.of(before).approvals())) {
            return Optional.of("withdrawn after the quorum");
        } else if (event instanceof GateEvent.Rejected rejected
                && rejected.reason().isBlank()) {
            return Optional.of("rejected without a reason");
        } else if (event instanceof GateEvent.Overridden overridden) {
            return overridden(overridden);
        }
        return FINE;
    }

    private Optional<String> approved(List<GateEvent> before, GateEvent.Approved event) {
        String who = event.by().name();
        if (Standing.of(before).approvals().contains(who)) {
            return Optional.of("one person approved twice");
        } else if (definition.separationOfDuties() != SeparationOfDuties.NONE && startersAndAuthors.contains(who)) {
            return Optional.of("approved their own change");
        }
        return definition.approvals().stream().anyMatch(approvals -> fits(approvals, who))
                ? FINE
                : Optional.of("approved without being asked");
    }

    private Optional<String> overridden(GateEvent.Overridden event) {
        Set<String> skippable = new HashSet<>(checks);
        skippable.removeAll(Set.of(Gate.TURN, "lock"));
        if (!definition.approvals().isEmpty()) {
            skippable.add(Gate.APPROVALS);
        }
        if (!definition.checklist().isEmpty()) {
            skippable.add(Gate.CHECKLIST);
        }
        if (!definition.freeze().isEmpty()) {
            skippable.add(Gate.FREEZE);
        }
        if (event.reason().isBlank() || event.skipped().isEmpty()) {
            return Optional.of("an override that says nothing");
        }
        return skippable.containsAll(event.skipped()) ? FINE : Optional.of("skipped what cannot be skipped");
    }

    /** Whether a gate that was just settled may still be open. */
    Optional<String> open(List<GateEvent> events, Map<String, CheckResult> world, Instant now) {
        if (isOver(events, now)) {
            return Optional.of("open after the expiry");
        } else if (world.values().stream().anyMatch(result -> result.state() == CheckResult.State.OBSOLETE)) {
            return Optional.of("open although it has lost its sense");
        } else if (isDue(events, now)) {
            return Optional.of("nobody was reminded");
        }
        return unmet(events, world, now).isPresent() ? FINE : Optional.of("open although everything holds");
    }

    /** The first requirement that does not hold. */
    private Optional<String> unmet(List<GateEvent> events, Map<String, CheckResult> world, Instant now) {
        Standing standing = Standing.of(events);
        List<String> unmet = new ArrayList<>();
        if (!isReached(standing.approvals())) {
            unmet.add(Gate.APPROVALS);
        }
        if (!standing.ticks().containsAll(definition.checklist())) {
            unmet.add(Gate.CHECKLIST);
        }
        int hour = now.atOffset(ZoneOffset.UTC).getHour();
        if (!definition.freeze().isEmpty() && (hour < 6 || hour >= 20)) {
            unmet.add(Gate.FREEZE);
        }
        for (String check : checks) {
            if (!world.containsKey(check) || world.get(check).state() != CheckResult.State.PASSED) {
                unmet.add(check);
            }
        }
        unmet.removeAll(standing.waived());
        return unmet.stream().findFirst().map(id -> id + " did not hold");
    }

    private boolean isReached(Set<String> people) {
        List<Approvals> seats = new ArrayList<>();
        for (Approvals approvals : definition.approvals()) {
            for (int seat = 0; seat < approvals.required(); seat++) {
                seats.add(approvals);
            }
        }
        return canSeat(seats, people);
    }

    private boolean canSeat(List<Approvals> seats, Set<String> people) {
        if (seats.isEmpty()) {
            return true;
        }
        for (String person : people) {
            Set<String> rest = new HashSet<>(people);
            rest.remove(person);
            if (fits(seats.get(0), person) && canSeat(seats.subList(1, seats.size()), rest)) {
                return true;
            }
        }
        return false;
    }

    private boolean fits(Approvals approvals, String person) {
        List<String> from = approvals.from();
        return from.isEmpty()
                || from.contains(person)
                || groups.get(person).stream().anyMatch(from::contains);
    }

    private boolean isOver(List<GateEvent> events, Instant now) {
        return definition
                .expiry()
                .map(undecidedSince(events)::plus)
                .filter(end -> !now.isBefore(end))
                .isPresent();
    }

    private static Instant undecidedSince(List<GateEvent> events) {
        return events.stream()
                .filter(event -> event instanceof GateEvent.Opened || event instanceof GateEvent.Reopened)
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .at();
    }

    private boolean isDue(List<GateEvent> events, Instant now) {
        return definition
                .reminder()
                .map(Standing.of(events).reminded()::plus)
                .filter(due -> !now.isBefore(due))
                .isPresent();
    }

    private static boolean hasEnded(GateEvent last) {
        return last instanceof GateEvent.Granted
                || last instanceof GateEvent.Promoted
                || last instanceof GateEvent.Rejected
                || last instanceof GateEvent.Expired
                || last instanceof GateEvent.Superseded
                || last instanceof GateEvent.Closed;
    }
}
