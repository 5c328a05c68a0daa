package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code git} command line, without anybody's configuration: it prepares repositories and verifies them. */
public final class TestGit {

    private TestGit() {}

    /** Runs git in a directory; fails with what it printed. */
    public static void run(@NonNull Path directory, @NonNull String... arguments) {
        output(directory, arguments);
    }

    /** Runs git and returns what it printed, without the last line end. */
    @NonNull
    public static String output(@NonNull Path directory, @NonNull String... arguments) {
        return output(directory, new byte[0], arguments);
    }

    /** Runs git with an input. */
    @NonNull
    public static String output(@NonNull Path directory, @NonNull byte[] input, @NonNull String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectErrorStream(true);
        isolate(builder.environment());
        try {
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            } catch (IOException e) {
                // It did not want all of it; its exit code tells whether that is right.
            }
            String printed;
            try (InputStream out = process.getInputStream()) {
                printed = new String(out.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + code + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Nothing of the machine's configuration or of a surrounding repository reaches git. */
    static void isolate(@NonNull Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("GIT_"));
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_AUTHOR_NAME", "Plain Git");
        environment.put("GIT_AUTHOR_EMAIL", "git@example.com");
        environment.put("GIT_COMMITTER_NAME", "Plain Git");
        environment.put("GIT_COMMITTER_EMAIL", "git@example.com");
        environment.put("LC_ALL", "C");
    }
}
