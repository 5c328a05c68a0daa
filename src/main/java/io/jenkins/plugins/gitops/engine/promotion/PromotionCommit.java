package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The commit of a promotion.
 *
 * @param declaration as it is now
 */
record PromotionCommit(
        GateSubject.Promotion subject,
        Declaration declaration,
        ReleaseEdit edit,
        Provenance provenance,
        Identity author) {

    /** How a pull request brings it; empty where it is committed to the branch. */
    Optional<DeliveryDefinition> delivery() {
        return Declarations.delivery(declaration.application(subject.application()), environments());
    }

    private List<String> environments() {
        return List.of(subject.environment());
    }

    /**
     * Of a promotion that may be made.
     *
     * @param grant of the gate; empty for a target without one
     * @param stop why nothing may be changed now
     */
    ReleaseCommit granted(
            Optional<Gate> grant,
            Optional<Instant> triedSince,
            Optional<StoppedException> stop,
            ReleaseEdit.Origin origin) {
        return commit(grant, grant, triedSince, stop, origin);
    }

    /** Of one that waits at its gate, for its readers: it may not be made. */
    ReleaseCommit proposed(Gate open, ReleaseEdit.Origin origin) {
        return commit(Optional.of(open), Optional.empty(), Optional.empty(), Optional.empty(), origin);
    }

    private ReleaseCommit commit(
            Optional<Gate> gate,
            Optional<Gate> grant,
            Optional<Instant> triedSince,
            Optional<StoppedException> stop,
            ReleaseEdit.Origin origin) {
        Optional<DeliveryDefinition> delivery = delivery();
        return new ReleaseCommit(
                subject.branch(),
                subject.gate(),
                PromotionTrailers.title(subject),
                subject.application(),
                environments(),
                subject.release(),
                PromotionTrailers.of(subject, grant, provenance),
                author,
                triedSince,
                delivery.map(how -> Proposal.Terms.of(how, gate)),
                stop,
                tip -> apply(tip, delivery, gate, grant, origin));
    }

    private ReleaseEdit.Outcome apply(
            Snapshot tip,
            Optional<DeliveryDefinition> delivery,
            Optional<Gate> gate,
            Optional<Gate> grant,
            ReleaseEdit.Origin origin) {
        Declaration rules = subject.branch().equals(subject.defaultBranch())
                ? Declarations.read(tip, subject.branch())
                : declaration;
        Application current = rules.application(subject.application());
        Declarations.requireDelivery(current, environments(), delivery);
        ReleaseEdit.Place place = Bump.place(current, subject.environment());
        subject.movedTo(edit.images(tip, place)).ifPresent(moved -> {
            throw gate.isPresent()
                    ? new StoppedException(moved + "; the gate checks again.")
                    : new RefusedException(moved + ": check what it runs now, and promote again.");
        });
        ReleaseEdit.Outcome outcome = edit.apply(tip, List.of(place), subject.release(), origin);
        Target target = new Target(current, current.environment(subject.environment()));
        boolean isProposed = gate.isPresent() && grant.isEmpty();
        if (!outcome.isEmpty() && !isProposed) {
            new DeclaredGate(target, subject).requirePassed(grant);
        }
        Declarations.requireOwn(Optional.of(rules), subject.defaultBranch(), target, outcome);
        edit.requireUnchanged(
                Declarations.others(rules, subject.defaultBranch(), subject.application(), environments()),
                tip,
                outcome);
        if (gate.isEmpty()) {
            Declarations.requireNoGateAbove(rules, subject.defaultBranch(), subject.branch(), tip, outcome);
        }
        return outcome;
    }
}
