package io.jenkins.plugins.gitops.playground.sample;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sample application's own repository: every run finds a new commit on its branch, as after a push. A run of a tag finds
 * the newest commit of {@code main}.
 */
public final class SourceCode {

    private final Git git;

    public SourceCode(@NonNull Path sourceTree, @NonNull Path place) {
        git = SampleFolder.source(sourceTree).createRepository(place);
    }

    /** Whether a name is that of a tag, which begins with a version: {@code v1.4.2}. */
    public static boolean isTag(@NonNull String name) {
        return name.matches("v\\d.*");
    }

    /** Makes a commit with a file on the branch. */
    public synchronized void push(@NonNull String branch, @NonNull String file, @NonNull String content) {
        try {
            git.run("checkout", "--quiet", "-B", branch);
            Path place = git.directory().resolve(file);
            Files.createDirectories(place.getParent());
            Files.writeString(place, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        git.run("add", "--all");
        git.run("commit", "--quiet", "--message=Change " + file);
    }

    /**
     * Makes a commit on the branch and checks it out.
     *
     * @return the commit's id
     */
    @NonNull
    public synchronized String checkout(@NonNull String branch, @NonNull String change, @NonNull Path workspace) {
        if (isTag(branch)) {
            git.run("checkout", "--quiet", "main");
            git.run("tag", "--force", branch);
        } else {
            git.run("checkout", "--quiet", "-B", branch);
            git.run("commit", "--quiet", "--allow-empty", "--message=" + change);
        }
        git.run("clone", "--quiet", "--branch", branch, git.directory().toString(), workspace.toString());
        return git.run("rev-parse", "HEAD");
    }
}
