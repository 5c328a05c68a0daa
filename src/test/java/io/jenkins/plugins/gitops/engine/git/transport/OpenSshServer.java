package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own {@code sshd} on 127.0.0.1, with a configuration and keys of its own, for the user who runs it. */
final class OpenSshServer implements Closeable {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    private final Path directory;
    private final int port;
    private final Process process;

    static boolean isInstalled() {
        return Files.isExecutable(SSHD);
    }

    /**
     * Starts a server whose one host key is of a type, {@code ed25519} for example.
     *
     * @param authorized the public keys it lets in, a line each
     */
    OpenSshServer(@NonNull Path directory, @NonNull String hostKey, @NonNull String authorized)
            throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        if (user().equals("root")) {
            // What the machine's own service would have made.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Path host = directory.resolve("host");
        SshKeygen.key(host, hostKey, "");
        Files.writeString(directory.resolve("authorized"), authorized);
        port = freePort();
        Files.writeString(directory.resolve("config"), """
            ListenAddress 127.0.0.1
            Port %d
            HostKey %s
            AuthorizedKeysFile %s
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            AcceptEnv GIT_PROTOCOL
            """.formatted(port, host, directory.resolve("authorized")));
        process = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        directory.resolve("config").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        awaitGreeting();
    }

    /** The address of a repository on disk. */
    @NonNull
    String url(@NonNull Path bare) {
        return "ssh://" + user() + "@127.0.0.1:" + port + bare;
    }

    @NonNull
    static String user() {
        return System.getProperty("user.name");
    }

    @NonNull
    String knownHosts() throws IOException {
        return "[127.0.0.1]:" + port + " " + Files.readString(directory.resolve("host.pub"));
    }

    @Override
    public void close() {
        process.destroy();
    }

    private void awaitGreeting() throws IOException, InterruptedException {
        for (long end = System.nanoTime() + 10_000_000_000L; System.nanoTime() < end; ) {
            try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                byte[] greeting = socket.getInputStream().readNBytes(4);
                if (new String(greeting, StandardCharsets.US_ASCII).equals("SSH-")) {
                    return;
                }
            } catch (IOException e) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }
        close();
        throw new IOException("sshd does not start: " + Files.readString(directory.resolve("log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
