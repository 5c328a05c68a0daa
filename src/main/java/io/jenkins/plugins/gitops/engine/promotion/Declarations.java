package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.KustomizationInputs;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Glob;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the declaration in a config repository. */
public final class Declarations {

    /** In bytes of files, of all config repositories of a controller. */
    private static final int MOST_BYTES = 8 << 20;

    /** By content and branch: between two changes the same file is read by every plan, page, check and commit. */
    private static final Cache<Map.Entry<String, String>, Declaration> KNOWN = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .<Map.Entry<String, String>, Declaration>weigher(
                    (file, declaration) -> file.getKey().length())
            .softValues()
            .build();

    private Declarations() {}

    /**
     * The declaration as it stands in this commit.
     *
     * @param branch of the commit: where targets are that name no branch of their own
     * @throws RefusedException if the repository has none
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    public static Declaration read(Snapshot snapshot, String branch) {
        return find(snapshot, branch)
                .orElseThrow(() -> new RefusedException("There is no " + Declaration.FILE
                        + " in the root of the config repository at commit " + CommitInfo.abbreviate(snapshot.commit())
                        + ": add one, or name file and image in the step instead of application and environment."));
    }

    /**
     * The same; empty if the repository has none.
     *
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is not valid
     */
    public static Optional<Declaration> find(Snapshot snapshot, String branch) {
        return snapshot.file(Declaration.FILE)
                .map(content -> KNOWN.get(
                        Map.entry(new String(content, StandardCharsets.ISO_8859_1), branch),
                        file -> DeclarationReader.read(Declaration.FILE, content, branch)));
    }

    /**
     * Asked before files are changed that no gate decides about: what an environment with a gate is built from besides its
     * own files, a base for example, deploys there too.
     *
     * @param branch of the files
     * @param tip where they are read
     * @throws RefusedException if the kustomization of such an environment includes one of them
     */
    static void requireNoGateAbove(
            Declaration declaration, String defaultBranch, String branch, Snapshot tip, ReleaseEdit.Outcome change) {
        if (change.isEmpty()) {
            return;
        }
        for (Application application : declaration.applications().values()) {
            for (Environment environment : application.environments().values()) {
                if (!environment.takesBumps()
                        && environment.branch().orElse(defaultBranch).equals(branch)) {
                    requireNotIncluded(
                            new Target(application, environment),
                            tip,
                            change.contents().keySet());
                }
            }
        }
    }

    /**
     * Files that one environment carries may lie where another one declares, or carries, its own.
     *
     * @throws RefusedException if a change would reach another target
     */
    static void requireOwn(
            Optional<Declaration> declared, String defaultBranch, Target target, ReleaseEdit.Outcome change) {
        if (target.application().carries() != null && !change.isEmpty()) {
            declared.ifPresent(declaration -> requireOwn(declaration, defaultBranch, target, change));
        }
    }

    private static void requireOwn(
            Declaration declaration, String defaultBranch, Target target, ReleaseEdit.Outcome change) {
        String branch = target.environment().branch().orElse(defaultBranch);
        Set<String> files = new TreeSet<>(change.contents().keySet());
        target.environment().files().forEach(file -> files.remove(file.path()));
        for (Application application : declaration.applications().values()) {
            for (Environment environment : application.environments().values()) {
                Target other = new Target(application, environment);
                if (!other.toString().equals(target.toString())
                        && environment.branch().orElse(defaultBranch).equals(branch)) {
                    files.stream()
                            .filter(path -> belongs(path, other))
                            .findFirst()
                            .ifPresent(path -> {
                                throw new RefusedException(
                                        "The file " + path + " is of " + other + ", too, so that carrying it to "
                                                + target
                                                + " would change both: leave it out of 'carries', or give each a"
                                                + " folder of its own.");
                            });
                }
            }
        }
    }

    private static boolean belongs(String path, Target target) {
        Carries carries = target.application().carries();
        return target.environment().files().stream()
                        .anyMatch(file -> file.path().equals(path))
                || carries != null && Carried.of(carries, target.environment()).holds(path);
    }

    /** The targets besides some of an application, on the branch that those are on. */
    static Stream<Target> others(
            Declaration declaration, String defaultBranch, String application, List<String> environments) {
        String branch = declaration
                .target(application, environments.get(0))
                .environment()
                .branch()
                .orElse(defaultBranch);
        return declaration
                .targets()
                .filter(target ->
                        target.environment().branch().orElse(defaultBranch).equals(branch))
                .filter(target -> !target.application().name().equals(application)
                        || !environments.contains(target.environment().name()));
    }

    private static void requireNotIncluded(Target gated, Snapshot tip, Set<String> changed) {
        Set<String> others = new TreeSet<>(changed);
        gated.environment().files().forEach(file -> others.remove(file.path()));
        for (ManifestFile file : gated.environment().files()) {
            if (file instanceof ManifestFile.Kustomization && !others.isEmpty()) {
                KustomizationInputs.among(file.path(), others, tip::file).ifPresent(included -> {
                    throw new RefusedException(
                            "The file " + included + " is included by " + file.path() + " of " + gated
                                    + ", so that this change of it would go past the gate of " + gated
                                    + ": keep the image in a file that only environments without a gate include, or"
                                    + " declare 'bump: allowed' in the gate.");
                });
            }
        }
    }

    /**
     * How releases come into environments that one commit changes; empty where commits bring them.
     *
     * @throws RefusedException if they differ
     */
    static Optional<DeliveryDefinition> delivery(Application application, List<String> environments) {
        Optional<DeliveryDefinition> first =
                application.environment(environments.get(0)).delivery();
        if (environments.stream()
                .anyMatch(name -> !application.environment(name).delivery().equals(first))) {
            throw new RefusedException("Environments of '" + application.name() + "' that declare 'deliver' differently"
                    + " cannot be changed together (" + String.join(", ", environments)
                    + "): use a separate step for each.");
        }
        return first;
    }

    /**
     * Asked when the edit is applied: what began as a commit does not go past pull requests that are declared by now.
     *
     * @throws RefusedException if it is declared otherwise than when it began
     */
    static void requireDelivery(Application application, List<String> environments, Optional<DeliveryDefinition> how) {
        if (how.isPresent() != delivery(application, environments).isPresent()) {
            throw new RefusedException("gitops.yaml has changed 'deliver' of '" + application.name() + "' ("
                    + String.join(", ", environments) + ") since this began: run it again.");
        }
    }

    /** The same of one target, as it is declared now and was then. */
    static void requireDelivery(Target now, Target then) {
        requireDelivery(
                now.application(),
                List.of(now.environment().name()),
                then.environment().delivery());
    }

    /**
     * Asked before anything is changed, by the declaration at the tip of the configured branch. Reading is for every job.
     *
     * @throws RefusedException if the application's {@code jobs} leave out the one that asks
     */
    public static void requireJob(Application application, Provenance by) {
        String job = by.job();
        if (application.jobs().isEmpty()
                || job != null && application.jobs().stream().anyMatch(jobs -> jobs.matches(job))) {
            return;
        }
        throw new RefusedException((job == null ? "What no job asks for" : "The job '" + Shortened.name(job) + "'")
                + " cannot change '" + application.name() + "': 'applications." + application.name() + ".jobs' in "
                + Declaration.FILE + " allows only "
                + Shortened.list(application.jobs().stream().map(Glob::toString).toList())
                + "; use a job of that name, or extend the list.");
    }
}
