package io.jenkins.plugins.gitops.playground.sample;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder of this source tree that becomes a Git repository of its own. */
public record SampleFolder(@NonNull Path folder) {

    /** The config repository. */
    @NonNull
    public static SampleFolder config(@NonNull Path sourceTree) {
        return new SampleFolder(sourceTree.resolve("work/sample/config"));
    }

    /** The application's own source. */
    @NonNull
    public static SampleFolder source(@NonNull Path sourceTree) {
        return new SampleFolder(sourceTree.resolve("work/sample/source"));
    }

    /** Copies the files into a new repository with one commit on {@code main}. */
    @NonNull
    public Git createRepository(@NonNull Path place) {
        try {
            copyTo(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + folder + " to " + place, e);
        }
        Git git = new Git(place);
        git.run("init", "--quiet", "--initial-branch=main");
        git.run("add", "--all");
        git.run("commit", "--quiet", "--message=Start");
        return git;
    }

    /** Like {@link #createRepository}, but without a work tree, to be served. */
    @NonNull
    public Git createBareRepository(@NonNull Path place) {
        Path work = place.resolveSibling(place.getFileName() + ".start");
        createRepository(work);
        new Git(place.getParent()).run("clone", "--quiet", "--bare", work.toString(), place.toString());
        Git bare = new Git(place);
        bare.run("remote", "remove", "origin");
        bare.run("config", "http.receivepack", "true");
        bare.run("config", "uploadpack.allowFilter", "true");
        return bare;
    }

    private void copyTo(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Path copy = place.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
