package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Target;

/** Reads from the config repository what environments run, or ran. */
final class SourceReleases {

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
        ReleaseEdit.Place place = Bump.place(application, target.environment().name());
        return new SourceRelease(target, snapshot.commit(), edit.images(snapshot, place));
    }

    /** What the environment of a deployment ran after it. */
    SourceRelease of(Deployment deployment, Application application, String defaultBranch, Progress progress) {
        Target there = new Target(application, application.environment(deployment.environment()));
        String branch = there.environment().branch().orElse(defaultBranch);
        return at(repository.at(branch, deployment.commit(), progress), there, branch, defaultBranch);
    }
}
