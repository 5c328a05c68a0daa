package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One requirement of a gate and its state: what the page shows as a line and an override can waive.
 *
 * @param id {@link Gate#APPROVALS}, {@link Gate#SEPARATION}, {@link Gate#CHECKLIST}, {@link Gate#FREEZE} or the id of a check
 * @param reason one clause for people
 * @param until when it changes by itself, or null when nobody can tell
 * @param details the list behind the reason; empty when there is none
 */
public record Requirement(
        String id, State state, String reason, @Nullable Instant until, List<String> details) {

    /** Without a list behind the reason. */
    Requirement(String id, State state, String reason, @Nullable Instant until) {
        this(id, state, reason, until, List.of());
    }

    /** Where it stands. */
    public enum State {
        MET,
        PENDING,
        FAILED,
        /** Not met, but somebody with the permission waived it. */
        WAIVED
    }

    /** Whether it lets the promotion pass. */
    boolean holds() {
        return state == State.MET || state == State.WAIVED;
    }

    /**
     * Every requirement of a gate at an instant; a pure function.
     *
     * @param results what the checks say now, by id; a check that is missing here is pending. The calendar is always
     *     asked about {@code now}
     */
    static List<Requirement> of(Gate gate, Map<String, CheckResult> results, Instant now) {
        List<Requirement> requirements = new ArrayList<>();
        if (gate.asksForApprovals()) {
            requirements.add(approvals(gate));
        }
        if (needsOtherApprover(gate)) {
            requirements.add(separation(gate));
        }
        checklist(gate, results).ifPresent(requirements::add);
        freeze(gate, results, now).ifPresent(requirements::add);
        gate.checks().stream()
                .filter(check -> !check.equals(Gate.FREEZE) && !check.equals(Gate.CHECKLIST))
                .map(check -> answer(check, results))
                .forEach(requirements::add);
        return requirements.stream()
                .map(requirement -> waive(gate, requirement))
                .toList();
    }

    private static Requirement approvals(Gate gate) {
        List<Quorum> quorums = gate.quorums();
        List<String> clauses = new ArrayList<>();
        for (int reading = 0; reading < quorums.size(); reading++) {
            List<Approvals> groups = gate.readings().get(reading).approvals();
            for (int group = 0; group < groups.size(); group++) {
                if (reading == 0 || !gate.definition().approvals().contains(groups.get(group))) {
                    clauses.add(clause(groups.get(group), quorums.get(reading).of(group)));
                }
            }
        }
        return new Requirement(
                Gate.APPROVALS, gate.isApproved() ? State.MET : State.PENDING, String.join("; ", clauses), null);
    }

    private static String clause(Approvals required, List<GateEvent.Approved> given) {
        return given.size() + " of " + required.required() + who(required)
                + (given.isEmpty()
                        ? ""
                        : given.stream()
                                .map(approved -> approved.by().id())
                                .collect(Collectors.joining(", ", " (", ")")));
    }

    private static String who(Approvals required) {
        return required.from().isEmpty() ? "" : " from " + String.join(", ", required.from());
    }

    /** Known authors never approve; where there may be others, it says so and asks for somebody who is none of those. */
    static boolean needsOtherApprover(Gate gate) {
        return gate.subject().authorsUnknown() != null && gate.separatesDuties() && gate.asksForApprovals();
    }

    private static Requirement separation(Gate gate) {
        String unknown =
                "not all authors of the change are known (" + gate.subject().authorsUnknown() + ")";
        Optional<GateEvent.Approved> other = gate.approvals().stream()
                .filter(approved -> !approved.involved())
                .findFirst();
        return other.isPresent()
                ? new Requirement(
                        Gate.SEPARATION,
                        State.MET,
                        unknown + "; " + other.get().by().id() + " is not one of those known",
                        null)
                : new Requirement(
                        Gate.SEPARATION,
                        State.PENDING,
                        unknown + ": somebody must approve who is not one of " + known(gate.subject())
                                + ", or override 'separation'",
                        null);
    }

    private static String known(GateSubject subject) {
        Set<String> known = new LinkedHashSet<>(subject.changeAuthors());
        known.addAll(subject.starters());
        return known.isEmpty() ? "the authors" : String.join(", ", known);
    }

    /** What people tick, and what the checks of the source's verification tick. */
    private static Optional<Requirement> checklist(Gate gate, Map<String, CheckResult> results) {
        Optional<Requirement> ticked = gate.checklist().isEmpty() ? Optional.empty() : Optional.of(ticked(gate));
        if (!gate.checks().contains(Gate.CHECKLIST)) {
            return ticked;
        }
        Requirement evidence = answer(Gate.CHECKLIST, results);
        return Optional.of(ticked.map(people -> new Requirement(
                        Gate.CHECKLIST,
                        evidence.holds() ? people.state() : evidence.state(),
                        people.reason() + "; " + evidence.reason(),
                        null,
                        evidence.details()))
                .orElse(evidence));
    }

    private static Requirement ticked(Gate gate) {
        List<String> open = gate.checklist().stream()
                .filter(item -> !gate.ticks().containsKey(item))
                .toList();
        int all = gate.checklist().size();
        return open.isEmpty()
                ? new Requirement(Gate.CHECKLIST, State.MET, "all " + all + " ticked", null)
                : new Requirement(
                        Gate.CHECKLIST,
                        State.PENDING,
                        all - open.size() + " of " + all + " ticked; open: " + String.join("; ", open),
                        null);
    }

    /** The gate's own calendar, and what the check says of freezes outside of it: both must be open. */
    private static Optional<Requirement> freeze(Gate gate, Map<String, CheckResult> results, Instant now) {
        Optional<Requirement> own = gate.readings().stream()
                .flatMap(reading -> reading.freeze().at(now).stream())
                .map(freeze -> new Requirement(Gate.FREEZE, State.PENDING, freeze.clause(""), freeze.until()))
                .distinct()
                .reduce(Requirement::both);
        if (gate.checks().contains(Gate.FREEZE)) {
            Requirement outside = answer(Gate.FREEZE, results);
            return Optional.of(own.map(frozen -> outside.holds() ? frozen : both(frozen, outside))
                    .orElse(outside));
        }
        return !gate.freezes()
                ? Optional.empty()
                : own.or(
                        () -> Optional.of(new Requirement(Gate.FREEZE, State.MET, "promotions are allowed now", null)));
    }

    private static Requirement both(Requirement one, Requirement other) {
        Instant until = one.until() == null || other.until() == null
                ? null
                : one.until().isAfter(other.until()) ? one.until() : other.until();
        return new Requirement(one.id(), other.state(), one.reason() + "; " + other.reason(), until);
    }

    private static Requirement answer(String check, Map<String, CheckResult> results) {
        CheckResult result = results.get(check);
        return result == null ? new Requirement(check, State.PENDING, "not checked yet", null) : read(result);
    }

    private static Requirement read(CheckResult result) {
        State state =
                switch (result.state()) {
                    case PASSED -> State.MET;
                    case PENDING -> State.PENDING;
                    case FAILED, OBSOLETE -> State.FAILED;
                };
        return new Requirement(result.check(), state, result.reason(), result.until(), result.details());
    }

    private static Requirement waive(Gate gate, Requirement requirement) {
        return requirement.holds() || !gate.waived().contains(requirement.id())
                ? requirement
                : new Requirement(
                        requirement.id(),
                        State.WAIVED,
                        requirement.reason(),
                        requirement.until(),
                        requirement.details());
    }
}
