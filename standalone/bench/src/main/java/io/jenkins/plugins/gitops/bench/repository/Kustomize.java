package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The kustomize command line, if it is on the path. */
final class Kustomize {

    private Kustomize() {}

    static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> new File(directory, "kustomize").canExecute());
    }

    static void setImage(@NonNull Path directory, @NonNull String tag) throws IOException {
        Process process = new ProcessBuilder(
                        "kustomize", "edit", "set", "image", "registry.example.com/team/web=*:" + tag)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("kustomize failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
