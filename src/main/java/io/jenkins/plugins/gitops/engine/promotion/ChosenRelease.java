package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A version that somebody named, and where the deployment history proves it: the newest deployment of it that was live and
 * healthy in an environment before the target and was not taken back there, whatever runs there now.
 */
final class ChosenRelease {

    /** As many digits of a commit's id as tell it from all others of a repository. */
    private static final int SHORTEST_ID = 7;

    private final Target target;
    private final ReleaseChoice choice;
    private final Ledger ledger;
    private final Map<String, Version> wanted;

    ChosenRelease(Target target, ReleaseChoice choice, Ledger ledger) {
        this.target = target;
        this.choice = choice;
        this.ledger = ledger;
        this.wanted = wanted(target.application(), choice);
        if (choice instanceof ReleaseChoice.Commit commit && !commit.id().matches("[0-9a-f]{" + SHORTEST_ID + ",40}")) {
            throw new RefusedException("'" + commit.id() + "' is not the id of a commit: give at least " + SHORTEST_ID
                    + " of its hexadecimal digits.");
        }
    }

    private static Map<String, Version> wanted(Application application, ReleaseChoice choice) {
        if (choice instanceof ReleaseChoice.Versions named) {
            return Bump.references(application.images(), application.versions(), named.versions(), application.name());
        } else if (choice instanceof ReleaseChoice.Tag one) {
            Map<String, String> all = new TreeMap<>();
            application.images().keySet().forEach(name -> all.put(name, one.tag()));
            return Bump.references(application.images(), Map.of(), all, application.name());
        }
        return Map.of();
    }

    /**
     * The proven release. If none is proven and no proof is required: the named images, the target's current ones for the
     * others, and no commit.
     *
     * @param from the environment to look in, or null for all that come before the target
     * @param needsProof whether only a proven one is wanted
     * @param at what a deployment's environment holds at the deployment's commit
     * @param running what the target holds now
     * @throws RefusedException if it is not proven and has to be, or the target takes nothing from there
     */
    SourceRelease find(
            @Nullable String from,
            boolean needsProof,
            Function<Deployment, SourceRelease> at,
            Supplier<Map<String, Version>> running) {
        Optional<SourceRelease> proven = SourceRelease.candidates(target, from).stream()
                .flatMap(environment -> proofIn(environment).stream())
                .findFirst()
                .map(at)
                .filter(release -> isIn(release.images()));
        if (proven.isPresent()) {
            return proven.get();
        }
        if (needsProof) {
            throw unproven(from);
        }
        if (choice instanceof ReleaseChoice.Commit commit) {
            Deployment last = last().orElseThrow(() -> new RefusedException("No deployment of '"
                    + target.application().name() + "' is commit " + commit.id()
                    + ": name one that the deployment history shows, or 'images' or 'tag'."));
            return new SourceRelease(target, "", at.apply(last).images());
        }
        Map<String, Version> images = new TreeMap<>(running.get());
        images.putAll(wanted);
        return new SourceRelease(target, "", images);
    }

    private Optional<Deployment> proofIn(String environment) {
        Target source = new Target(target.application(), target.application().environment(environment));
        return of(environment).stream()
                .takeWhile(deployment -> deployment.rolledBackBy() == null)
                .filter(deployment -> VerifiedSource.isProven(source, deployment))
                .findFirst();
    }

    /** Where the release was deployed last, healthy or not. */
    private Optional<Deployment> last() {
        return ledger.deployments().stream()
                .filter(deployment ->
                        deployment.application().equals(target.application().name()))
                .filter(this::isWanted)
                .findFirst();
    }

    private List<Deployment> of(String environment) {
        return ledger.of(target.application().name(), environment).stream()
                .filter(this::isWanted)
                .toList();
    }

    private boolean isWanted(Deployment deployment) {
        return choice instanceof ReleaseChoice.Commit commit
                ? deployment.commit().startsWith(commit.id())
                : isIn(deployment.images());
    }

    /** Whether all that was asked for is in a release. */
    private boolean isIn(Map<String, Version> release) {
        return wanted.entrySet().stream()
                .allMatch(image -> Optional.ofNullable(release.get(image.getKey()))
                        .filter(found -> isSame(image.getValue(), found))
                        .isPresent());
    }

    /** Whoever names a tag alone, or a digest, means the image that has it. */
    private static boolean isSame(Version asked, Version there) {
        if (!(asked instanceof ImageReference wanted) || !(there instanceof ImageReference found)) {
            return asked.equals(there);
        }
        return wanted.repository().equals(found.repository())
                && (wanted.tagName().isEmpty() || wanted.tagName().equals(found.tagName()))
                && (wanted.digestValue().isEmpty() || wanted.digestValue().equals(found.digestValue()));
    }

    /** Why the target does not take it. */
    private RefusedException unproven(@Nullable String from) {
        List<String> candidates = SourceRelease.candidates(target, from);
        String what = choice instanceof ReleaseChoice.Commit commit
                ? "the release of commit " + CommitInfo.abbreviate(commit.id())
                : Release.text(wanted);
        String rolledBack = candidates.stream()
                .flatMap(environment -> of(environment).stream().limit(1))
                .filter(deployment -> deployment.rolledBackBy() != null)
                .map(deployment -> "it was rolled back in " + deployment.environment() + " with commit "
                        + CommitInfo.abbreviate(deployment.rolledBackBy()))
                .findFirst()
                .orElse("");
        String where = rolledBack.isEmpty()
                ? last().map(deployment -> "it was deployed last in " + deployment.environment() + " at "
                                + Durations.time(deployment.committedAt())
                                + (deployment.outcome().isHealthy() ? "" : " and not seen healthy there"))
                        .orElse("it was never deployed")
                : rolledBack;
        return new RefusedException(target + " takes only what was live and healthy in "
                + String.join(" or ", candidates) + ", and " + what + " is not known to be (" + where
                + "): promote it to "
                + candidates.get(0) + " and wait there with gitopsAwaitSync first.");
    }
}
