package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.signing.CommitSigners;
import io.jenkins.plugins.gitops.engine.git.signing.Gpg;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Signatures that do not count, as a forger can make them.
 *
 * @param folder that holds the trusted key {@code own}
 * @param expired fingerprint of a trusted key whose time is over
 * @param revoked fingerprint of a trusted key that was revoked
 */
record ForgedKeys(Path folder, Gpg gpg, String expired, String revoked, String revokedSecret) {

    static ForgedKeys in(Path folder, Gpg gpg) throws IOException {
        String expired = keyOf(gpg, "Old", "1y", "--faked-system-time", "20200101T000000!");
        String revoked = gpg.key("ed25519", "sign", "");
        String secret = gpg.secretKeys(revoked, "");
        Path certificate = gpg.home().resolve("openpgp-revocs.d").resolve(revoked + ".rev");
        Files.writeString(certificate, Files.readString(certificate).replace(":-----BEGIN", "-----BEGIN"));
        gpg.run("", "--import", certificate.toString());
        return new ForgedKeys(folder, gpg, expired, revoked, secret);
    }

    private static String keyOf(Gpg gpg, String person, String expires, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(
                "--status-fd=1",
                "--quick-generate-key",
                person + " <" + person + "@example.com>",
                "ed25519",
                "sign",
                expires));
        return gpg.run("", arguments.toArray(String[]::new)).replaceAll("(?s).*KEY_CREATED [PB] ([0-9A-F]+).*", "$1");
    }

    Optional<String> byAnother(byte[] content) {
        try {
            Path file = folder.resolve("another" + System.nanoTime());
            return Optional.of(CommitSigners.of(SshKeygen.key(file, "ed25519", ""), null, InstantSource.system())
                    .sign(content));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Optional<String> byAnotherGpg(byte[] content) {
        String key = keyOf(gpg, "Mallory", "never");
        return Optional.of(CommitSigners.of(gpg.secretKeys(key, ""), null, InstantSource.system())
                .sign(content));
    }

    /** Opened while it was valid, used now. */
    Optional<String> byExpired(byte[] content) {
        Deque<Instant> first = new ArrayDeque<>(List.of(Instant.parse("2020-06-01T00:00:00Z")));
        InstantSource clock = () -> first.isEmpty() ? Instant.now() : first.remove();
        return Optional.of(
                CommitSigners.of(gpg.secretKeys(expired, ""), null, clock).sign(content));
    }

    Optional<String> byRevoked(byte[] content) {
        return Optional.of(
                CommitSigners.of(revokedSecret, null, InstantSource.system()).sign(content));
    }

    /** As {@code ssh-keygen -Y sign -n file} does for whoever may sign files, and no commits. */
    Optional<String> byOwnKeyForFiles(byte[] content) {
        try {
            Path file = Files.write(folder.resolve("content"), content);
            TestGit.output(
                    folder,
                    "-c",
                    "alias.sign=!ssh-keygen -q -Y sign -n file -f " + folder.resolve("own"),
                    "sign",
                    file.toString());
            return Optional.of(Files.readString(folder.resolve("content.sig")).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
