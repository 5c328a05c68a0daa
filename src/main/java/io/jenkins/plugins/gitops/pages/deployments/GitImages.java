package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseEdit;
import java.util.HashMap;
import java.util.Map;

/** The images that the files of an environment name at the tip of its branch, whoever wrote them. */
final class GitImages {

    private final ConfigRepository repository;
    private final String defaultBranch;
    private final ReleaseEdit files;
    private final Map<String, Snapshot> tips = new HashMap<>();

    GitImages(
            @NonNull ConfigRepository repository,
            @NonNull Snapshot tip,
            @NonNull String branch,
            @NonNull ManifestEditor editor) {
        this.repository = repository;
        this.defaultBranch = branch;
        this.files = new ReleaseEdit(editor);
        tips.put(branch, tip);
    }

    /**
     * Blocking.
     *
     * @return image name to reference; an image that no file names is absent
     * @throws GitOpsException with one sentence, if a branch or file cannot be read
     */
    @NonNull
    Map<String, ImageReference> of(@NonNull Application application, @NonNull Environment environment) {
        Snapshot tip = tips.computeIfAbsent(
                environment.branch().orElse(defaultBranch), branch -> repository.tip(branch, Progress.SILENT));
        return files.images(
                tip,
                new ReleaseEdit.Place(
                        application.name() + "/" + environment.name(), environment.files(), application.images()));
    }
}
