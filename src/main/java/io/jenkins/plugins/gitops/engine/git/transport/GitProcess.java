package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedStream;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A Git command at the other end of an SSH connection, whose answers are bounded in size and time. */
final class GitProcess extends Process {

    private static final int LONGEST_MESSAGE = 2000;

    private final Process process;
    private final Timeouts timeouts;
    private final InputStream in;
    private volatile boolean silent = true;

    /**
     * @param largestAnswer in bytes
     * @param received grows with what is received
     */
    GitProcess(
            @NonNull Process process,
            @NonNull Timeouts timeouts,
            long largestAnswer,
            @NonNull Channel.Greeting greeting,
            @NonNull AtomicLong received) {
        this.process = process;
        this.timeouts = timeouts;
        BodyLimits limits = new BodyLimits(largestAnswer, timeouts.idle(), timeouts.total());
        InputStream bounded = new BoundedStream(process.getInputStream(), limits, process::destroy);
        this.in = new FilterInputStream(bounded) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count;
                try {
                    count = super.read(target, offset, length);
                } catch (IOException e) {
                    throw failed(e);
                }
                if (count < 0 && silent) {
                    throw new WireException(Kind.FINAL, "the SSH server ended the command" + message());
                }
                if (count > 0) {
                    silent = false;
                    received.addAndGet(count);
                    greeting.add(target, offset, count);
                }
                return count;
            }
        };
    }

    private IOException failed(IOException e) {
        return switch (ConnectionFailure.of(e)) {
            case INTERRUPTED -> {
                Thread.currentThread().interrupt();
                yield e instanceof InterruptedIOException ? e : new InterruptedIOException("interrupted");
            }
            case TOO_LARGE -> new WireException(Kind.FINAL, "the server sends too much: " + e.getMessage(), e);
            case TIMEOUT ->
                new WireException(
                        Kind.BROKEN,
                        "the server was silent for " + timeouts.idle().toMillis() + " ms",
                        e);
            default -> new WireException(Kind.BROKEN, "the SSH connection broke: " + e.getMessage(), e);
        };
    }

    /** What the command printed before it ended. */
    private String message() {
        try {
            process.waitFor(1, TimeUnit.SECONDS);
            InputStream errors = process.getErrorStream();
            byte[] message = errors.readNBytes(Math.min(LONGEST_MESSAGE, Math.max(0, errors.available())));
            String text = new String(message, StandardCharsets.UTF_8)
                    .replaceAll("[\\p{Cntrl}\\s]+", " ")
                    .strip();
            return text.isEmpty() ? "" : " with \"" + text + "\"";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return process.getOutputStream();
    }

    /** Read by {@link #message} alone: JGit would keep all of it. */
    @Override
    public InputStream getErrorStream() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public int exitValue() {
        return process.exitValue();
    }

    @Override
    public void destroy() {
        process.destroy();
    }
}
