package io.jenkins.plugins.gitops.engine.git.ssh;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.Conversation;
import io.jenkins.plugins.gitops.engine.git.transport.Service;
import io.jenkins.plugins.gitops.engine.git.transport.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.File;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.QuotedString;

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

    /**
     * @param uri {@code ssh://} or scp-like
     * @param home an existing directory without {@code .ssh}
     * @param proxies those that HTTP uses and SSH does not, for the sentence when nothing is reached
     */
    public SshChannel(
            @NonNull URIish uri,
            @NonNull SshKey login,
            @NonNull Timeouts timeouts,
            @NonNull Path home,
            @NonNull Optional<ProxySelector> proxies) {
        this.uri = uri.getUser() == null ? uri.setUser(login.user()) : uri;
        this.timeouts = timeouts;
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
    public Conversation open(Service service) throws IOException {
        RemoteSession2 session = kept.acquire();
        try {
            return new SshConversation(start(session, service), timeouts, () -> kept.release(session));
        } catch (IOException stale) {
            kept.discard(session);
        }
        RemoteSession2 fresh = kept.acquire();
        try {
            return new SshConversation(start(fresh, service), timeouts, () -> kept.release(fresh));
        } catch (IOException e) {
            kept.discard(fresh);
            throw new WireException(
                    WireException.Kind.LATER, "the SSH server runs no command: " + failures.reason(e), e);
        }
    }

    @Override
    public long contacts() {
        return contacts.get();
    }

    @Override
    public void close() {
        kept.close();
        factory.close();
    }

    private Process start(RemoteSession2 session, Service service) throws IOException {
        String path = uri.getPath();
        if (uri.getScheme() != null && path.startsWith("/~")) {
            path = path.substring(1);
        }
        Map<String, String> environment =
                service == Service.UPLOAD_PACK ? Map.of("GIT_PROTOCOL", "version=2") : Map.of();
        Process process = session.exec(
                service.command() + " " + QuotedString.BOURNE.quote(path),
                environment,
                Math.toIntExact(Math.max(1, timeouts.connect().toSeconds())));
        contacts.incrementAndGet();
        return process;
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
