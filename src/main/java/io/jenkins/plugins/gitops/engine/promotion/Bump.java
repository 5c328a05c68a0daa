package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes a release into targets: one commit, exactly once. The declaration is read again from every tip the edit is
 * applied to, so a bump that waited or was retried never edits a file that the declaration has since moved.
 */
public final class Bump {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final ReleaseVerification verification;

    public Bump(
            @NonNull ConfigRepository repository,
            @NonNull ManifestEditor editor,
            @NonNull ReleaseVerification verification) {
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.verification = verification;
    }

    /** For releases that nobody verifies. */
    public Bump(@NonNull ConfigRepository repository, @NonNull ManifestEditor editor) {
        this(repository, editor, ReleaseVerification.NONE);
    }

    /**
     * Blocking; safe to repeat with the same request.
     *
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException with one sentence, and nothing was committed
     */
    @NonNull
    public BumpResult run(@NonNull BumpRequest request, @NonNull Progress progress) {
        if (request.versions().isEmpty()) {
            throw new BumpRefusedException("A bump needs at least one image: give images, for example [api: '1.4.2'].");
        }
        if (request.place() instanceof BumpRequest.Place.Declared declared) {
            return declared(request, declared, progress);
        }
        return named(request, (BumpRequest.Place.Named) request.place(), progress);
    }

    private BumpResult declared(BumpRequest request, BumpRequest.Place.Declared declared, Progress progress) {
        if (declared.environments().isEmpty()) {
            throw new BumpRefusedException(
                    "A bump of '" + declared.application() + "' needs at least one environment.");
        }
        Snapshot tip = repository.tip(request.defaultBranch(), progress);
        Application application = Declarations.read(tip).application(declared.application());
        String branch = branch(request, application, declared.environments());
        Release verified = release(application.images(), request, application.name(), progress);
        Map<String, ImageReference> release = verified.images();
        String subject = application.name() + ": bump " + Words.release(release) + " in "
                + String.join(", ", declared.environments());
        Trailers trailers = request.provenance()
                .builtFrom(verified.sourceCommit())
                .addTo(Trailers.NONE
                        .with(Trailers.APPLICATION, application.name())
                        .withAll(Trailers.ENVIRONMENT, declared.environments())
                        .withImages(release));
        boolean declarationMoves = branch.equals(request.defaultBranch());
        ReleaseCommit commit = new ReleaseCommit(snapshot -> {
            Application current =
                    declarationMoves ? Declarations.read(snapshot).application(declared.application()) : application;
            return edit.apply(snapshot, places(current, declared.environments()), release);
        });
        CommitRequest wanted = new CommitRequest(
                branch,
                request.bumpId(),
                subject,
                "",
                trailers.list(),
                request.author(),
                Optional.empty(),
                request.triedSince(),
                Optional.empty(),
                commit);
        return commit.make(repository, wanted, release, application.name(), declared.environments(), progress);
    }

    private BumpResult named(BumpRequest request, BumpRequest.Place.Named named, Progress progress) {
        String paths = named.files().stream().map(file -> file.path()).collect(Collectors.joining(", "));
        Release verified = release(named.repositories(), request, paths, progress);
        Map<String, ImageReference> release = verified.images();
        ReleaseEdit.Place place = new ReleaseEdit.Place(paths, named.files(), named.repositories());
        ReleaseCommit commit = new ReleaseCommit(snapshot -> edit.apply(snapshot, List.of(place), release));
        CommitRequest wanted = new CommitRequest(
                request.defaultBranch(),
                request.bumpId(),
                "Bump " + Words.release(release) + " in " + paths,
                "",
                request.provenance()
                        .builtFrom(verified.sourceCommit())
                        .addTo(Trailers.NONE.withImages(release))
                        .list(),
                request.author(),
                Optional.empty(),
                request.triedSince(),
                Optional.empty(),
                commit);
        return commit.make(repository, wanted, release, null, List.of(), progress);
    }

    /** The places that the environments of an application are. */
    @NonNull
    static List<ReleaseEdit.Place> places(@NonNull Application application, @NonNull List<String> environments) {
        return environments.stream().map(name -> place(application, name)).toList();
    }

    @NonNull
    static ReleaseEdit.Place place(@NonNull Application application, @NonNull String environment) {
        return new ReleaseEdit.Place(
                application.name() + "/" + environment,
                application.environment(environment).files(),
                application.images());
    }

    private static String branch(BumpRequest request, Application application, List<String> environments) {
        Map<String, List<String>> branches = new TreeMap<>();
        for (String name : environments) {
            Environment environment = application.environment(name);
            branches.computeIfAbsent(environment.branch().orElse(request.defaultBranch()), key -> new ArrayList<>())
                    .add(name);
        }
        if (branches.size() > 1) {
            throw new BumpRefusedException("One commit cannot bump environments on different branches ("
                    + branches.entrySet().stream()
                            .map(entry -> String.join(", ", entry.getValue()) + " on '" + entry.getKey() + "'")
                            .collect(Collectors.joining("; "))
                    + "): bump each branch in a step of its own.");
        }
        return branches.keySet().iterator().next();
    }

    private Release release(Map<String, String> repositories, BumpRequest request, String place, Progress progress) {
        Map<String, ImageReference> release = new TreeMap<>();
        new TreeMap<>(request.versions()).forEach((name, version) -> {
            String declared = repositories.get(name);
            if (declared == null) {
                throw new UnknownNameException(name, "image", "'" + place + "'", repositories.keySet());
            }
            ImageReference reference = ImageReference.parse(declared, version).requireImmutable();
            if (!reference.repository().equals(declared)) {
                throw new BumpRefusedException("The image '" + name + "' of '" + place + "' is declared as " + declared
                        + ", but " + reference + " was given: give its tag or digest, or change the declaration.");
            }
            release.put(name, reference);
        });
        return verification.verify(new Release(release, request.provenance().sourceCommit()), progress);
    }
}
