package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.Map;

/** Reads what an environment runs: the images in its files at the commit that is live and healthy there. */
final class SourceRelease {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Liveness liveness;

    SourceRelease(ConfigRepository repository, ManifestEditor editor, Liveness liveness) {
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.liveness = liveness;
    }

    /** The images at a commit. */
    record Found(
            @NonNull Target target,
            @NonNull String commit,
            @NonNull Map<String, ImageReference> images) {}

    /** @throws PromotionRefusedException if the environment is not healthy */
    @NonNull
    Found read(@NonNull Target target, @NonNull String defaultBranch, @NonNull Progress progress) {
        String branch = target.environment().branch().orElse(defaultBranch);
        Liveness.State state = liveness.observe(target);
        if (state instanceof Liveness.State.NotHealthy not) {
            throw new PromotionRefusedException("The release in " + target + " is not live and healthy (" + not.reason()
                    + "): wait until it is, or mend it, and promote again.");
        }
        Snapshot snapshot;
        if (state instanceof Liveness.State.Healthy healthy) {
            snapshot = repository.at(branch, healthy.commit(), progress);
        } else {
            snapshot = repository.tip(branch, progress);
            progress.say("Nobody watches " + target + " (gitops.yaml names no Argo CD Application): promoting what its"
                    + " branch says.");
        }
        return new Found(target, snapshot.commit(), images(snapshot, target, defaultBranch));
    }

    /** By the declaration of that very commit, where the declaration stands on the same branch. */
    private Map<String, ImageReference> images(Snapshot snapshot, Target target, String defaultBranch) {
        String name = target.environment().name();
        Application application =
                target.environment().branch().orElse(defaultBranch).equals(defaultBranch)
                        ? Declarations.read(snapshot)
                                .application(target.application().name())
                        : target.application();
        return edit.images(snapshot, Bump.place(application, name));
    }
}
