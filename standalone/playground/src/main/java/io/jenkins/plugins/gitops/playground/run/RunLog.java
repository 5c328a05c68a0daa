package io.jenkins.plugins.gitops.playground.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A run's log, kept in memory: many threads write whole lines, the page reads from where it stopped. */
public final class RunLog {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream console;

    /** @param echo where the log is also written to as it grows */
    public RunLog(@NonNull OutputStream echo) {
        OutputStream both = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                bytes.write(value);
                echo.write(value);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                bytes.write(buffer, offset, length);
                echo.write(buffer, offset, length);
            }

            @Override
            public void flush() throws IOException {
                echo.flush();
            }
        };
        console = new PrintStream(both, true, StandardCharsets.UTF_8);
    }

    @NonNull
    public PrintStream console() {
        return console;
    }

    /** The bytes from an offset on; none when the offset is past the end. */
    @NonNull
    public byte[] from(int offset) {
        byte[] all = bytes.toByteArray();
        int start = Math.min(Math.max(offset, 0), all.length);
        return java.util.Arrays.copyOfRange(all, start, all.length);
    }

    /** The whole log so far. */
    @NonNull
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
