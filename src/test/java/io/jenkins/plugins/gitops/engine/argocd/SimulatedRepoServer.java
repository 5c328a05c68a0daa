package io.jenkins.plugins.gitops.engine.argocd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Renders the manifests of Applications from a real bare Git repository. */
final class SimulatedRepoServer implements AutoCloseable {

    private final Repository repository;

    SimulatedRepoServer(Path bareRepository) throws IOException {
        repository = new FileRepositoryBuilder()
                .setGitDir(bareRepository.toFile())
                .setMustExist(true)
                .build();
    }

    @Override
    public void close() {
        repository.close();
    }

    /** The newest commit on the branch of that Application. */
    String head(SimulatedArgoCd.Definition definition) {
        try {
            return repository.resolve("refs/heads/" + definition.branch()).name();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What a commit renders to for that Application. */
    Rendered render(SimulatedArgoCd.Definition definition, String revision) {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(ObjectId.fromString(revision));
            List<String> images = definition.images().apply(path -> read(commit, path));
            return new Rendered(commit.name(), images, images + " " + treeId(commit, definition.path()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private String treeId(RevCommit commit, String path) throws IOException {
        if (path.isEmpty() || path.equals(".")) {
            return commit.getTree().name();
        }
        try (TreeWalk walk = TreeWalk.forPath(repository, path, commit.getTree())) {
            return walk == null ? "" : walk.getObjectId(0).name();
        }
    }

    private Optional<String> read(RevCommit commit, String path) {
        try (TreeWalk walk = TreeWalk.forPath(repository, path, commit.getTree())) {
            return walk == null
                    ? Optional.empty()
                    : Optional.of(
                            new String(repository.open(walk.getObjectId(0)).getBytes(), StandardCharsets.UTF_8));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
