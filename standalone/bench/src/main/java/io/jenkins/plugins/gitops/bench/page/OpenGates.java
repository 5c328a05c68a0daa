package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Opens gates as a run of {@code gitopsPromote} does, each with five commits, two files and one approval of two. */
final class OpenGates {

    private static final int COMMITS = 5;

    private OpenGates() {}

    static void open(@NonNull Run<?, ?> run, int application, @NonNull String environment) {
        String id = run.getExternalizableId() + "-" + application + "-" + environment;
        GateDefinition definition = new GateDefinition(
                List.of(
                        new GateDefinition.Approvals(1, List.of("qa")),
                        new GateDefinition.Approvals(1, List.of("release-managers"))),
                List.of("Rollback plan documented", "Support is informed"));
        LiveGate gate = GitOpsServices.get()
                .gates()
                .open(
                        subject(id, DeployedRepository.application(application), environment),
                        definition,
                        List.of(),
                        GateAction.of(run).store(id));
        Person quentin = new Person(
                "quentin", "Quentin", "quentin@example.org", Set.of("qa"), Set.of(Person.Permission.APPROVE));
        gate.decide(
                "click",
                quentin,
                (state, click) -> GateDecisions.approve(state, click, "The regression tests passed."));
    }

    private static GateSubject.Promotion subject(String id, String application, String environment) {
        Map<String, Version> release = Map.of(
                "api", image(application, "api", "1.1.0"),
                "worker", image(application, "worker", "1.1.0"));
        String place = application + "/" + environment;
        return new GateSubject.Promotion(
                id,
                "https://git.example.org/config.git",
                "main",
                application,
                environment,
                "main",
                release,
                release.entrySet().stream()
                        .map(image -> new ImageChange(
                                place, image.getKey(), image(application, image.getKey(), "1.0.0"), image.getValue()))
                        .toList(),
                List.of(file(application, environment), file(application, environment + "-jobs")),
                "dev",
                "a".repeat(40),
                IntStream.range(0, COMMITS)
                        .mapToObj(i -> new GateSubject.CommitSummary(
                                String.format("%040x", i),
                                application + "/dev: api, worker to 1.0." + i,
                                List.of("Ada Example <ada@example.org>"),
                                String.format("%040x", i + 100)))
                        .toList(),
                List.of("Ada Example <ada@example.org>"),
                "ada",
                "https://ci.example.org/job/" + application + "/7/");
    }

    private static FileChange file(String application, String environment) {
        return new FileChange(
                "apps/" + application + "/" + environment + "/kustomization.yaml",
                List.of(
                        new FileChange.Line(FileChange.Kind.REMOVED, 7, "  newTag: 1.0.0"),
                        new FileChange.Line(FileChange.Kind.ADDED, 7, "  newTag: 1.1.0"),
                        new FileChange.Line(FileChange.Kind.REMOVED, 9, "  newTag: 1.0.0"),
                        new FileChange.Line(FileChange.Kind.ADDED, 9, "  newTag: 1.1.0")));
    }

    private static ImageReference image(String application, String name, String tag) {
        return ImageReference.parse("ghcr.io/acme/" + application + "-" + name + ":" + tag);
    }
}
