package io.jenkins.plugins.gitops.pages.deployments;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseEdit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The images that the files of an environment name at the tip of its branch, committed by this plugin or not. A few
 * requests bring the files of all environments: read one by one, each takes a request of its own. Blocks; for one thread.
 */
final class ImagesInGit implements BiFunction<Application, Environment, Map<String, Version>> {

    private static final Logger LOGGER = Logger.getLogger(ImagesInGit.class.getName());

    /** Begins the mode of a regular file. */
    private static final String REGULAR = "100";

    /** Files that are asked for in one request. */
    private static final int FILES_AT_ONCE = 500;

    private final OpenedRepository opened;
    private final Declaration declaration;
    private final Snapshot tip;
    private final Map<String, Snapshot> tips = new HashMap<>();
    private final ReleaseEdit files = new ReleaseEdit(GitOpsServices.get().manifests());

    /** @param tip of the branch that has the declaration */
    ImagesInGit(OpenedRepository opened, Declaration declaration, Snapshot tip) {
        this.opened = opened;
        this.declaration = declaration;
        this.tip = tip;
    }

    @Override
    public Map<String, Version> apply(Application application, Environment environment) {
        return files.images(
                tips.computeIfAbsent(branch(environment), this::brought),
                ReleaseEdit.Place.of(application, environment).withoutCarried());
    }

    private String branch(Environment environment) {
        return environment.branch().orElse(opened.branch());
    }

    private Snapshot brought(String branch) {
        Snapshot there =
                branch.equals(opened.branch()) ? tip : opened.repository().tip(branch, Progress.SILENT);
        Set<String> paths = declaration
                .targets()
                .map(Target::environment)
                .filter(environment -> branch(environment).equals(branch))
                .flatMap(environment -> environment.files().stream())
                .map(ManifestFile::path)
                .collect(Collectors.toSet());
        try {
            List<String> ids =
                    opened.repository().files(branch, there.commit(), paths, 1, Progress.SILENT).entries().stream()
                            .limit(1)
                            .flatMap(entry -> entry.contents().values().stream())
                            .filter(mark -> mark.startsWith(REGULAR))
                            .map(mark -> mark.substring(mark.indexOf(' ') + 1))
                            .distinct()
                            .toList();
            for (int from = 0; from < ids.size(); from += FILES_AT_ONCE) {
                there.bring(ids.subList(from, Math.min(ids.size(), from + FILES_AT_ONCE)));
            }
        } catch (GitOpsException e) {
            LOGGER.log(Level.FINE, "The files are read one by one", e);
        }
        return there;
    }
}
