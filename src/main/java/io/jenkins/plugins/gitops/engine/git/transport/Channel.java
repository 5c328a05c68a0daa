package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BodyStream;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.Transport;

/** The way to one remote with one login: makes JGit's transports over connections of ours. Safe for any thread. */
public abstract class Channel implements Closeable {

    /** {@code user@host:path}, but neither a Windows path nor another scheme. */
    private static final Pattern SCP_LIKE = Pattern.compile("(?:[\\w.-]+@)?[\\w.-]{2,}:(?!//|:).+");

    /** Of one answer in time; in size the greeting bounds it. */
    final BodyLimits answers;

    final Duration connect;
    /** How often the remote answered. */
    final AtomicLong contacts = new AtomicLong();
    /** Grows with what is received. */
    final AtomicLong received = new AtomicLong();

    Channel(RepositorySettings settings) {
        this.answers = settings.answers();
        this.connect = settings.http().connect();
    }

    /**
     * Chooses the transport by the address. Nothing is contacted yet.
     *
     * @param clients how {@code http} was built
     * @param http for this remote, trusting its authorities
     * @param home an existing directory without {@code .ssh}
     * @throws RepositoryException if the address is invalid or the login does not suit it
     */
    public static Channel to(
            Remote remote, HttpClients clients, HttpClient http, RepositorySettings settings, Path home) {
        String url = remote.url();
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return HttpChannel.to(remote, clients, http, settings);
        }
        if (lower.startsWith("file:")) {
            throw new RepositoryException(
                    "\"" + shown(url) + "\" is the address of a repository on the controller's own"
                            + " disk, which is not allowed; use an http(s) or ssh address");
        }
        if (lower.startsWith("ssh://") || SCP_LIKE.matcher(url).matches()) {
            return SshChannel.to(remote, settings, home, clients.proxies());
        }
        throw new RepositoryException(
                "\"" + shown(url) + "\" is not the address of a config repository; give an http(s) or ssh address");
    }

    static RepositoryException holdsCredentials(String host) {
        return new RepositoryException("The address of the config repository on " + host
                + " holds credentials; leave them out and choose a Jenkins credential instead");
    }

    static RepositoryException noAddress(String url, @Nullable Exception cause) {
        return new RepositoryException(
                "\"" + shown(url) + "\" is not an address; write it like https://host/group/repository.git", cause);
    }

    /** An address as messages repeat it: what stands before an @, or in a query, may be a password or token. */
    public static String shown(String url) {
        return url.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/@]*@", "//…@").replaceAll("[?#].*", "?…");
    }

    /**
     * A transport for one connection; nothing need be on the wire yet. Closed by the caller.
     *
     * @param local what is received is kept there, and what is pushed is read from there
     * @param greeting told the first bytes that the service sends
     */
    abstract Transport open(Repository local, Greeting greeting) throws IOException;

    abstract String host();

    /** Whether the remote ever answered. */
    public boolean isReached() {
        return contacts.get() > 0;
    }

    /** Frees what is kept open between connections. */
    @Override
    public void close() {}

    /**
     * A body that is bounded, and whose failures are told by their kind. When closed, it reads the little that may be left,
     * so that the connection can be used again.
     */
    class Received extends FilterInputStream {

        private final Greeting greeting;

        Received(InputStream in, Greeting greeting) {
            super(in);
            this.greeting = greeting;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int count = super.read(target, offset, length);
                greeting.count(Math.max(0, count));
                return count;
            } catch (IOException e) {
                throw GitFailures.connection(e, Channel.this);
            }
        }

        @Override
        public void close() throws IOException {
            if (in instanceof BodyStream body && !Thread.currentThread().isInterrupted()) {
                body.finish();
            } else {
                in.close();
            }
        }
    }

    /** What a service says first, which holds its capabilities: JGit keeps them to itself. And how much it says. */
    static final class Greeting {

        /** All of an advertisement, but of one with very many refs. */
        static final int MOST = 1 << 20;

        /** Some 400,000 refs, which JGit keeps in memory, as it does with what a hook prints. */
        static final long LONGEST_TEXT = 32L << 20;

        private final StoreRepository local;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long received;
        private boolean listsRefs = true;

        Greeting(StoreRepository local) {
            this.local = local;
        }

        /** Whether the server has to say where the branch stands: over HTTP it saves a request if not. */
        synchronized void listRefs(boolean wanted) {
            listsRefs = wanted;
        }

        synchronized boolean listsRefs() {
            return listsRefs;
        }

        /** Another connection begins. */
        synchronized void begin() {
            received = -local.packed();
        }

        /**
         * Counts what was received.
         *
         * @throws BodyLimits.TooLargeException if too much of it is no pack
         */
        synchronized void count(int more) throws BodyLimits.TooLargeException {
            received += more;
            // A pack comes in packets of up to 64 KiB.
            if (received - local.packed() > LONGEST_TEXT + local.packed() / 16) {
                throw new BodyLimits.TooLargeException(LONGEST_TEXT);
            }
        }

        /** Takes in what was received, as far as there is room. */
        synchronized void add(byte[] received, int offset, int length) {
            bytes.write(received, offset, Math.min(length, MOST - bytes.size()));
        }

        synchronized boolean isEmpty() {
            return bytes.size() == 0;
        }

        /** All of it, if it is known to end here. */
        synchronized Optional<byte[]> whole() {
            return bytes.size() == 0 || bytes.size() == MOST ? Optional.empty() : Optional.of(bytes.toByteArray());
        }

        /** The beginning, up to a number of bytes that holds every capability. */
        synchronized String text() {
            byte[] all = bytes.toByteArray();
            return new String(all, 0, Math.min(all.length, 1 << 13), StandardCharsets.ISO_8859_1);
        }
    }
}
