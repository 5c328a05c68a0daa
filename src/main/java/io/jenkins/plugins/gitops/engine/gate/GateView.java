package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.gate.Person.Signature;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a page shows of a gate; its JSON form is the pages' contract (docs/gates.md).
 *
 * @param explanation one sentence: what it waits for, or how it ended
 * @param requirements what it asks for and where each stands
 * @param approvals that stand
 * @param waivable ids that an override may skip
 * @param commit of the promotion, or null
 */
public record GateView(
        String id,
        String target,
        GateStatus status,
        String explanation,
        Instant openedAt,
        @Nullable Instant expiresAt,
        GateSubject subject,
        List<Requirement> requirements,
        List<Vote> approvals,
        List<Item> checklist,
        Set<String> waivable,
        List<Line> history,
        @Nullable String commit) {

    /** An approval. */
    public record Vote(Signature by, Instant at, String comment) {}

    /**
     * An item of the checklist.
     *
     * @param by who ticked it, or null
     */
    public record Item(String item, @Nullable Signature by) {}

    /** Something that happened, in plain words. */
    public record Line(Instant at, String text) {}

    /**
     * @param results what the checks say now, by id; those that are missing show as they were recorded last
     */
    public static GateView of(Gate gate, Map<String, CheckResult> results, Instant now) {
        Map<String, CheckResult> known = new HashMap<>(gate.results());
        known.putAll(results);
        return of(gate, known, GateMessages.explain(gate, known, now), now);
    }

    /**
     * Of a gate at which nobody can decide now.
     *
     * @param explanation one sentence, why
     */
    public static GateView of(Gate gate, String explanation, Instant now) {
        return of(gate, gate.results(), explanation, now);
    }

    private static GateView of(Gate gate, Map<String, CheckResult> known, String explanation, Instant now) {
        return new GateView(
                gate.subject().gate(),
                gate.subject().target(),
                gate.status(),
                explanation,
                gate.openedAt(),
                gate.expiresAt().orElse(null),
                gate.subject(),
                Requirement.of(gate, known, now),
                gate.approvals().stream()
                        .map(approved -> new Vote(approved.by(), approved.at(), approved.comment()))
                        .toList(),
                gate.checklist().stream()
                        .map(item -> new Item(
                                item,
                                gate.ticks().containsKey(item)
                                        ? gate.ticks().get(item).by()
                                        : null))
                        .toList(),
                GateDecisions.waivable(gate),
                gate.events().stream()
                        .map(event -> new Line(event.at(), GateMessages.line(event)))
                        .toList(),
                gate.commit().orElse(null));
    }
}
