package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.transport.Channel.Greeting;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.BoundedStream;
import java.io.FilterInputStream;
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
        this.in =
                new FilterInputStream(new BoundedStream(process.getInputStream(), channel.limits(), process::destroy)) {
                    private boolean silent = true;

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
                            greeting.count(Math.max(0, count));
                        } catch (IOException e) {
                            throw Failures.connection(e, channel);
                        }
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
        String text = Failures.oneLine(new String(message, StandardCharsets.UTF_8));
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
