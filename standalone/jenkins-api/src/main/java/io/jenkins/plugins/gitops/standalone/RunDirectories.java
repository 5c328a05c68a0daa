package io.jenkins.plugins.gitops.standalone;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the runs of one stand-in keep their files, until the JVM ends: a gate may still write while a test removes its own
 * folder.
 */
final class RunDirectories {

    private static final Path ALL = temporary();

    private final Path own;

    RunDirectories() {
        try {
            own = Files.createTempDirectory(ALL, "jenkins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Made when it is missing. */
    @NonNull
    File of(@NonNull String job, int number) {
        try {
            return Files.createDirectories(
                            own.resolve("jobs").resolve(job).resolve("builds").resolve(Integer.toString(number)))
                    .toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            Path made = Files.createTempDirectory("runs");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> below = Files.walk(folder)) {
            List<Path> deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (IOException | UncheckedIOException e) {
            // The rest stays in the system's temporary folder.
        }
    }
}
