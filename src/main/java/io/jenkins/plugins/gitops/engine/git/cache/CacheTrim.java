package io.jenkins.plugins.gitops.engine.git.cache;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Deletes caches that nobody uses: the old ones, and the longest unused when all together are too large. */
public final class CacheTrim {

    private CacheTrim() {}

    private record Candidate(Path directory, Instant used, long bytes) {}

    /**
     * Trims a cache root. What a process has in use, this one or another, stays.
     *
     * @param bytes of all caches together
     * @param oldest caches not taken into use since go
     */
    public static void trim(@NonNull Path root, long bytes, @NonNull Instant oldest) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Candidate> candidates = new ArrayList<>();
        try (Stream<Path> children = Files.list(root)) {
            for (Path child : children.toList()) {
                if (Files.isRegularFile(child.resolve(CacheSlot.LOCK))) {
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
        Instant used =
                Files.getLastModifiedTime(directory.resolve(CacheSlot.LOCK)).toInstant();
        try (Stream<Path> files = Files.walk(directory)) {
            return new Candidate(
                    directory,
                    used,
                    files.map(Path::toFile).mapToLong(File::length).sum());
        }
    }

    private static boolean deleteUnused(Path directory) throws IOException {
        try (FileChannel lock = FileChannel.open(directory.resolve(CacheSlot.LOCK), StandardOpenOption.WRITE)) {
            if (!CacheSlot.lock(lock)) {
                return false;
            }
            try (Stream<Path> children = Files.list(directory)) {
                for (Path child : children.toList()) {
                    if (!child.endsWith(CacheSlot.LOCK)) {
                        CacheSlot.delete(child);
                    }
                }
            }
        }
        // Last, and not under the lock: an empty directory that somebody took meanwhile is simply filled again.
        return true;
    }
}
