package io.jenkins.plugins.gitops.playground;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this project's files are: the playground runs from a checkout, it is not installed. */
public record SourceTree(@NonNull Path root) {

    /** The checkout that holds the working directory. */
    @NonNull
    public static SourceTree find() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("docs/examples"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("start the playground inside a checkout of the project");
        }
        return new SourceTree(folder);
    }

    @NonNull
    public Path examples() {
        return root.resolve("docs/examples");
    }

    /** What Jenkins serves of the plugin. */
    @NonNull
    public Path webapp() {
        return root.resolve("src/main/webapp");
    }

    /** Programs that pretend, first on the runs' path. */
    @NonNull
    public Path tools() {
        return root.resolve("work/sample/bin");
    }
}
