package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

public class AtomicFileWriter extends Writer {

    private final Writer core;
    private final Path tmpPath;
    private final Path destPath;

    public AtomicFileWriter(@NonNull Path destinationPath, @NonNull Charset charset) throws IOException {
        destPath = destinationPath;
        Path dir = destinationPath.toAbsolutePath().getParent();
        Files.createDirectories(dir);
        tmpPath = Files.createTempFile(dir, "atomic", "tmp");
        core = Files.newBufferedWriter(tmpPath, charset);
    }

    @Override
    public void write(char[] cbuf, int off, int len) throws IOException {
        core.write(cbuf, off, len);
    }

    @Override
    public void flush() throws IOException {
        core.flush();
    }

    @Override
    public void close() throws IOException {
        core.close();
    }

    public void abort() throws IOException {
        try {
            close();
        } finally {
            Files.deleteIfExists(tmpPath);
        }
    }

    public void commit() throws IOException {
        close();
        Files.move(tmpPath, destPath, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
