package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;

/**
 * Host keys from the lines of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"); a host that is not among
 * them is refused. Certificate authorities are not known.
 */
final class KnownHosts implements ServerKeyDatabase {

    private static final String REVOKED = "revoked";

    private final List<KnownHostEntry> entries;

    KnownHosts(String lines) {
        try {
            entries = KnownHostEntry.readKnownHostEntries(new StringReader(lines), true);
        } catch (IOException | RuntimeException e) {
            throw new RepositoryException("The known hosts cannot be read; give lines as ssh-keyscan prints them", e);
        }
    }

    @Override
    public List<PublicKey> lookup(String connectAddress, InetSocketAddress remoteAddress, Configuration config) {
        return matching(connectAddress, remoteAddress)
                .filter(entry -> entry.getMarker() == null)
                .map(KnownHosts::key)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public boolean accept(
            String connectAddress,
            InetSocketAddress remoteAddress,
            PublicKey serverKey,
            Configuration config,
            @Nullable CredentialsProvider provider) {
        boolean revoked = matching(connectAddress, remoteAddress)
                .filter(entry -> REVOKED.equals(entry.getMarker()))
                .anyMatch(entry -> KeyUtils.compareKeys(serverKey, key(entry)));
        return !revoked
                && lookup(connectAddress, remoteAddress, config).stream()
                        .anyMatch(known -> KeyUtils.compareKeys(serverKey, known));
    }

    /** @param connectAddress {@code host:port}, the host as the address of the repository says it */
    private Stream<KnownHostEntry> matching(String connectAddress, InetSocketAddress remoteAddress) {
        int colon = connectAddress.lastIndexOf(':');
        String host = connectAddress.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(connectAddress.substring(colon + 1));
        return entries.stream().filter(entry -> entry.isHostMatch(host, port));
    }

    @Nullable
    private static PublicKey key(KnownHostEntry entry) {
        AuthorizedKeyEntry key = entry.getKeyEntry();
        try {
            return key == null ? null : key.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        } catch (IOException | GeneralSecurityException e) {
            // A kind of key this Java does not know cannot be the server's.
            return null;
        }
    }
}
