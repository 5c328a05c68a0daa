package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.Transport;

/** The way to one remote with one login: makes JGit's transports over connections of ours. Safe for any thread. */
public interface Channel extends Closeable {

    /** Whether a connection for reading has to be told where the branch stands. */
    enum Refs {
        LISTED,
        /** The commits wanted are known: over HTTP this saves a request. */
        NOT_NEEDED
    }

    /**
     * A transport for one connection; nothing need be on the wire yet. Closed by the caller.
     *
     * @param local what is received is kept there, and what is pushed is read from there
     * @param greeting told the first bytes that the service sends
     */
    @NonNull
    Transport open(@NonNull Repository local, @NonNull Refs refs, @NonNull Greeting greeting) throws IOException;

    /** How often the remote answered; who sees it grow knows that the remote is there. */
    long contacts();

    /** Grows with what is received. */
    long received();

    /** What a failure of this channel's transport means. */
    @NonNull
    IOException failure(@NonNull Throwable failure);

    /** Frees what is kept open between connections. */
    @Override
    void close();

    /** What a service says first, which holds its capabilities: JGit keeps them to itself. */
    final class Greeting {

        /** All of an advertisement, but of one with very many refs. */
        public static final int MOST = 1 << 20;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** Takes in what was received, as far as there is room. */
        public synchronized void add(@NonNull byte[] received, int offset, int length) {
            bytes.write(received, offset, Math.min(length, MOST - bytes.size()));
        }

        synchronized boolean isEmpty() {
            return bytes.size() == 0;
        }

        /** All of it, if it is known to end here. */
        @NonNull
        synchronized Optional<byte[]> whole() {
            return bytes.size() == 0 || bytes.size() == MOST ? Optional.empty() : Optional.of(bytes.toByteArray());
        }

        /** The beginning, up to a number of bytes that holds every capability. */
        @NonNull
        synchronized String text() {
            byte[] all = bytes.toByteArray();
            return new String(all, 0, Math.min(all.length, 1 << 13), StandardCharsets.ISO_8859_1);
        }
    }
}
