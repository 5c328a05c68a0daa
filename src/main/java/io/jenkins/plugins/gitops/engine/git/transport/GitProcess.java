package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.transport.Channel.Greeting;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.BoundedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A Git command at the other end of an SSH connection, whose answers are bounded in size and time. */
final class GitProcess extends Process {

    private static final int LONGEST_MESSAGE = 2000;

    private final Process process;
    private final InputStream in;

    GitProcess(Process process, Channel channel, Greeting greeting) {
        this.process = process;
        InputStream bounded = new BoundedStream(process.getInputStream(), channel.answers, process::destroy);
        this.in = channel.new Received(bounded, greeting) {
            private boolean silent = true;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                if (count < 0 && silent) {
                    throw new WireException(Kind.FINAL, "the SSH server ended the command" + message());
                }
                if (count > 0) {
                    silent = false;
                    channel.received.addAndGet(count);
                    greeting.add(target, offset, count);
                }
                return count;
            }
        };
    }

    /** What the command printed before it ended. */
    private String message() throws IOException {
        try {
            process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        InputStream errors = process.getErrorStream();
        byte[] message = errors.readNBytes(Math.min(LONGEST_MESSAGE, Math.max(0, errors.available())));
        String text = GitFailures.oneLine(new String(message, StandardCharsets.UTF_8));
        return text.isEmpty() ? "" : " with \"" + text + "\"";
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
        return InputStream.nullInputStream();
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
