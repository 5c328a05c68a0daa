package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /**
     * The directories that this process has in use. It must not open their lock files again, by whatever way: when a file is
     * closed, POSIX lets go of every lock that the process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
            Path directory =
                    Files.createDirectories(root.resolve(name + "-" + i)).toRealPath();
            Optional<FileChannel> lockFile = lock(directory);
            if (lockFile.isPresent()) {
                return open(directory, lockFile.get());
            }
        }
        throw new IOException("every cache directory for this remote under " + root + " is in use");
    }

    private static CacheSlot open(Path directory, FileChannel lockFile) throws IOException {
        CacheSlot slot = null;
        try {
            // Sets its time. Not by its path, which would open and close the file.
            lockFile.write(ByteBuffer.allocate(1), 0);
            slot = new CacheSlot(directory, lockFile, newest(directory));
            return slot;
        } finally {
            if (slot == null) {
                unlock(directory, lockFile);
            }
        }
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
        unlock(directory, lockFile);
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
        return new Candidate(
                directory,
                used,
                contents(directory).stream()
                        .map(Path::toFile)
                        .mapToLong(File::length)
                        .sum());
    }

    private static boolean deleteUnused(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Optional<FileChannel> lockFile = lock(real);
        if (lockFile.isEmpty()) {
            return false;
        }
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.toList()) {
                if (!child.endsWith(LOCK)) {
                    delete(child);
                }
            }
        } finally {
            unlock(real, lockFile.get());
        }
        // Last, and not under the lock: an empty directory that somebody took meanwhile is simply filled again.
        return true;
    }

    /** Empty while the directory is in use, by this process or another. */
    private static Optional<FileChannel> lock(Path directory) throws IOException {
        if (!HELD.add(directory)) {
            return Optional.empty();
        }
        FileChannel file = null;
        boolean isLocked = false;
        try {
            file = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            isLocked = file.tryLock() != null;
            return isLocked ? Optional.of(file) : Optional.empty();
        } finally {
            if (!isLocked) {
                unlock(directory, file);
            }
        }
    }

    private static void unlock(Path directory, @Nullable FileChannel file) throws IOException {
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            HELD.remove(directory);
        }
    }

    /** Deletes what can be deleted; what a reader still holds on Windows goes with the next start. */
    private static void delete(Path directory) throws IOException {
        List<Path> all = contents(directory);
        Collections.reverse(all);
        for (Path file : all) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException held) {
                LOGGER.log(Level.FINE, "Left for the next start: " + file, held);
            }
        }
    }

    /** A directory and all in it, each before what it contains; without what goes meanwhile. */
    private static List<Path> contents(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
                all.add(found);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) {
                all.add(found);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path gone, IOException cause) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path found, @Nullable IOException cause) {
                return FileVisitResult.CONTINUE;
            }
        });
        return all;
    }
}
