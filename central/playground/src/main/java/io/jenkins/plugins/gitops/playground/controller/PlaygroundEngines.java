package io.jenkins.plugins.gitops.playground.controller;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.repository.ConfigRepository;
import io.jenkins.plugins.gitops.engine.repository.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.repository.Remote;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The engine's services. */
public final class PlaygroundEngines implements Engines {

    private final GitConfigRepositories repositories;
    private final ManifestFiles manifests = new ManifestFiles();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    public PlaygroundEngines(@NonNull Path cache) {
        repositories = new GitConfigRepositories(cache);
    }

    @Override
    @NonNull
    public ConfigRepository repository(@NonNull Remote remote) {
        return repositories.open(remote);
    }

    @Override
    @NonNull
    public ManifestEditor manifests() {
        return manifests;
    }

    @Override
    @NonNull
    public ExecutorService workers() {
        return workers;
    }

    @Override
    @NonNull
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    @NonNull
    public InstantSource clock() {
        return InstantSource.system();
    }
}
