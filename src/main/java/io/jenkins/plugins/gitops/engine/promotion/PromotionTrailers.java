package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Release;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the commit of a promotion says of itself. */
final class PromotionTrailers {

    private PromotionTrailers() {}

    static String title(GateSubject.Promotion subject) {
        String verb = subject.procedure() == GateSubject.Procedure.HOTFIX ? ": hotfix " : ": promote ";
        String way = subject.sourceEnvironment().isEmpty()
                ? " in " + subject.environment()
                : " from " + subject.sourceEnvironment() + " to " + subject.environment();
        return subject.application() + verb + Release.text(subject.release(), " to ") + way;
    }

    /** @param grant who let it pass; empty for a target without a gate */
    static Trailers of(GateSubject.Promotion subject, Optional<Gate> grant, Provenance provenance) {
        Optional<String> built = subject.commits().stream()
                .map(GateSubject.CommitSummary::sourceCommit)
                .filter(Objects::nonNull)
                .findFirst();
        Provenance promoted = new Provenance(
                provenance.run(),
                provenance.startedBy(),
                built.orElse(null),
                subject.changeAuthors(),
                provenance.reason(),
                provenance.job(),
                provenance.starters(),
                subject.authorsUnknown(),
                subject.commits().stream()
                        .map(GateSubject.CommitSummary::reference)
                        .filter(Objects::nonNull)
                        .filter(reference -> reference.commit().equals(built.orElse(null)))
                        .findFirst()
                        .orElse(null));
        return Trailers.NONE
                .with(
                        Trailers.RELEASE_FROM,
                        Optional.of(subject.sourceEnvironment() + "@" + subject.sourceCommit())
                                .filter(source -> !subject.sourceEnvironment().isEmpty()))
                .with(
                        Trailers.HOTFIX,
                        Optional.ofNullable(subject.reason())
                                .filter(reason -> subject.procedure() == GateSubject.Procedure.HOTFIX))
                .with(
                        Trailers.REVIEW_UNTIL,
                        grant.flatMap(PromotionTrailers::reviewUntil).map(Instant::toString))
                .withAll(promoted.trailers())
                .withAll(grant.map(PromotionTrailers::granted).orElse(Trailers.NONE));
    }

    /** Until when somebody else has to confirm a hotfix that the gate let pass. */
    private static Optional<Instant> reviewUntil(Gate gate) {
        return gate.subject() instanceof GateSubject.Promotion subject
                        && subject.procedure() == GateSubject.Procedure.HOTFIX
                ? gate.readings().stream()
                        .flatMap(reading -> reading.hotfix().stream())
                        .map(GateDefinition.Hotfix::review)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .flatMap(review ->
                                gate.granted().map(granted -> granted.at().plus(review)))
                : Optional.empty();
    }

    /** Who let it pass a gate. */
    static Trailers granted(Gate gate) {
        return Trailers.NONE
                .with(
                        Trailers.GATE_OPENED,
                        gate.openedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .withAll(
                        Trailers.APPROVED_BY,
                        gate.granted().map(GateEvent.Granted::approvals).orElse(List.of()))
                .withAll(
                        Trailers.OVERRIDE,
                        gate.overrides().stream()
                                .map(override -> override.by().id() + ": " + override.reason() + " [skipped "
                                        + String.join(", ", override.skipped()) + "]")
                                .toList());
    }
}
