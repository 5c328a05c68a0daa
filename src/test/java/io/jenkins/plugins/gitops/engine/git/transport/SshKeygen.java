package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys as OpenSSH's {@code ssh-keygen} makes them. */
public final class SshKeygen {

    private SshKeygen() {}

    /** Makes a key in a file and its public half beside it; returns the private one. */
    @NonNull
    public static String key(@NonNull Path file, @NonNull String type, @NonNull String passphrase)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "ssh-keygen: " + new String(process.getInputStream().readAllBytes()));
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    @NonNull
    public static String publicHalf(@NonNull Path file) throws IOException {
        return Files.readString(Path.of(file + ".pub"), StandardCharsets.US_ASCII);
    }
}
