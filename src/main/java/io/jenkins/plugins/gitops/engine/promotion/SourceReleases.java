package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.Map;
import java.util.function.Function;

/** Reads from the config repository what environments run, or ran. */
final class SourceReleases {

    /** Commits of one environment whose files are read to know what it carried. */
    private static final int MOST_READ = 10;

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Liveness liveness;

    SourceReleases(ConfigRepository repository, ReleaseEdit edit, Liveness liveness) {
        this.repository = repository;
        this.edit = edit;
        this.liveness = liveness;
    }

    /** What an environment runs: the images in its files at the commit that is live and healthy there. */
    SourceRelease live(Target target, String defaultBranch, Progress progress) {
        String branch = target.environment().branch().orElse(defaultBranch);
        Liveness.State state = liveness.observe(target);
        if (state instanceof Liveness.State.NotHealthy not) {
            throw new RefusedException("The release in " + target + " is not live and healthy (" + not.reason()
                    + "): wait until it is, or repair it, and promote again.");
        }
        Snapshot snapshot;
        if (state instanceof Liveness.State.Healthy healthy) {
            snapshot = repository.at(branch, healthy.commit(), progress);
        } else {
            snapshot = repository.tip(branch, progress);
            progress.say("Argo CD does not watch " + target
                    + " (gitops.yaml names no Application): promoting the images" + " in its branch.");
        }
        return at(snapshot, target, branch, defaultBranch);
    }

    /** By the declaration of that very commit, where the same branch holds it. */
    private SourceRelease at(Snapshot snapshot, Target target, String branch, String defaultBranch) {
        String name = target.application().name();
        Application application = branch.equals(defaultBranch)
                ? Declarations.read(snapshot, branch).application(name)
                : target.application();
        ReleaseEdit.Place place = ReleaseEdit.Place.of(
                application, application.environment(target.environment().name()), target.application());
        return new SourceRelease(
                target,
                snapshot.commit(),
                edit.images(snapshot, place),
                place.carried() == null ? null : new ReleaseEdit.Origin(snapshot, place));
    }

    /** Where a promotion that was planned finds what it carries; null if it carries nothing. */
    @Nullable
    ReleaseEdit.Origin origin(GateSubject.Promotion subject, Declaration declaration, Progress progress) {
        if (!subject.release().containsKey(Carries.NAME)) {
            return null;
        }
        Target source = declaration.target(subject.application(), subject.sourceEnvironment());
        String branch = source.environment().branch().orElse(subject.defaultBranch());
        return at(repository.at(branch, subject.sourceCommit(), progress), source, branch, subject.defaultBranch())
                .origin();
    }

    /**
     * A ledger that knows what the environment carried where a bump, which does not know it, brought the images of a
     * release.
     *
     * @param at what the environment held at a commit
     */
    static Ledger knowing(
            Ledger ledger, Target source, Map<String, Version> release, Function<String, Map<String, Version>> at) {
        if (!release.containsKey(Carries.NAME)) {
            return ledger;
        }
        int[] left = {MOST_READ};
        return new Ledger(
                ledger.deployments().stream()
                        .map(deployment -> deployment
                                                .application()
                                                .equals(source.application().name())
                                        && deployment
                                                .environment()
                                                .equals(source.environment().name())
                                        && !deployment.trailers().release().containsKey(Carries.NAME)
                                        && Release.withoutCarried(deployment.images())
                                                .equals(Release.withoutCarried(release))
                                        && left[0]-- > 0
                                ? knowing(deployment, at)
                                : deployment)
                        .toList(),
                ledger.lifted(),
                ledger.unread(),
                ledger.infrastructure());
    }

    private static Deployment knowing(Deployment deployment, Function<String, Map<String, Version>> at) {
        try {
            Version digest = at.apply(deployment.commit()).get(Carries.NAME);
            return digest == null ? deployment : deployment.carrying(digest);
        } catch (GitOpsException notReadable) {
            return deployment;
        }
    }

    /** The same by what the config repository holds. */
    Ledger knowing(Ledger ledger, SourceRelease release, String defaultBranch, Progress progress) {
        Target source = release.target();
        String branch = source.environment().branch().orElse(defaultBranch);
        return knowing(
                ledger,
                source,
                release.images(),
                commit -> at(repository.at(branch, commit, progress), source, branch, defaultBranch)
                        .images());
    }

    /** What the environment of a deployment ran after it. */
    SourceRelease of(Deployment deployment, Application application, String defaultBranch, Progress progress) {
        Target there = new Target(application, application.environment(deployment.environment()));
        String branch = there.environment().branch().orElse(defaultBranch);
        return at(repository.at(branch, deployment.commit(), progress), there, branch, defaultBranch);
    }
}
