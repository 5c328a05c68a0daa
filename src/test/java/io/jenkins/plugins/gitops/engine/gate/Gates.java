package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gates and people for tests. */
public final class Gates {

    public static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    public static final ImageReference OLD = ImageReference.parse("ghcr.io/acme/shop-api:1.0.0");

    public static final ImageReference NEW = ImageReference.parse("ghcr.io/acme/shop-api:1.1.0");

    private Gates() {}

    public static GateSubject.Promotion subject(String startedBy, String... authors) {
        return subjectOf("gate-1", startedBy, authors);
    }

    /** A subject whose gate has this id. */
    public static GateSubject.Promotion named(String gate) {
        return subjectOf(gate, "anna");
    }

    private static GateSubject.Promotion subjectOf(String gate, String startedBy, String... authors) {
        return new GateSubject.Promotion(
                gate,
                "https://git.example.org/config.git",
                "main",
                "shop",
                "prod",
                "main",
                Map.of("api", NEW),
                List.of(new ImageChange("shop/prod", "api", OLD, NEW)),
                List.of(new FileChange(
                        "envs/prod/kustomization.yaml",
                        List.of(new FileChange.Line(FileChange.Kind.ADDED, 3, "newTag: 1.1.0")))),
                "staging",
                "a".repeat(40),
                List.of(new GateSubject.CommitSummary("b".repeat(40), "shop: bump api", List.of(authors), null)),
                List.of(authors),
                startedBy,
                "https://ci.example.org/job/shop/7/");
    }

    public static GateDefinition definition(List<Approvals> approvals, String... checklist) {
        return new GateDefinition(approvals, List.of(checklist));
    }

    public static GateDefinition with(
            GateDefinition base,
            SeparationOfDuties separation,
            FreezeCalendar freeze,
            Duration expires,
            Duration remind) {
        return new GateDefinition(
                base.approvals(),
                base.checklist(),
                separation,
                base.soak(),
                freeze,
                expires,
                remind,
                NewerRelease.SUPERSEDES,
                List.of());
    }

    public static Gate open(GateDefinition definition, String... checks) {
        return Gate.of(List.of(new GateEvent.Opened(NOON, subject("anna", "dora"), definition, List.of(checks))));
    }

    public static Person approver(String id, String... groups) {
        return new Person(id, "The " + id, id + "@example.org", Set.of(groups), Set.of(Person.Permission.APPROVE));
    }

    public static Person boss(String id) {
        return new Person(
                id, "The " + id, null, Set.of(), Set.of(Person.Permission.APPROVE, Person.Permission.OVERRIDE));
    }

    public static Person reader(String id, String... groups) {
        return new Person(id, "The " + id, null, Set.of(groups), Set.of());
    }
}
