package io.jenkins.plugins.gitops.engine.git.cache;

import io.jenkins.plugins.gitops.engine.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** Says how much was received, when it takes long. */
final class ReceivedProgress extends FilterInputStream {

    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);

    private final Progress progress;
    private long received;
    private long saidAt = System.nanoTime();

    ReceivedProgress(InputStream in, Progress progress) {
        super(in);
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) {
        received += bytes;
        long now = System.nanoTime();
        if (now - saidAt > EVERY) {
            saidAt = now;
            progress.say("Receiving from the config repository: " + (received >> 10) + " KiB so far");
        }
    }
}
