package io.jenkins.plugins.gitops.engine.git.ssh;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.transport.Conversation;
import io.jenkins.plugins.gitops.engine.git.transport.IdleWatch;
import io.jenkins.plugins.gitops.engine.git.transport.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A Git command at the other end of an SSH connection. */
final class SshConversation implements Conversation {

    private static final int LONGEST_MESSAGE = 2000;

    private final Process process;
    private final InputStream in;
    private final Runnable release;
    private boolean closed;

    SshConversation(@NonNull Process process, @NonNull Timeouts timeouts, @NonNull Runnable release) {
        this.process = process;
        this.release = release;
        this.in = new IdleWatch(process.getInputStream(), timeouts.idle(), process::destroy);
    }

    @Override
    public boolean stateless() {
        return false;
    }

    @Override
    public InputStream greeting() throws IOException {
        PushbackInputStream greeting = new PushbackInputStream(in);
        int first = greeting.read();
        if (first < 0) {
            throw new WireException(WireException.Kind.FINAL, "the SSH server ended the command" + said());
        }
        greeting.unread(first);
        return greeting;
    }

    @Override
    public InputStream ask(byte[] request) throws IOException {
        try {
            OutputStream out = process.getOutputStream();
            out.write(request);
            out.flush();
        } catch (IOException e) {
            throw new WireException(WireException.Kind.BROKEN, "the SSH connection broke", e);
        }
        return in;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            // A flush packet tells a command that waits for a request that none will come.
            process.getOutputStream().write("0000".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended.
        }
        process.destroy();
        release.run();
    }

    private String said() {
        try {
            process.waitFor(1, TimeUnit.SECONDS);
            InputStream errors = process.getErrorStream();
            byte[] message = errors.readNBytes(Math.min(LONGEST_MESSAGE, Math.max(0, errors.available())));
            String text = new String(message, StandardCharsets.UTF_8)
                    .replaceAll("[\\p{Cntrl}\\s]+", " ")
                    .strip();
            return text.isEmpty() ? "" : " and said \"" + text + "\"";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
