package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes a release into targets: one commit, exactly once. The declaration is read again from every tip the edit is
 * applied to, so a bump that waited or was retried never edits a file that the declaration has since moved, or put behind
 * a gate: a target with a gate takes its releases through it.
 */
public final class Bump {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final ReleaseVerification verification;
    private final Stops stops;

    public Bump(ConfigRepository repository, ManifestFiles editor, ReleaseVerification verification, Stops stops) {
        this.stops = stops;
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.verification = verification;
    }

    /**
     * Blocking; safe to repeat with the same request.
     *
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException with one sentence, and nothing was committed
     */
    public BumpResult run(BumpRequest request, Progress progress) {
        if (request.versions().isEmpty()) {
            throw new RefusedException(
                    "A bump needs at least one image or version: give images, for example [api: '1.4.2'].");
        }
        if (request.place() instanceof BumpRequest.Place.Declared declared) {
            return declared(request, declared, progress);
        }
        BumpRequest.Place.Named named = (BumpRequest.Place.Named) request.place();
        List<ReleaseEdit.Place> places =
                List.of(new ReleaseEdit.Place(named.title(), named.files(), named.repositories()));
        Release release = release(named.repositories(), Map.of(), request, named.title(), progress);
        Snapshot configured = repository.tip(request.defaultBranch(), progress);
        Function<Snapshot, ReleaseEdit.Outcome> allowed = tip -> {
            Snapshot declaring = named.branch().equals(request.defaultBranch()) ? tip : configured;
            Optional<Declaration> declaration = Declarations.find(declaring, request.defaultBranch());
            declaration.ifPresent(rules -> requireAllowed(request, named, rules));
            ReleaseEdit.Outcome outcome = edit.apply(tip, places, release.images());
            declaration.ifPresent(rules ->
                    Declarations.requireNoGateAbove(rules, request.defaultBranch(), named.branch(), tip, outcome));
            return outcome;
        };
        Optional<StoppedException> stop = stops.ofFiles(
                repository,
                named.title(),
                Declarations.find(configured, request.defaultBranch()),
                declaration -> named.files().stream()
                        .flatMap(file ->
                                targets(declaration, named.branch(), file.path(), request.defaultBranch()).stream()),
                progress);
        return write(request, named.branch(), null, List.of(), release, Optional.empty(), stop, allowed, progress);
    }

    /** Of a file that no target declares nobody knows what it is part of, a base or a chart for example: rules hold. */
    private static void requireAllowed(BumpRequest request, BumpRequest.Place.Named named, Declaration declaration) {
        for (ManifestFile file : named.files()) {
            String path = file.path();
            if (path.equals(Declaration.FILE)) {
                throw new RefusedException("A bump cannot write " + Declaration.FILE
                        + ", which declares the gates: change it in a commit of its own.");
            }
            List<Target> targets = targets(declaration, named.branch(), path, request.defaultBranch());
            targets.forEach(target -> {
                Declarations.requireJob(target.application(), request.provenance());
                requireNoGate(target.application(), target.environment(), " of " + path);
                if (target.environment().delivery().isPresent()) {
                    throw new RefusedException(target + " takes changes by pull requests alone, also of " + path
                            + ": give application and environment in the step instead of the file.");
                }
            });
            if (targets.isEmpty() && hasRules(declaration)) {
                throw new RefusedException("The file " + path + " on '" + named.branch()
                        + "' is of no environment, but " + Declaration.FILE
                        + " has gates or jobs that a bump of it may go around: declare it there, and give application"
                        + " and environment in the step.");
            }
        }
    }

    private static List<Target> targets(Declaration declaration, String branch, String path, String defaultBranch) {
        return declaration
                .targets()
                .filter(target ->
                        target.environment().branch().orElse(defaultBranch).equals(branch))
                .filter(target -> target.environment().files().stream()
                        .anyMatch(file -> file.path().equals(path)))
                .toList();
    }

    private static boolean hasRules(Declaration declaration) {
        return declaration.applications().values().stream()
                .anyMatch(application -> !application.jobs().isEmpty()
                        || application.environments().values().stream()
                                .anyMatch(environment -> environment.gate().isPresent()));
    }

    /** @param what is bumped, for the sentence; empty where that is the target as a whole */
    private static void requireNoGate(Application application, Environment environment, String what) {
        if (!environment.takesBumps()) {
            throw new RefusedException(
                    "The gate of " + new Target(application, environment) + " does not allow a bump" + what
                            + ": promote with gitopsPromote application: '"
                            + application.name() + "', environment: '" + environment.name()
                            + "', images: …, or declare 'bump: allowed' in the gate.");
        }
    }

    private BumpResult declared(BumpRequest request, BumpRequest.Place.Declared declared, Progress progress) {
        List<String> environments = declared.environments();
        if (environments.isEmpty()) {
            throw new RefusedException("A bump of '" + declared.application() + "' needs at least one environment.");
        }
        Declaration declaration =
                Declarations.read(repository.tip(request.defaultBranch(), progress), request.defaultBranch());
        Application application = declaration.application(declared.application());
        Declarations.requireJob(application, request.provenance());
        String branch = branch(request, application, environments);
        boolean declarationMoves = branch.equals(request.defaultBranch());
        Optional<DeliveryDefinition> delivery = Declarations.delivery(application, environments);
        Release release = release(application.images(), application.versions(), request, application.name(), progress);
        Function<Snapshot, ReleaseEdit.Outcome> allowed = tip -> {
            Declaration rules = declarationMoves ? Declarations.read(tip, branch) : declaration;
            Application current = rules.application(declared.application());
            Declarations.requireJob(current, request.provenance());
            environments.forEach(environment -> requireNoGate(current, current.environment(environment), ""));
            Declarations.requireDelivery(current, environments, delivery);
            List<ReleaseEdit.Place> places = environments.stream()
                    .map(environment -> place(current, environment))
                    .toList();
            ReleaseEdit.Outcome outcome = edit.apply(tip, places, release.images());
            edit.requireUnchanged(
                    Declarations.others(rules, request.defaultBranch(), application.name(), environments),
                    tip,
                    outcome);
            Declarations.requireNoGateAbove(rules, request.defaultBranch(), branch, tip, outcome);
            return outcome;
        };
        return write(
                request,
                branch,
                application.name(),
                environments,
                release,
                delivery,
                stops.ofChange(repository, declaration, application.name(), environments, progress),
                allowed,
                progress);
    }

    private BumpResult write(
            BumpRequest request,
            String branch,
            @Nullable String application,
            List<String> environments,
            Release release,
            Optional<DeliveryDefinition> delivery,
            Optional<StoppedException> stop,
            Function<Snapshot, ReleaseEdit.Outcome> allowed,
            Progress progress) {
        Map<String, Version> images = release.images();
        String subject = application == null
                ? "Bump " + Release.text(images, " to ") + " in "
                        + request.place().title()
                : application + ": bump " + Release.text(images, " to ") + " in " + String.join(", ", environments);
        return new ReleaseCommit(
                        branch,
                        request.bumpId(),
                        subject,
                        application,
                        environments,
                        images,
                        request.provenance().builtFrom(release.sourceCommit()).trailers(),
                        request.author(),
                        request.triedSince(),
                        delivery.isPresent() ? Optional.of(Proposal.Terms.of(delivery.get())) : Optional.empty(),
                        stop,
                        allowed)
                .make(repository, progress);
    }

    static ReleaseEdit.Place place(Application application, String environment) {
        return ReleaseEdit.Place.of(application, application.environment(environment));
    }

    private static String branch(BumpRequest request, Application application, List<String> environments) {
        Map<String, List<String>> branches = new TreeMap<>();
        for (String name : environments) {
            Environment environment = application.environment(name);
            branches.computeIfAbsent(environment.branch().orElse(request.defaultBranch()), key -> new ArrayList<>())
                    .add(name);
        }
        if (branches.size() > 1) {
            throw new RefusedException("One commit cannot bump environments on different branches ("
                    + branches.entrySet().stream()
                            .map(entry -> String.join(", ", entry.getValue()) + " on '" + entry.getKey() + "'")
                            .collect(Collectors.joining("; "))
                    + "): bump each branch in a step of its own.");
        }
        return branches.keySet().iterator().next();
    }

    private Release release(
            Map<String, String> repositories,
            Map<String, VersionSource> sources,
            BumpRequest request,
            String place,
            Progress progress) {
        return verification.verify(
                new Release(
                        references(repositories, sources, request.versions(), place),
                        request.provenance().sourceCommit(),
                        sources),
                progress);
    }

    /**
     * Versions as image references, or as what the declaration says they are of.
     *
     * @param repositories image name to repository
     * @param sources of the versions of charts, Git refs and values
     * @param versions image name to tag, digest, {@code tag@digest} or whole reference; name of another version to itself
     * @param place whose images they are, for messages
     */
    static Map<String, Version> references(
            Map<String, String> repositories,
            Map<String, VersionSource> sources,
            Map<String, String> versions,
            String place) {
        Map<String, Version> release = new TreeMap<>();
        new TreeMap<>(versions).forEach((name, version) -> {
            VersionSource source = sources.get(name);
            if (source != null) {
                release.put(name, source.version(version));
                return;
            }
            String declared = Optional.ofNullable(repositories.get(name)).orElseThrow(() -> {
                Set<String> known = new TreeSet<>(repositories.keySet());
                known.addAll(sources.keySet());
                return new UnknownNameException(
                        name, sources.isEmpty() ? "image" : "image or version", "'" + place + "'", known);
            });
            ImageReference reference = ImageReference.parse(declared, version).requireImmutable();
            if (!reference.repository().equals(declared)) {
                throw new RefusedException("The image '" + name + "' of '" + place + "' is declared as " + declared
                        + ", but " + reference + " was given: give its tag or digest, or change the declaration.");
            }
            release.put(name, reference);
        });
        return release;
    }
}
