package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import java.io.File;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * Git over SSH. One connection is kept for the conversations that follow each other closely; each runs its own command
 * on it. Neither the user's keys, agent, configuration nor known hosts are looked at.
 */
public final class SshChannel implements Channel {

    private final URIish uri;
    private final Timeouts timeouts;
    private final SshFailures failures;
    private final SshdSessionFactory factory;
    private final KeptSession kept;
    private final AtomicLong contacts = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final long largestAnswer;

    /**
     * @param uri {@code ssh://} or scp-like
     * @param largestAnswer in bytes
     * @param home an existing directory without {@code .ssh}
     * @param proxies those that HTTP uses and SSH does not, for the sentence when nothing is reached
     */
    public SshChannel(
            @NonNull URIish uri,
            @NonNull SshKey login,
            @NonNull Timeouts timeouts,
            long largestAnswer,
            @NonNull Path home,
            @NonNull Optional<ProxySelector> proxies) {
        this.uri = uri.getUser() == null ? uri.setUser(login.user()) : uri;
        this.timeouts = timeouts;
        this.largestAnswer = largestAnswer;
        this.failures = new SshFailures(uri.getHost(), timeouts, proxies);
        KeyPair key = SshKeys.parse(login.privateKey(), login.passphrase());
        KnownHosts knownHosts = new KnownHosts(login.knownHosts());
        File directory = home.toFile();
        this.factory = new SshdSessionFactoryBuilder()
                .setPreferredAuthentications("publickey")
                .setHomeDirectory(directory)
                .setSshDirectory(new File(directory, ".ssh"))
                .setConfigStoreFactory((homeDirectory, configFile, localUser) -> null)
                .setConnectorFactory(null)
                .setDefaultIdentities(sshDirectory -> List.of())
                .setDefaultKnownHostsFiles(sshDirectory -> List.of())
                .setDefaultKeysProvider(sshDirectory -> List.of(key))
                .setServerKeyDatabase((homeDirectory, sshDirectory) -> knownHosts)
                .build(null);
        this.kept = new KeptSession(this::connect);
    }

    @Override
    public Transport open(Repository local, Refs refs, Greeting greeting) throws IOException {
        Transport transport = Transport.open(local, uri);
        ((SshTransport) transport).setSshSessionFactory(new Sessions(greeting));
        return transport;
    }

    @Override
    public long contacts() {
        return contacts.get();
    }

    @Override
    public long received() {
        return received.get();
    }

    @Override
    public IOException failure(Throwable failure) {
        return Failures.of(failure, contacts.get());
    }

    @Override
    public void close() {
        kept.close();
        factory.close();
    }

    /** Hands JGit the kept connection, for one command. */
    private final class Sessions extends SshSessionFactory {

        private final Greeting greeting;

        Sessions(Greeting greeting) {
            this.greeting = greeting;
        }

        @Override
        public RemoteSession getSession(URIish to, CredentialsProvider credentials, FS fs, int connectTimeout) {
            return new Command(greeting);
        }

        @Override
        public void releaseSession(RemoteSession session) {
            session.disconnect();
        }

        @Override
        public String getType() {
            return "gitops";
        }
    }

    private final class Command implements RemoteSession2 {

        private final Greeting greeting;
        private RemoteSession2 used;

        Command(Greeting greeting) {
            this.greeting = greeting;
        }

        @Override
        public Process exec(String command, int timeout) throws IOException {
            return exec(command, Map.of(), timeout);
        }

        @Override
        public Process exec(String command, Map<String, String> environment, int timeout) throws IOException {
            RemoteSession2 session = kept.acquire();
            try {
                return start(session, command, environment);
            } catch (IOException stale) {
                kept.discard(session);
            }
            RemoteSession2 fresh = kept.acquire();
            try {
                return start(fresh, command, environment);
            } catch (IOException e) {
                kept.discard(fresh);
                throw new WireException(
                        WireException.Kind.LATER, "the SSH server runs no command: " + failures.reason(e), e);
            }
        }

        private Process start(RemoteSession2 session, String command, Map<String, String> environment)
                throws IOException {
            Process process = session.exec(
                    command,
                    environment,
                    Math.toIntExact(Math.max(1, timeouts.connect().toSeconds())));
            contacts.incrementAndGet();
            used = session;
            return new GitProcess(process, timeouts, largestAnswer, greeting, received);
        }

        @Override
        public void disconnect() {
            if (used != null) {
                kept.release(used);
                used = null;
            }
        }
    }

    private RemoteSession2 connect() throws IOException {
        try {
            return factory.getSession(
                    uri, null, FS.DETECTED, Math.toIntExact(timeouts.connect().toMillis()));
        } catch (IOException e) {
            throw failures.toConnect(e);
        }
    }
}
