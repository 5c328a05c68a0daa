package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.gate.GateRefusedException.Kind;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.ApprovedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which decision a gate takes. Every method is pure: it returns the event to append, or throws {@link
 * GateRefusedException} with one sentence, and nothing has changed.
 */
public final class GateDecisions {

    /** Of a comment or a reason, in characters: it is kept with the run, and shown forever. */
    static final int LONGEST_TEXT = 2_000;

    /** Of a decision's id, in characters: every one is kept, to take it once. */
    static final int LONGEST_ID = 100;

    private GateDecisions() {}

    /**
     * A decision on its way in.
     *
     * @param id unique for each click; the same id is taken once; at most {@value GateDecisions#LONGEST_ID} characters
     * @param by authenticated and authorised by the caller just now
     */
    public record Decision(String id, Person by, Instant at) {}

    public static GateEvent approve(Gate gate, Decision decision, String comment) {
        if (gate.isReviewed(ApprovedBy.PULL_REQUEST)) {
            requireOpen(gate, decision);
            throw new GateRefusedException(
                    Kind.INVALID,
                    "Approvals of " + gate.subject().target() + " are reviews of its pull request: approve it there.");
        }
        return approve(gate, decision, comment, null);
    }

    /**
     * A review of the pull request that approves the commit, as an approval of the gate: by the same rules.
     *
     * @param decision of the Jenkins user whom the reviewer is
     */
    public static GateEvent approve(Gate gate, Decision decision, GateEvent.Review review) {
        if (gate.isReviewed(ApprovedBy.GATE)) {
            throw new GateRefusedException(
                    Kind.INVALID,
                    "Reviews do not count as approvals of " + gate.subject().target() + ".");
        }
        return approve(gate, decision, "", review);
    }

    private static GateEvent approve(Gate gate, Decision decision, String comment, @Nullable GateEvent.Review review) {
        requireOpen(gate, decision);
        Person person = decision.by();
        requireApprover(person);
        List<Approvals> required = gate.definition().approvals();
        List<Integer> quorums = IntStream.range(0, required.size())
                .filter(group -> required.get(group).from().isEmpty()
                        || person.isAmong(required.get(group).from()))
                .boxed()
                .toList();
        if (!gate.asksForApprovals()) {
            throw new GateRefusedException(
                    Kind.INVALID,
                    "The gate for " + gate.subject().target() + " requires no approval: nothing changed.");
        }
        List<String> names = approvers(gate).stream()
                .filter(name -> person.isAmong(List.of(name)))
                .toList();
        if (quorums.isEmpty()
                && names.isEmpty()
                && gate.declared().approvals().stream()
                        .noneMatch(group -> group.from().isEmpty())) {
            throw notAmongApprovers(gate, person);
        }
        requireSeparation(gate, person);
        Optional<GateEvent.Approved> before = gate.approval(person);
        if (before.isPresent()
                && (gate.amended().isEmpty() || before.get().names().containsAll(names))) {
            throw new GateRefusedException(Kind.CONFLICT, person.id() + " has approved already: nothing changed.");
        }
        requireShort("comment", comment);
        return new GateEvent.Approved(
                decision.at(),
                decision.id(),
                before.map(GateEvent.Approved::by).orElseGet(person::signature),
                quorums,
                comment.strip(),
                names,
                isInvolved(gate, person),
                review);
    }

    /** A review that counted does not any more. */
    public static GateEvent withdraw(Gate gate, Decision decision, GateEvent.Approved reviewed, String reason) {
        requireStanding(gate, reviewed);
        return new GateEvent.Withdrawn(decision.at(), decision.id(), reviewed.by(), reason);
    }

    private static void requireStanding(Gate gate, GateEvent.Approved reviewed) {
        if (gate.status() != GateStatus.OPEN || !gate.approvals().contains(reviewed)) {
            throw new GateRefusedException(Kind.CONFLICT, "The approval does not stand: nothing changed.");
        }
    }

    /** Somebody who may do so at the pull request's server closed it, and so is against the release. */
    public static GateEvent closePullRequest(Gate gate, Decision decision, String url) {
        if (gate.status() != GateStatus.OPEN) {
            throw new GateRefusedException(Kind.CONFLICT, "The gate is no longer open: nothing changed.");
        }
        return new GateEvent.Rejected(
                decision.at(), decision.id(), decision.by().signature(), "closed pull request " + url);
    }

    public static GateEvent withdraw(Gate gate, Decision decision) {
        requireOpen(gate, decision);
        Person.Signature by = gate.approval(decision.by())
                .map(GateEvent.Approved::by)
                .orElseThrow(() -> new GateRefusedException(
                        Kind.CONFLICT, decision.by().id() + " has not approved: there is nothing to withdraw."));
        if (gate.isApproved()) {
            throw new GateRefusedException(
                    Kind.CONFLICT,
                    "The quorum is reached, so the approval can no longer be withdrawn: reject instead.");
        }
        return new GateEvent.Withdrawn(decision.at(), decision.id(), by);
    }

    public static GateEvent reject(Gate gate, Decision decision, String reason) {
        requireOpen(gate, decision);
        requireApprover(decision.by());
        requireReason(reason, "A rejection requires a reason.");
        return new GateEvent.Rejected(
                decision.at(), decision.id(), decision.by().signature(), reason.strip());
    }

    public static GateEvent tick(Gate gate, Decision decision, String item) {
        requireItem(gate, decision, item);
        if (gate.ticks().containsKey(item)) {
            throw new GateRefusedException(
                    Kind.CONFLICT,
                    "'" + item + "' was ticked already by "
                            + gate.ticks().get(item).by() + ": nothing changed.");
        }
        return new GateEvent.Ticked(decision.at(), decision.id(), decision.by().signature(), item);
    }

    public static GateEvent untick(Gate gate, Decision decision, String item) {
        requireItem(gate, decision, item);
        if (!gate.ticks().containsKey(item)) {
            throw new GateRefusedException(Kind.CONFLICT, "'" + item + "' is not ticked: nothing changed.");
        }
        return new GateEvent.Unticked(
                decision.at(), decision.id(), decision.by().signature(), item);
    }

    /** @param skipped ids of the requirements to waive; everything else still has to hold */
    public static GateEvent override(Gate gate, Decision decision, String reason, Set<String> skipped) {
        requireOpen(gate, decision);
        if (!decision.by().permissions().contains(Person.Permission.OVERRIDE)) {
            throw new GateRefusedException(
                    Kind.FORBIDDEN,
                    decision.by().id()
                            + " may not override gates here: ask somebody with the permission GitOps/Override.");
        }
        requireReason(reason, "An override requires a reason.");
        Set<String> waivable = waivable(gate);
        List<String> unknown =
                skipped.stream().filter(id -> !waivable.contains(id)).sorted().toList();
        if (skipped.isEmpty() || !unknown.isEmpty()) {
            throw new GateRefusedException(
                    Kind.INVALID,
                    (skipped.isEmpty()
                                    ? "An override requires the list of requirements to skip"
                                    : "'" + unknown.get(0) + "' cannot be skipped here")
                            + ": choose from " + String.join(", ", waivable) + ".");
        }
        return new GateEvent.Overridden(
                decision.at(),
                decision.id(),
                decision.by().signature(),
                reason.strip(),
                List.copyOf(new TreeSet<>(skipped)));
    }

    /** Ids of what an override may skip: all but what keeps two promotions from one target, and people's locks. */
    public static Set<String> waivable(Gate gate) {
        Set<String> ids = new TreeSet<>(gate.checks());
        ids.remove(Gate.TURN);
        ids.remove(Gate.LOCK);
        if (gate.asksForApprovals()) {
            ids.add(Gate.APPROVALS);
        }
        if (Requirement.needsOtherApprover(gate)) {
            ids.add(Gate.SEPARATION);
        }
        if (!gate.checklist().isEmpty()) {
            ids.add(Gate.CHECKLIST);
        }
        if (gate.freezes()) {
            ids.add(Gate.FREEZE);
        }
        return ids;
    }

    /**
     * What time and the checks bring about: expiry, changed results, a reminder, the grant. In order, possibly empty.
     *
     * @param results what the checks say now, by id; see {@link Requirement#of}
     */
    public static List<GateEvent> settle(Gate gate, Map<String, CheckResult> results, Instant now) {
        if (gate.status() != GateStatus.OPEN) {
            return List.of();
        }
        if (isExpired(gate, now)) {
            return List.of(new GateEvent.Expired(now));
        }
        List<GateEvent> events = new ArrayList<>();
        for (String check : gate.checks()) {
            CheckResult result = results.get(check);
            CheckResult known = gate.results().get(check);
            if (result != null && (known == null || known.state() != result.state())) {
                events.add(new GateEvent.Checked(now, result));
            }
        }
        Optional<CheckResult> obsolete = results.values().stream()
                .filter(result -> result.state() == CheckResult.State.OBSOLETE)
                .findFirst();
        if (obsolete.isPresent()) {
            events.add(new GateEvent.Closed(now, obsolete.get().reason()));
        } else if (Requirement.of(gate, results, now).stream().allMatch(Requirement::holds)) {
            events.add(new GateEvent.Granted(now, counted(gate)));
        } else if (gate.remindsAt().filter(due -> !now.isBefore(due)).isPresent()) {
            events.add(new GateEvent.Reminded(now));
        }
        return events;
    }

    private static List<String> counted(Gate gate) {
        Set<String> lines = new LinkedHashSet<>();
        List<Quorum> quorums = gate.quorums();
        for (int reading = 0; reading < quorums.size(); reading++) {
            List<Approvals> groups = gate.readings().get(reading).approvals();
            for (int group = 0; group < groups.size(); group++) {
                List<String> from = groups.get(group).from();
                for (GateEvent.Approved approved : quorums.get(reading).of(group)) {
                    lines.add(approved.by().id() + (from.isEmpty() ? "" : " (" + String.join(", ", from) + ")"));
                }
            }
        }
        return List.copyOf(lines);
    }

    static boolean isExpired(Gate gate, Instant now) {
        return gate.expiresAt().filter(expiry -> !now.isBefore(expiry)).isPresent();
    }

    private static void requireOpen(Gate gate, Decision decision) {
        decision.by().refusal().ifPresent(clause -> {
            throw new GateRefusedException(
                    Kind.FORBIDDEN,
                    decision.by().id() + " cannot decide about "
                            + gate.subject().target() + ": " + decision.by().id() + " " + clause + ".");
        });
        if (decision.id().length() > LONGEST_ID) {
            throw new GateRefusedException(
                    Kind.INVALID,
                    "The id of the decision has more than " + LONGEST_ID + " characters: send a shorter one.");
        }
        if (gate.knows(decision.id())) {
            throw new GateRefusedException(Kind.CONFLICT, "This request was handled already: nothing changed.");
        }
        if (gate.status() != GateStatus.OPEN) {
            throw new GateRefusedException(
                    Kind.CONFLICT,
                    "The gate for " + gate.subject().target() + " is no longer open: it " + GateMessages.ending(gate)
                            + ".");
        }
        if (isExpired(gate, decision.at())) {
            throw new GateRefusedException(
                    Kind.CONFLICT,
                    "The gate for " + gate.subject().target() + " is no longer open: it expired at "
                            + gate.expiresAt().orElseThrow() + ".");
        }
    }

    private static void requireApprover(Person person) {
        if (!person.permissions().contains(Person.Permission.APPROVE)) {
            throw new GateRefusedException(
                    Kind.FORBIDDEN,
                    person.id()
                            + " may not decide about promotions here: ask somebody with the permission"
                            + " GitOps/Approve.");
        }
    }

    private static void requireSeparation(Gate gate, Person person) {
        if (!gate.separatesDuties()) {
            return;
        }
        if (person.isOneOf(gate.subject().starters())) {
            throw new GateRefusedException(
                    Kind.FORBIDDEN,
                    person.id() + " started the run that requests this promotion: another person must approve it.");
        }
        if (person.isOneOf(gate.subject().changeAuthors())) {
            throw new GateRefusedException(
                    Kind.FORBIDDEN, person.id() + " wrote part of this change: another person must approve it.");
        }
    }

    private static boolean isInvolved(Gate gate, Person person) {
        return person.isOneOf(gate.subject().starters())
                || person.isOneOf(gate.subject().changeAuthors());
    }

    private static void requireItem(Gate gate, Decision decision, String item) {
        requireOpen(gate, decision);
        requireApprover(decision.by());
        if (!gate.checklist().contains(item)) {
            throw new GateRefusedException(
                    Kind.INVALID,
                    "There is no item '" + item + "' on the checklist of "
                            + gate.subject().target() + ": reload the page.");
        }
    }

    private static void requireReason(String reason, String sentence) {
        if (reason.isBlank()) {
            throw new GateRefusedException(Kind.INVALID, sentence);
        }
        requireShort("reason", reason);
    }

    private static void requireShort(String what, String text) {
        if (text.strip().length() > LONGEST_TEXT) {
            throw new GateRefusedException(
                    Kind.INVALID, "The " + what + " has more than " + LONGEST_TEXT + " characters: shorten it.");
        }
    }

    private static GateRefusedException notAmongApprovers(Gate gate, Person person) {
        Set<String> approvers = approvers(gate);
        String remedy = person.sharesItsNameWithGroup(approvers)
                ? "a group may have the name " + person.id() + " too; write user:" + person.id()
                        + " in gitops.yaml to mean the user."
                : "ask one of " + String.join(", ", approvers) + ".";
        return new GateRefusedException(
                Kind.FORBIDDEN,
                person.id() + " is not among those who may approve "
                        + gate.subject().target() + ": " + remedy);
    }

    /** Users and groups that the gate names. */
    private static Set<String> approvers(Gate gate) {
        Set<String> names = new TreeSet<>();
        gate.readings().forEach(reading -> reading.approvals().forEach(group -> names.addAll(group.from())));
        return names;
    }
}
