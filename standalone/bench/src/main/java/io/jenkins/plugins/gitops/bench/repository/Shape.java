package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated config repository: 20 files an application, 50 applications a group; every commit after the first changes
 * one file.
 */
record Shape(@NonNull String name, int files, int commits) {

    /** The file that is bumped. */
    static final String FILE = "apps/group000/app00000/kustomization.yaml";

    private static final int FILES_PER_APPLICATION = 20;
    private static final int APPLICATIONS_PER_GROUP = 50;

    /** {@code 5000x10}: files and commits. */
    @NonNull
    static Shape parse(@NonNull String text) {
        String[] numbers = text.split("x");
        int files = Integer.parseInt(numbers[0]);
        int commits = Integer.parseInt(numbers[1]);
        return new Shape(String.format("%,d files, %,d commits", files, commits), files, commits);
    }

    /** Fills an empty bare repository. */
    void generate(@NonNull Path bare) throws IOException {
        Path stream = Files.createTempFile("bench", ".fast-import");
        try (PrintStream out = new PrintStream(
                new BufferedOutputStream(Files.newOutputStream(stream)), false, StandardCharsets.UTF_8)) {
            for (int commit = 0; commit < commits; commit++) {
                out.printf(
                        "commit refs/heads/main%ncommitter B <b@example.com> %d +0000%n",
                        1_600_000_000L + commit * 60L);
                data(out, "Commit " + commit + "\n\nGitOps-Environment: dev\n");
                if (commit == 0) {
                    for (int file = 0; file < files; file++) {
                        write(out, file, commit);
                    }
                } else {
                    write(out, 1 + commit % (files - 1), commit);
                }
            }
        }
        import_(bare, stream);
        Files.delete(stream);
    }

    private static void import_(Path bare, Path stream) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "fast-import", "--quiet", "--depth=10")
                .directory(bare.toFile())
                .inheritIO()
                .redirectInput(stream.toFile());
        try {
            if (builder.start().waitFor() != 0) {
                throw new IOException("git fast-import failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        TestGit.run(bare, "repack", "-adq");
    }

    private static void write(PrintStream out, int file, int commit) {
        out.printf("M 100644 inline %s%n", path(file));
        data(out, file == 0 ? kustomization() : "kind: ConfigMap\nfile: " + file + "\nversion: " + commit + "\n");
    }

    private static String path(int file) {
        if (file == 0) {
            return FILE;
        }
        int application = file / FILES_PER_APPLICATION;
        return String.format(
                "apps/group%03d/app%05d/file%02d.yaml",
                application / APPLICATIONS_PER_GROUP, application, file % FILES_PER_APPLICATION);
    }

    private static String kustomization() {
        return """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - file01.yaml
            images:
            - name: registry.example.com/team/web
              newTag: v0
            """;
    }

    private static void data(OutputStream out, String text) {
        PrintStream print = (PrintStream) out;
        print.printf("data %d%n%s%n", text.getBytes(StandardCharsets.UTF_8).length, text);
    }
}
