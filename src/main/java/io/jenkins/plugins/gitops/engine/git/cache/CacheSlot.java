package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One remote's directory under the cache root, owned by one process at a time: whoever finds it taken uses the next
 * one. A damaged store is replaced by an empty one in a new directory, while readers of the old one run into errors and
 * ask again.
 */
public final class CacheSlot implements Closeable {

    private static final int SLOTS = 64;
    /** Its time is when the cache was last taken into use. */
    private static final String LOCK = "lock";

    private static final Logger LOGGER = Logger.getLogger(CacheSlot.class.getName());

    private final Path directory;
    private final FileChannel lockFile;
    private ObjectStore store;
    private int generation;

    private CacheSlot(Path directory, FileChannel lockFile, int generation) throws IOException {
        this.directory = directory;
        this.lockFile = lockFile;
        this.generation = generation;
        this.store = ObjectStore.open(directory.resolve(String.valueOf(generation)));
    }

    /** Takes a directory for the remote. */
    public static CacheSlot take(Path root, String url) throws IOException {
        String name = ObjectId.fromRaw(Constants.newMessageDigest().digest(url.getBytes(StandardCharsets.UTF_8)))
                .abbreviate(16)
                .name();
        for (int i = 0; i < SLOTS; i++) {
            Path directory = root.resolve(name + "-" + i);
            Files.createDirectories(directory);
            FileChannel lockFile =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(lockFile)) {
                Files.setLastModifiedTime(directory.resolve(LOCK), FileTime.from(Instant.now()));
                return new CacheSlot(directory, lockFile, newest(directory));
            }
            lockFile.close();
        }
        throw new IOException("every cache directory for this remote under " + root + " is in use");
    }

    public synchronized ObjectStore store() {
        return store;
    }

    /** Replaces the store by an empty one, unless somebody did so since {@code damaged} was handed out. */
    public synchronized void replace(ObjectStore damaged) throws IOException {
        if (store != damaged) {
            return;
        }
        // On a full disk there is no other one, and this may still be of use when room was made.
        ObjectStore empty = ObjectStore.open(directory.resolve(String.valueOf(generation + 1)));
        generation++;
        store = empty;
        damaged.close();
        delete(damaged.directory());
    }

    @Override
    public synchronized void close() throws IOException {
        store.close();
        lockFile.close();
    }

    /** The newest generation, and the only one left; 0 when there is none yet. */
    private static int newest(Path directory) throws IOException {
        List<Integer> generations;
        try (Stream<Path> children = Files.list(directory)) {
            generations = children.map(child -> directory.relativize(child).toString())
                    .filter(name -> name.matches("[0-9]{1,9}"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
        if (generations.isEmpty()) {
            return 0;
        }
        for (Integer older : generations.subList(0, generations.size() - 1)) {
            delete(directory.resolve(older.toString()));
        }
        return generations.get(generations.size() - 1);
    }

    private record Candidate(Path directory, Instant used, long bytes) {}

    /**
     * Deletes caches that nobody uses: the old ones, and the longest unused when all together are too large. What a
     * process has in use, this one or another, stays.
     *
     * @param bytes of all caches together
     * @param oldest caches not taken into use since go
     */
    public static void trim(Path root, long bytes, Instant oldest) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Candidate> candidates = new ArrayList<>();
        try (Stream<Path> children = Files.list(root)) {
            for (Path child : children.toList()) {
                if (Files.isRegularFile(child.resolve(LOCK))) {
                    candidates.add(candidate(child));
                }
            }
        }
        candidates.sort(Comparator.comparing(Candidate::used));
        long total = candidates.stream().mapToLong(Candidate::bytes).sum();
        for (Candidate candidate : candidates) {
            boolean tooMuch = total > bytes || candidate.used().isBefore(oldest);
            if (tooMuch && deleteUnused(candidate.directory())) {
                total -= candidate.bytes();
            }
        }
    }

    private static Candidate candidate(Path directory) throws IOException {
        Instant used = Files.getLastModifiedTime(directory.resolve(LOCK)).toInstant();
        try (Stream<Path> files = Files.walk(directory)) {
            return new Candidate(
                    directory,
                    used,
                    files.map(Path::toFile).mapToLong(File::length).sum());
        }
    }

    private static boolean deleteUnused(Path directory) throws IOException {
        try (FileChannel lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (!lock(lock)) {
                return false;
            }
            try (Stream<Path> children = Files.list(directory)) {
                for (Path child : children.toList()) {
                    if (!child.endsWith(LOCK)) {
                        delete(child);
                    }
                }
            }
        }
        // Last, and not under the lock: an empty directory that somebody took meanwhile is simply filled again.
        return true;
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Deletes what can be deleted; what a reader still holds on Windows goes with the next start. */
    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : all) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException held) {
                LOGGER.log(Level.FINE, "Left for the next start: " + file, held);
            }
        }
    }
}
