package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system of its own in memory, which can be filled up; root alone may mount one. */
final class SmallDisk implements Closeable {

    private static final int CHUNK = 4096;

    private final Path root;
    private final Path filler;

    private SmallDisk(Path root) {
        this.root = root;
        this.filler = root.resolve("filler");
    }

    /**
     * Mounts one.
     *
     * @param root made when needed
     * @param size as tmpfs(5) takes it, {@code 300k}
     * @return empty where this user or this machine may not
     */
    @NonNull
    static Optional<SmallDisk> mount(@NonNull Path root, @NonNull String size) throws IOException {
        Files.createDirectories(root);
        return Command.succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString())
                ? Optional.of(new SmallDisk(root))
                : Optional.empty();
    }

    @NonNull
    Path root() {
        return root;
    }

    /** Leaves no room, not for a byte. */
    synchronized void fill() {
        byte[] zeros = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            // As it should be.
        }
    }

    /** Makes room again; false when there was some. */
    synchronized boolean free() {
        try {
            return Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes the file system away, also while a file of it is open. */
    @Override
    public void close() {
        Command.succeeds("umount", "--lazy", root.toString());
    }
}
