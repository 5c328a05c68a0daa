package io.jenkins.plugins.gitops;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that is being tested, wherever the build runs from. */
public final class SourceTree {

    private SourceTree() {}

    /** The folder with pom.xml, docs/ and standalone/. */
    @NonNull
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("docs/gitops.schema.json"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
