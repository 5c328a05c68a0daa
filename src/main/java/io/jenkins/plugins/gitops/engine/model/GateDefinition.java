package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a promotion into an environment needs, as {@code gitops.yaml} declares it.
 *
 * @param approvals every group's quorum must be reached; empty when no person is asked
 * @param checklist items a person must tick, in order
 * @param separationOfDuties whether those who made the change may approve it
 * @param soak how long the release must have been healthy in the environment it comes from; zero for not at all
 * @param freeze when promotions may pass
 * @param expires how long after its opening an undecided gate expires, or null for never
 * @param remind how often an undecided gate reminds, or null for never
 * @param newerRelease what happens to an undecided gate when a newer release wants the same target
 * @param checks endpoints that are asked, in order
 * @param bump whether a bump may pass by the gate
 * @param hotfixPart what a hotfix needs instead, or null where the gate lets none pass
 * @param evidence items of the checklist that no person ticks, in order, and for each the check of the source's
 *     verification that has to have passed
 * @param destroyPart what a plan of Terraform needs that destroys resources, or null for no more than any other
 * @param findings how many findings of scanners a plan of Terraform may have, by their severity in lower case
 * @param approvedBy where people approve
 */
public record GateDefinition(
        List<Approvals> approvals,
        List<String> checklist,
        SeparationOfDuties separationOfDuties,
        Duration soak,
        FreezeCalendar freeze,
        @Nullable Duration expires,
        @Nullable Duration remind,
        NewerRelease newerRelease,
        List<HttpCheck> checks,
        Bumps bump,
        @Nullable Hotfix hotfixPart,
        Map<String, String> evidence,
        @Nullable Destroy destroyPart,
        Map<String, Integer> findings,
        ApprovedBy approvedBy) {

    /** Asks for nothing but what every promotion needs. */
    public static final GateDefinition NONE = new GateDefinition(List.of(), List.of());

    /** Ids of the requirements that every gate can have by itself; no declared check takes one of these names. */
    public static final Set<String> BUILT_IN = Set.of(
            "approvals",
            "checklist",
            "freeze",
            "hold",
            "lock",
            "registry",
            "review",
            "separation",
            "soak",
            "source",
            "target",
            "turn");

    /** Those of them that a hotfix never skips: they keep two promotions apart, are the hotfix's own, or are a person's to lift. */
    static final Set<String> NEVER_SKIPPED = Set.of("approvals", "lock", "separation", "target", "turn");

    /** Gates that were stored before these parts existed have none of them. */
    public GateDefinition {
        approvals = List.copyOf(approvals);
        checklist = List.copyOf(checklist);
        checks = List.copyOf(checks);
        bump = bump == null ? Bumps.REFUSED : bump;
        findings = findings == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(findings));
        evidence = evidence == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
        approvedBy = approvedBy == null ? ApprovedBy.GATE : approvedBy;
    }

    /** Without a word on bumps and hotfixes. */
    public GateDefinition(
            List<Approvals> approvals,
            List<String> checklist,
            SeparationOfDuties separationOfDuties,
            Duration soak,
            FreezeCalendar freeze,
            @Nullable Duration expires,
            @Nullable Duration remind,
            NewerRelease newerRelease,
            List<HttpCheck> checks) {
        this(
                approvals,
                checklist,
                separationOfDuties,
                soak,
                freeze,
                expires,
                remind,
                newerRelease,
                checks,
                Bumps.REFUSED,
                null,
                Map.of(),
                null,
                Map.of(),
                ApprovedBy.GATE);
    }

    /** Approvals and a checklist, and otherwise what a gate has that says nothing more. */
    public GateDefinition(List<Approvals> approvals, List<String> checklist) {
        this(
                approvals,
                checklist,
                SeparationOfDuties.NONE,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                null,
                null,
                NewerRelease.SUPERSEDES,
                List.of());
    }

    /** The same without what it asks other servers. */
    public GateDefinition withoutChecks() {
        return new GateDefinition(
                approvals,
                checklist,
                separationOfDuties,
                soak,
                freeze,
                expires,
                remind,
                newerRelease,
                List.of(),
                bump,
                hotfixPart,
                evidence,
                destroyPart,
                findings,
                approvedBy);
    }

    /** Who decides, and when, about what is no promotion of a commit: going on with a Rollout that was let pass. */
    public GateDefinition forRollout() {
        return new GateDefinition(
                approvals,
                checklist,
                separationOfDuties,
                Duration.ZERO,
                freeze,
                expires,
                remind,
                NewerRelease.QUEUES,
                List.of());
    }

    /**
     * Who decides, and when, about a plan of Terraform: with the approvals that it needs because of what it destroys.
     *
     * @param destroyed types of the resources that it destroys or replaces
     */
    public GateDefinition forPlan(Collection<String> destroyed) {
        GateDefinition plain = forRollout();
        return new GateDefinition(
                destroyPart == null ? approvals : destroyPart.of(approvals, destroyed),
                plain.checklist(),
                plain.separationOfDuties(),
                plain.soak(),
                plain.freeze(),
                plain.expires(),
                plain.remind(),
                plain.newerRelease(),
                plain.checks());
    }

    /** What a hotfix needs; empty where the gate lets none pass. */
    public Optional<Hotfix> hotfix() {
        return Optional.ofNullable(hotfixPart);
    }

    /** The gate that a hotfix goes through: its own approvals, and nothing of what it skips. */
    public GateDefinition forHotfix(Hotfix hotfix) {
        return new GateDefinition(
                hotfix.approvals(),
                hotfix.skips().contains("checklist") ? List.of() : checklist,
                separationOfDuties,
                hotfix.skips().contains("soak") ? Duration.ZERO : soak,
                hotfix.skips().contains("freeze") ? FreezeCalendar.ALWAYS_OPEN : freeze,
                expires,
                remind,
                newerRelease,
                checks.stream()
                        .filter(check -> !hotfix.skips().contains(check.name()))
                        .toList(),
                bump,
                hotfix,
                hotfix.skips().contains("checklist") ? Map.of() : evidence,
                destroyPart,
                findings,
                approvedBy);
    }

    /**
     * What a later declaration of the same gate asks for and this one does not, as a clause for people. Empty when everything
     * is in this one: what the later one no longer asks for stays asked for here.
     */
    public Optional<String> misses(GateDefinition later) {
        // Each person counts in one quorum only, so that two of the same group ask for as many people as their sum.
        Optional<String> quorum = later.approvals().stream()
                .filter(asked -> required(approvals, asked.from()) < required(later.approvals(), asked.from()))
                .map(asked -> required(later.approvals(), asked.from()) + " approval"
                        + (required(later.approvals(), asked.from()) == 1 ? "" : "s")
                        + (asked.from().isEmpty() ? "" : " from " + String.join(", ", asked.from())))
                .findFirst();
        if (quorum.isPresent()) {
            return quorum;
        } else if (!checklist.containsAll(later.checklist())
                || !evidence.entrySet().containsAll(later.evidence().entrySet())) {
            return Optional.of("another checklist");
        } else if (later.separationOfDuties() != separationOfDuties && separationOfDuties == SeparationOfDuties.NONE) {
            return Optional.of("separation of duties");
        } else if (soak.compareTo(later.soak()) < 0) {
            return Optional.of("a soak of " + Durations.text(later.soak()));
        } else if (!later.freeze().isEmpty() && !later.freeze().equals(freeze)) {
            return Optional.of("another freeze");
        }
        if (approvedBy != later.approvedBy() && later.approvedBy() != ApprovedBy.BOTH) {
            return Optional.of(
                    later.approvedBy() == ApprovedBy.GATE ? "approvals at the gate" : "reviews of the pull request");
        }
        return checks.containsAll(later.checks()) ? Optional.empty() : Optional.of("another check");
    }

    private static int required(List<Approvals> quorums, List<String> from) {
        return quorums.stream()
                .filter(quorum -> quorum.from().equals(from))
                .mapToInt(Approvals::required)
                .sum();
    }

    /** Whether both ask the same of a promotion; how long they wait for it, and what else they declare, does not matter. */
    public boolean asksTheSame(GateDefinition other) {
        return approvals.equals(other.approvals)
                && checklist.equals(other.checklist)
                && evidence.equals(other.evidence)
                && separationOfDuties == other.separationOfDuties
                && soak.equals(other.soak)
                && freeze.equals(other.freeze)
                && checks.equals(other.checks)
                && approvedBy == other.approvedBy;
    }

    public Optional<Duration> expiry() {
        return Optional.ofNullable(expires);
    }

    public Optional<Duration> reminder() {
        return Optional.ofNullable(remind);
    }

    /**
     * One group's quorum.
     *
     * @param required how many different people, at least 1
     * @param from users or groups that may approve; empty for anyone with the permission
     */
    public record Approvals(int required, List<String> from) {
        public Approvals {
            from = List.copyOf(from);
        }
    }

    /** Who may not approve although the list would let them. */
    public enum SeparationOfDuties {
        /** Nobody is excluded. */
        NONE,
        /** Neither the one who started the run nor an author of the change may approve. */
        STARTER_AND_AUTHORS
    }

    /** Where people approve a promotion that comes by a pull request. */
    public enum ApprovedBy {
        /** At the gate alone. */
        GATE,
        /** By reviews of the pull request alone. */
        PULL_REQUEST,
        /** At either of them: who does both counts once. */
        BOTH
    }

    /** What a gate does to a bump into its environment. */
    public enum Bumps {
        /** It is refused: releases come through the gate. */
        REFUSED,
        /** It passes by the gate. */
        ALLOWED
    }

    /**
     * What a hotfix needs instead of what a promotion needs.
     *
     * @param approvals its own quorums; not empty
     * @param skips ids of requirements, or names of checks, that it does not have
     * @param review within which somebody else must confirm it afterwards, or null for nobody
     */
    public record Hotfix(
            List<Approvals> approvals,
            Set<String> skips,
            @Nullable Duration review) {
        public Hotfix {
            approvals = List.copyOf(approvals);
            skips = Set.copyOf(skips);
        }
    }

    /**
     * What a plan of Terraform needs that destroys or replaces resources.
     *
     * @param types patterns of their types, for example {@code aws_db_*}; empty for all
     * @param approvals how many people must approve it in all or, where {@code from} is not empty, how many of those besides
     *     the gate's own quorums
     */
    public record Destroy(List<String> types, Approvals approvals) {
        public Destroy {
            types = List.copyOf(types);
        }

        private List<Approvals> of(List<Approvals> ordinary, Collection<String> destroyed) {
            boolean applies = !destroyed.isEmpty()
                    && (types.isEmpty()
                            || types.stream()
                                    .map(Glob::ofPaths)
                                    .anyMatch(glob -> destroyed.stream().anyMatch(glob::matches)));
            int others = approvals.from().isEmpty()
                    ? ordinary.stream().mapToInt(Approvals::required).sum()
                    : 0;
            return applies && approvals.required() > others
                    ? Stream.concat(
                                    ordinary.stream(),
                                    Stream.of(new Approvals(approvals.required() - others, approvals.from())))
                            .toList()
                    : ordinary;
        }
    }

    /** What a newer release does to a gate that is still open. */
    public enum NewerRelease {
        /** It closes the older gate: the older release will not be promoted. */
        SUPERSEDES,
        /** It waits until the older gate is decided. */
        QUEUES
    }

    /**
     * An HTTP endpoint that answers whether a promotion may pass.
     *
     * @param name for people; unique within the gate
     * @param url http or https
     */
    public record HttpCheck(String name, String url) {}
}
