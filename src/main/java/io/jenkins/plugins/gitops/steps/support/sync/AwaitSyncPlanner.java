package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseEdit;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds out what a step has to wait for: commit, images and Applications of each environment. Blocks. */
final class AwaitSyncPlanner {

    /** How far back the run's own commit is looked for. */
    private static final int DEPTH = 200;

    private final GitOpsStepExecution step;
    private final Optional<OpenedRepository> repository;
    private final AwaitSyncOptions options;

    /**
     * @param step whose run's configuration applies, and which is recorded to use the connections' credentials
     * @param repository empty where no config repository is needed and none is configured
     */
    AwaitSyncPlanner(GitOpsStepExecution step, Optional<OpenedRepository> repository, AwaitSyncOptions options) {
        this.step = step;
        this.repository = repository;
        this.options = options;
    }

    AwaitSyncPlan plan(String id, Instant deadline) throws IOException, InterruptedException {
        ArrayList<Leg> legs = new ArrayList<>();
        if (options.subject() instanceof Subject.Named named) {
            legs.add(named(named));
        } else {
            Subject.Declared declared = (Subject.Declared) options.subject();
            for (String environment : declared.environments()) {
                legs.add(declared(declared, environment));
            }
        }
        return new AwaitSyncPlan(id, deadline, legs);
    }

    private Leg named(Subject.Named named) throws IOException, InterruptedException {
        ArrayList<AwaitedApplications> watched = new ArrayList<>();
        String connection = GitOpsSettings.argoCdConnection(step.run(), named.connection());
        for (String name : named.applications()) {
            watched.add(new AwaitedApplications(connection, named.namespace(), name, Map.of()));
        }
        if (!named.labels().isEmpty()) {
            watched.add(new AwaitedApplications(connection, named.namespace(), null, named.labels()));
        }
        return new Leg(
                named.title(),
                null,
                null,
                repository.map(OpenedRepository::branch).orElse(null),
                options.commit(),
                options.images(),
                repository.map(OpenedRepository::url).orElse(null),
                watched);
    }

    private Leg declared(Subject.Declared declared, String environmentName) throws IOException, InterruptedException {
        OpenedRepository opened = repository.orElseThrow();
        Progress progress = step.progress();
        Target target = Declarations.read(opened.repository().tip(opened.branch(), progress), opened.branch())
                .target(declared.application(), environmentName);
        if (options.onFailure() == OnFailure.ROLLBACK) {
            Declarations.requireJob(target.application(), step.provenance());
        }
        if (options.policy().has(Policy.Option.RESUME)) {
            requireFree(target);
        }
        Environment environment = target.environment();
        if (environment.applications().isEmpty()) {
            throw new StepParameterException(target + " has no Argo CD Application in gitops.yaml, so there is nothing"
                    + " to wait for: add argocd: { application: … } to the environment.");
        }
        String branch = environment.branch().orElse(opened.branch());
        String commit = options.commit();
        if (commit == null) {
            commit = ownCommit(opened, branch, target)
                    .orElseGet(() -> opened.repository().tip(branch, progress).commit());
        }
        ArrayList<AwaitedApplications> watched = new ArrayList<>();
        for (Environment.ArgoApplication watching : environment.applications()) {
            String connection = watching.connection() == null ? declared.connection() : watching.connection();
            watched.add(new AwaitedApplications(
                    GitOpsSettings.argoCdConnection(step.run(), connection),
                    watching.namespace(),
                    watching.name(),
                    Map.of()));
        }
        // Images alone do not tell whether values and files that are carried with them are live.
        LinkedHashMap<String, String> images =
                options.images().isEmpty() && target.application().carries() == null
                        ? imagesAt(target, opened.repository().at(branch, commit, progress))
                        : options.images();
        return new Leg(
                target.toString(),
                declared.application(),
                environmentName,
                branch,
                commit,
                images,
                opened.url(),
                watched);
    }

    /** A Rollout of an environment with a gate pauses for people, not for the author of a Jenkinsfile. */
    private void requireFree(Target target) throws IOException, InterruptedException {
        Declarations.requireJob(target.application(), step.provenance());
        if (!target.environment().takesBumps()) {
            throw new RefusedException("gitopsAwaitSync does not resume the Rollout of " + target
                    + ", which has a gate: set onPaused: 'gate', which asks the gate's approvers.");
        }
    }

    /** The newest commit that this very run made for the environment: a later one of somebody else is not ours. */
    private Optional<String> ownCommit(OpenedRepository opened, String branch, Target target)
            throws IOException, InterruptedException {
        String run = step.provenance().run();
        if (run == null) {
            return Optional.empty();
        }
        HistoryQuery own = new HistoryQuery(
                commit -> {
                    Trailers trailers = new Trailers(commit.trailers());
                    return trailers.values(Trailers.RUN).contains(run)
                            && trailers.concern(
                                    target.application().name(),
                                    target.environment().name());
                },
                1,
                DEPTH);
        return opened.repository().history(branch, own, step.progress()).stream()
                .map(CommitInfo::commit)
                .findFirst();
    }

    private LinkedHashMap<String, String> imagesAt(Target target, Snapshot snapshot) {
        ReleaseEdit files = new ReleaseEdit(step.services().manifests());
        return StepResults.images(
                files.written(snapshot, ReleaseEdit.Place.of(target.application(), target.environment())));
    }
}
