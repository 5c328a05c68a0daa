package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** Git over SSH on 127.0.0.1: an Apache MINA server that runs git's own commands, for one user key. */
final class GitSshServer implements Closeable {

    private final SshServer server = SshServer.setUpDefaultServer();
    private final java.security.KeyPair hostKey;
    private final List<String> connections = new CopyOnWriteArrayList<>();

    GitSshServer(@NonNull java.security.KeyPair hostKey, @NonNull PublicKey user) throws IOException {
        this.hostKey = hostKey;
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((name, key, session) -> KeyUtils.compareKeys(user, key));
        server.setCommandFactory((channel, command) -> {
            connections.add(channel.getSession().toString());
            return new GitCommand(command);
        });
        server.start();
    }

    /** The address of a repository on disk. */
    @NonNull
    String url(@NonNull Path bare) {
        return "ssh://git@127.0.0.1:" + server.getPort() + bare;
    }

    @NonNull
    String knownHosts() {
        return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(hostKey.getPublic()) + "\n";
    }

    /** The connection each command ran on. */
    @NonNull
    List<String> connections() {
        return List.copyOf(connections);
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    /** {@code git-upload-pack '/path'} as a process. */
    private static final class GitCommand implements Command {

        private final String command;
        private InputStream in;
        private OutputStream out;
        private OutputStream err;
        private ExitCallback exit;
        private Process process;

        GitCommand(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream in) {
            this.in = in;
        }

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            this.err = err;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            this.exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
            String protocol = environment.getEnv().get("GIT_PROTOCOL");
            if (protocol != null) {
                builder.environment().put("GIT_PROTOCOL", protocol);
            }
            process = builder.start();
            pump(in, process.getOutputStream());
            Thread errors = pump(process.getErrorStream(), err);
            Thread answers = pump(process.getInputStream(), out);
            start(() -> {
                try {
                    int code = process.waitFor();
                    answers.join();
                    errors.join();
                    exit.onExit(code);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void destroy(ChannelSession channel) {
            process.destroy();
        }

        private static Thread pump(InputStream from, OutputStream to) {
            return start(() -> {
                byte[] buffer = new byte[8192];
                try (to) {
                    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                        to.write(buffer, 0, n);
                        to.flush();
                    }
                } catch (IOException e) {
                    // The other side went away.
                }
            });
        }

        private static Thread start(Runnable task) {
            Thread thread = new Thread(task, "git-ssh");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }
}
