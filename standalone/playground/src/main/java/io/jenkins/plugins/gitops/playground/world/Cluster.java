package io.jenkins.plugins.gitops.playground.world;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The simulated cluster: one Argo CD Application for each one that the declaration names. */
public final class Cluster implements AutoCloseable {

    /** Where its Applications are. */
    public static final String NAMESPACE = "argocd";

    private final SimulatedArgoCd simulation;
    private final ArgoCd connection;

    /** @param bareRepository directory of the config repository, which has a {@code main} branch */
    public Cluster(
            @NonNull Path bareRepository,
            @NonNull String repositoryUrl,
            @NonNull Declaration declaration,
            @NonNull SimulatedArgoCd.Pace pace)
            throws IOException {
        simulation = new SimulatedArgoCd(bareRepository, pace, InstantSource.system());
        connection = simulation.connect(NAMESPACE);
        declaration
                .applications()
                .values()
                .forEach(application -> application
                        .environments()
                        .values()
                        .forEach(environment -> add(new Target(application, environment), repositoryUrl)));
    }

    private void add(Target target, String repositoryUrl) {
        for (ApplicationName name : names(target)) {
            simulation.add(new SimulatedArgoCd.Definition(
                    name,
                    repositoryUrl,
                    target.environment().branch().orElse("main"),
                    path(target.environment().files().get(0)),
                    SimulatedArgoCd.Syncing.AUTOMATIC,
                    tree -> ConfigFiles.images(target, tree::read).values().stream()
                            .map(Object::toString)
                            .toList()));
        }
    }

    /** Address of its Kubernetes API; any token will do. */
    @NonNull
    public String url() {
        return simulation.url();
    }

    /** To make syncs and rollouts fail. */
    @NonNull
    public SimulatedArgoCd simulation() {
        return simulation;
    }

    /** What Argo CD says about a target now; empty when nothing watches it. */
    @NonNull
    public Optional<Observation> observe(@NonNull Target target) {
        return names(target).stream().findFirst().flatMap(connection::observe);
    }

    @NonNull
    private static List<ApplicationName> names(Target target) {
        return target.environment().applications().stream()
                .map(application -> new ApplicationName(NAMESPACE, application.name()))
                .toList();
    }

    /** What the Application renders: an overlay's folder, or the values file that alone tells environments apart. */
    private static String path(ManifestFile file) {
        return file instanceof ManifestFile.Kustomization kustomization
                ? kustomization.path().substring(0, kustomization.path().lastIndexOf('/'))
                : file.path();
    }

    @Override
    public void close() {
        connection.close();
        simulation.close();
    }
}
