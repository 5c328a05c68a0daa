package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.Requirement;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.Differences;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two environments of an application side by side, and what a promotion from the one to the other would do now; the JSON
 * form is the pages' contract (docs/openapi.yaml).
 *
 * @param ready false while it is being read
 * @param from the one; empty while it is being read and nobody named it
 * @param environments of the application, all of them
 * @param versions images and what else moves by name, as the files of both hold it in Git
 * @param files of the other that would change: with the release that a promotion would take, where there is one
 * @param commits that this release would bring, newest first
 * @param problem why nothing more is known, or null
 * @param promotion null where none leads from the one to the other, or no job deploys the application
 */
record ComparisonView(
        boolean ready,
        String from,
        String to,
        List<String> environments,
        List<VersionView> versions,
        List<FileChange> files,
        List<CommitSummary> commits,
        @CheckForNull String problem,
        @CheckForNull PromotionView promotion) {

    /** What both have of one name, or null. */
    record VersionView(
            String name,
            @CheckForNull String from,
            @CheckForNull String to) {}

    /**
     * What a promotion would do now.
     *
     * @param problem why it would be refused, or null
     * @param changes images from, to; none where it would change nothing
     * @param gated whether a gate would open
     * @param explanation what that would wait for, or empty
     * @param requirements as they stand now
     * @param unasked checks of the gate at other servers, which are asked when it opens
     * @param authors of the change who could not approve it
     */
    record PromotionView(
            @CheckForNull String problem,
            List<VersionView> changes,
            boolean gated,
            String explanation,
            List<Requirement> requirements,
            List<String> unasked,
            List<String> authors) {

        static PromotionView refused(String problem) {
            return new PromotionView(problem, List.of(), false, "", List.of(), List.of(), List.of());
        }

        static PromotionView of(Promotion.Plan plan, GateView gate) {
            GateSubject.Promotion subject = plan.subject();
            Optional<GateDefinition> declared = plan.gate();
            return new PromotionView(
                    null,
                    subject.changes().stream()
                            .filter(ImageChange::isChange)
                            .map(change -> new VersionView(change.image(), text(change.from()), text(change.to())))
                            .toList(),
                    declared.isPresent(),
                    declared.isPresent() ? gate.explanation() : "",
                    gate.requirements(),
                    declared.map(GateDefinition::checks).orElse(List.of()).stream()
                            .map(GateDefinition.HttpCheck::name)
                            .toList(),
                    declared.filter(one -> one.separationOfDuties() != SeparationOfDuties.NONE)
                                    .isPresent()
                            ? subject.changeAuthors()
                            : List.of());
        }
    }

    static ComparisonView reading(String from, String to, List<String> environments) {
        return new ComparisonView(false, from, to, environments, List.of(), List.of(), List.of(), null, null);
    }

    static ComparisonView failed(String from, String to, String problem) {
        return new ComparisonView(true, from, to, List.of(), List.of(), List.of(), List.of(), problem, null);
    }

    static ComparisonView of(String from, String to, Differences git) {
        return new ComparisonView(
                true,
                from,
                to,
                List.of(),
                Stream.of(git.there(), git.here())
                        .flatMap(side -> side.keySet().stream())
                        .distinct()
                        .sorted()
                        .map(name -> new VersionView(
                                name,
                                text(git.there().get(name)),
                                text(git.here().get(name))))
                        .toList(),
                git.files(),
                git.commits(),
                git.problem().orElse(null),
                null);
    }

    /** With what a promotion would do: what it would bring goes before what Git has of the one. */
    ComparisonView with(PromotionView view, Optional<GateSubject.Promotion> subject) {
        return new ComparisonView(
                ready,
                from,
                to,
                environments,
                versions,
                subject.map(GateSubject.Promotion::files).orElse(files),
                subject.map(GateSubject.Promotion::commits).orElse(commits),
                subject.isPresent() ? null : problem,
                view);
    }

    ComparisonView among(List<String> all) {
        return new ComparisonView(ready, from, to, all, versions, files, commits, problem, promotion);
    }

    @CheckForNull
    private static String text(@CheckForNull Version version) {
        return Objects.toString(version, null);
    }
}
