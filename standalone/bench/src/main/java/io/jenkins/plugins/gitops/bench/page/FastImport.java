package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Makes commits in a bare repository, fast, each on the one before; tells the id of each. */
final class FastImport implements AutoCloseable {

    private final Path bare;
    private final Process git;
    private final PrintStream out;
    private final BufferedReader ids;
    private int marks;

    FastImport(@NonNull Path bare) throws IOException {
        this.bare = bare;
        git = new ProcessBuilder("git", "fast-import", "--quiet", "--cat-blob-fd=1")
                .directory(bare.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new PrintStream(git.getOutputStream(), false, StandardCharsets.UTF_8);
        ids = new BufferedReader(new InputStreamReader(git.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Commits.
     *
     * @param ref full name
     * @param epochSecond of the commit
     * @param files new contents by path
     * @return the commit's id
     */
    @NonNull
    String commit(@NonNull String ref, long epochSecond, @NonNull String message, @NonNull Map<String, String> files)
            throws IOException {
        marks++;
        out.printf("commit %s%nmark :%d%ncommitter Jenkins <jenkins@example.com> %d +0000%n", ref, marks, epochSecond);
        data(message);
        files.forEach((path, content) -> {
            out.printf("M 100644 inline %s%n", path);
            data(content);
        });
        out.printf("get-mark :%d%n", marks);
        out.flush();
        String id = ids.readLine();
        if (id == null) {
            throw new IOException("git fast-import failed");
        }
        return id;
    }

    private void data(String text) {
        out.printf("data %d%n%s%n", text.getBytes(StandardCharsets.UTF_8).length, text);
    }

    @Override
    public void close() throws IOException {
        out.close();
        try {
            if (git.waitFor() != 0) {
                throw new IOException("git fast-import failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        TestGit.run(bare, "repack", "-adq");
    }
}
