package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlan.Leg;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlan.Watched;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Finds out what a step has to wait for: commit, images and Applications of each environment. Blocks. */
public final class AwaitSyncPlanning {

    /** How far back the run's own commit is looked for. */
    private static final int DEPTH = 200;

    private final Run<?, ?> run;
    private final AwaitSyncWish wish;
    private final Optional<OpenedRepository> repository;
    private final Optional<String> runAddress;
    private final Progress progress;

    /**
     * @param run whose configuration applies, and that is recorded to use the connections' credentials
     * @param repository empty where no config repository is needed and none is configured
     * @param runAddress as the run's own commits name it in their trailers
     */
    public AwaitSyncPlanning(
            @NonNull Run<?, ?> run,
            @NonNull AwaitSyncWish wish,
            @NonNull Optional<OpenedRepository> repository,
            @NonNull Optional<String> runAddress,
            @NonNull Progress progress) {
        this.run = run;
        this.wish = wish;
        this.repository = repository;
        this.runAddress = runAddress;
        this.progress = progress;
    }

    @NonNull
    public AwaitSyncPlan plan(@NonNull String id, @NonNull Instant deadline) {
        if (wish.namesArgoApplications()) {
            return new AwaitSyncPlan(id, deadline, new ArrayList<>(List.of(named())));
        }
        ArrayList<Leg> legs = new ArrayList<>();
        for (String environment : wish.environments()) {
            legs.add(declared(environment));
        }
        return new AwaitSyncPlan(id, deadline, legs);
    }

    private Leg named() {
        ArrayList<Watched> watched = new ArrayList<>();
        String connection = GitOpsSettings.argoCdConnection(run, wish.connection());
        for (String name : wish.argoApplications()) {
            watched.add(new Watched(connection, wish.namespace(), name, new TreeMap<>()));
        }
        if (wish.selector() != null) {
            watched.add(new Watched(connection, wish.namespace(), null, wish.labels()));
        }
        return new Leg(
                wish.title(),
                null,
                null,
                repository.map(OpenedRepository::branch).orElse(null),
                wish.commit(),
                new LinkedHashMap<>(wish.images()),
                repository.map(OpenedRepository::url).orElse(null),
                watched);
    }

    private Leg declared(String environmentName) {
        OpenedRepository opened = repository.orElseThrow();
        String application = Objects.requireNonNull(wish.application());
        Target target = Declarations.read(opened.repository().tip(opened.branch(), progress))
                .target(application, environmentName);
        Environment environment = target.environment();
        if (environment.applications().isEmpty()) {
            throw new StepParameterException("Environment '" + environmentName + "' of '" + application
                    + "' names no Argo CD Application in gitops.yaml, so there is nothing to wait for: add argocd:"
                    + " { application: … } to it.");
        }
        String branch = environment.branch().orElse(opened.branch());
        String commit = Optional.ofNullable(wish.commit())
                .or(() -> ownCommit(opened, branch, application, environmentName))
                .orElseGet(() -> opened.repository().tip(branch, progress).commit());
        ArrayList<Watched> watched = new ArrayList<>();
        for (Environment.ArgoApplication watching : environment.applications()) {
            String connection = watching.connection() == null ? wish.connection() : watching.connection();
            watched.add(new Watched(
                    GitOpsSettings.argoCdConnection(run, connection),
                    watching.namespace(),
                    watching.name(),
                    new TreeMap<>()));
        }
        LinkedHashMap<String, String> images = wish.images().isEmpty()
                ? imagesAt(target, opened.repository().at(branch, commit, progress))
                : new LinkedHashMap<>(wish.images());
        return new Leg(target.toString(), application, environmentName, branch, commit, images, opened.url(), watched);
    }

    /** The newest commit that this very run made for the environment: a later one of somebody else is not ours. */
    private Optional<String> ownCommit(OpenedRepository opened, String branch, String application, String environment) {
        return runAddress.flatMap(address -> opened
                .repository()
                .history(
                        branch,
                        new HistoryQuery(
                                commit -> {
                                    Trailers trailers = new Trailers(commit.trailers());
                                    return trailers.values(Trailers.RUN).contains(address)
                                            && trailers.concern(application, environment);
                                },
                                1,
                                DEPTH),
                        progress)
                .stream()
                .map(CommitInfo::commit)
                .findFirst());
    }

    private static LinkedHashMap<String, String> imagesAt(@NonNull Target target, @NonNull Snapshot snapshot) {
        ManifestEditor manifests = GitOpsServices.get().manifests();
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        for (ManifestFile file : target.environment().files()) {
            snapshot.file(file.path())
                    .ifPresent(content -> manifests
                            .images(file, content, target.application().images())
                            .forEach((name, reference) -> images.put(name, reference.toString())));
        }
        return images;
    }
}
