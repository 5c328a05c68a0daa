package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.File;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * Git over SSH. One connection is shared while it is used and closed a little later; each conversation runs its own
 * command on it. Neither the user's keys, agent, configuration nor known hosts are looked at.
 */
final class SshChannel extends Channel {

    private static final long KEPT_SECONDS = 30;
    private static final ScheduledExecutorService CLOCK = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "GitOps: SSH connections");
        thread.setDaemon(true);
        return thread;
    });

    private final URIish uri;
    private final Optional<ProxySelector> proxies;
    private final SshdSessionFactory factory;
    /** Held while a connection is made; who waits for it can be interrupted. */
    private final ReentrantLock connecting = new ReentrantLock();

    private RemoteSession2 kept;
    private int users;
    private long uses;

    /**
     * @param remote {@code ssh://} or scp-like
     * @param home an existing directory without {@code .ssh}
     * @param proxies those that HTTP uses and SSH does not, for the sentence when nothing is reached
     */
    static Channel to(Remote remote, RepositorySettings settings, Path home, Optional<ProxySelector> proxies) {
        URIish address = address(remote.url());
        if (remote.login().orElse(null) instanceof SshKey login) {
            return new SshChannel(address, login, settings, home, proxies);
        }
        throw new RepositoryException("The config repository " + shown(remote.url())
                + " is reached over SSH; choose a credential with an SSH key and give the known hosts");
    }

    private static URIish address(String url) {
        try {
            URIish uri = new URIish(url);
            if (uri.getPass() != null) {
                throw holdsCredentials(uri.getHost());
            }
            return uri;
        } catch (URISyntaxException e) {
            throw noAddress(url, e);
        }
    }

    private SshChannel(
            URIish uri, SshKey login, RepositorySettings settings, Path home, Optional<ProxySelector> proxies) {
        super(settings);
        this.uri = uri.getUser() == null ? uri.setUser(login.user()) : uri;
        this.proxies = proxies;
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
    }

    @Override
    Transport open(Repository local, Greeting greeting) throws IOException {
        Transport transport = Transport.open(local, uri);
        ((SshTransport) transport).setSshSessionFactory(new SshSessionFactory() {
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
        });
        return transport;
    }

    @Override
    String host() {
        return uri.getHost();
    }

    @Override
    public void close() {
        disconnect();
        factory.close();
    }

    /** JGit's view of the kept connection, for one command. */
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
            RemoteSession2 session = acquire();
            try {
                return start(session, command, environment);
            } catch (IOException stale) {
                discard(session);
            }
            RemoteSession2 fresh = acquire();
            try {
                return start(fresh, command, environment);
            } catch (IOException e) {
                discard(fresh);
                throw new WireException(
                        WireException.Kind.LATER,
                        "the SSH server refused to run a command: " + GitFailures.reason(e),
                        e);
            }
        }

        private Process start(RemoteSession2 session, String command, Map<String, String> environment)
                throws IOException {
            Process process = session.exec(command, environment, Math.toIntExact(Math.max(1, connect.toSeconds())));
            contacts.incrementAndGet();
            used = session;
            return new GitProcess(process, SshChannel.this, greeting);
        }

        @Override
        public void disconnect() {
            if (used != null) {
                release(used);
                used = null;
            }
        }
    }

    private RemoteSession2 acquire() throws IOException {
        try {
            connecting.lockInterruptibly();
        } catch (InterruptedException e) {
            throw ConnectionFailure.interrupted(e);
        }
        try {
            RemoteSession2 session = share();
            return session == null ? keep(connect()) : session;
        } finally {
            connecting.unlock();
        }
    }

    private RemoteSession2 connect() throws IOException {
        try {
            return factory.getSession(uri, null, FS.DETECTED, Math.toIntExact(connect.toMillis()));
        } catch (IOException e) {
            throw GitFailures.ssh(e, this, proxies);
        }
    }

    /** The kept connection, if any, with one more user. */
    @Nullable
    private synchronized RemoteSession2 share() {
        users++;
        uses++;
        return kept;
    }

    private synchronized RemoteSession2 keep(RemoteSession2 fresh) {
        kept = fresh;
        users = 1;
        return fresh;
    }

    private synchronized void release(RemoteSession2 used) {
        if (used == kept) {
            users--;
            long seen = uses;
            CLOCK.schedule(() -> disconnectIfUnused(seen), KEPT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private synchronized void discard(RemoteSession2 broken) {
        if (broken == kept) {
            kept = null;
        }
        broken.disconnect();
    }

    private synchronized void disconnectIfUnused(long seen) {
        if (users == 0 && uses == seen) {
            disconnect();
        }
    }

    private synchronized void disconnect() {
        if (kept != null) {
            kept.disconnect();
            kept = null;
        }
    }
}
