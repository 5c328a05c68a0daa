package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a Jenkinsfile does today: clone, edit with kustomize (or in place where it is not installed), commit, push. */
final class GitWay implements Way {

    private static final boolean KUSTOMIZE = Kustomize.isInstalled();

    private final String title;
    private final List<String> cloneOptions;
    private final Sparse sparse;

    /** Whether only the directory of the file is checked out. */
    enum Sparse {
        YES,
        NO
    }

    GitWay(@NonNull String title, @NonNull Sparse sparse, @NonNull String... cloneOptions) {
        this.title = title;
        this.sparse = sparse;
        this.cloneOptions = List.of(cloneOptions);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void bump(Path scratch, String url, String tag) throws IOException {
        Path clone = clone(scratch, url);
        commit(clone, tag);
        TestGit.run(clone, "push", "--quiet", "origin", "HEAD:main");
    }

    /** Only the push is measured. */
    @NonNull
    static Way readyPush() {
        GitWay way =
                new GitWay("git push of a ready commit", Sparse.YES, "--depth=1", "--filter=blob:none", "--sparse");
        return new Way() {
            @Override
            public String title() {
                return way.title();
            }

            @Override
            public void prepare(Path scratch, String url, String tag) throws IOException {
                commit(way.clone(scratch, url), tag);
            }

            @Override
            public void bump(Path scratch, String url, String tag) {
                TestGit.run(scratch.resolve("clone"), "push", "--quiet", "origin", "HEAD:main");
            }
        };
    }

    private Path clone(Path scratch, String url) {
        Path clone = scratch.resolve("clone");
        List<String> command = new ArrayList<>(List.of("clone", "--quiet"));
        command.addAll(cloneOptions);
        if (sparse == Sparse.YES) {
            command.add("--no-checkout");
        }
        command.addAll(List.of(url, clone.toString()));
        TestGit.run(scratch, command.toArray(String[]::new));
        if (sparse == Sparse.YES) {
            String directory = Path.of(Shape.FILE).getParent().toString();
            TestGit.run(clone, "sparse-checkout", "set", directory);
            TestGit.run(clone, "checkout", "--quiet", "main");
        }
        return clone;
    }

    private static void commit(Path clone, String tag) throws IOException {
        Path file = clone.resolve(Shape.FILE);
        if (KUSTOMIZE) {
            Kustomize.setImage(file.getParent(), tag);
        } else {
            Files.writeString(file, EngineWay.withTag(Files.readString(file), tag));
        }
        TestGit.run(clone, "commit", "--quiet", "--all", "--message", "Bump to " + tag);
    }
}
