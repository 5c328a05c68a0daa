package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The {@code gpg} command line with a key ring of its own: it makes keys and verifies what was signed with them. */
public final class Gpg implements Closeable {

    private final Path home;

    /** @param home a short path: gpg's agent listens on a socket in it */
    public Gpg(@NonNull Path home) throws IOException {
        this.home = Files.createDirectories(
                home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    public static boolean isInstalled() {
        return Command.succeeds("gpg", "--version");
    }

    @NonNull
    public Path home() {
        return home;
    }

    /** Makes a key, for example {@code ed25519} for {@code sign}; returns its fingerprint. */
    @NonNull
    public String key(@NonNull String algorithm, @NonNull String usage, @NonNull String passphrase) {
        String printed = run(
                passphrase,
                "--status-fd=1",
                "--quick-generate-key",
                "Jenkins <jenkins@example.com>",
                algorithm,
                usage,
                "never");
        return printed.replaceAll("(?s).*KEY_CREATED [PB] ([0-9A-F]+).*", "$1");
    }

    void subkey(
            @NonNull String fingerprint, @NonNull String algorithm, @NonNull String usage, @NonNull String expires) {
        run("", "--quick-add-key", fingerprint, algorithm, usage, expires);
    }

    @NonNull
    public String secretKeys(@NonNull String fingerprint, @NonNull String passphrase) {
        return run(passphrase, "--armor", "--export-secret-keys", fingerprint);
    }

    /** The subkeys alone, with a stub in the place of the primary key. */
    @NonNull
    String secretSubkeys(@NonNull String fingerprint) {
        return run("", "--armor", "--export-secret-subkeys", fingerprint);
    }

    @NonNull
    public String publicKey(@NonNull String fingerprint) {
        return run("", "--armor", "--export", fingerprint);
    }

    @NonNull
    public String run(@NonNull String passphrase, @NonNull String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--quiet",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                passphrase));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String printed;
            try (InputStream out = process.getInputStream()) {
                printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Ends the agent that gpg started for this key ring. */
    @Override
    public void close() throws IOException {
        try {
            new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all")
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
