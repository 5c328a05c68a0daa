package io.jenkins.plugins.gitops.engine.freeze.ical;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Keeps the last good copies of calendars over restarts, in a folder of a cache: a file for each address, whose time of
 * change is that of the reading. An address may hold a secret, so it is not in the name. What cannot be kept is not.
 */
public record CalendarCache(Path folder) {

    /** Those read last. */
    private static final int MOST_FILES = 500;

    private static final Logger LOGGER = Logger.getLogger(CalendarCache.class.getName());

    /** A copy, and when it was read. */
    record Saved(byte[] stream, Instant readAt) {}

    Optional<Saved> saved(URI address) {
        Path file = file(address);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(new Saved(
                            Files.readAllBytes(file),
                            Files.getLastModifiedTime(file).toInstant()))
                    : Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot read " + file);
            return Optional.empty();
        }
    }

    void save(URI address, Saved copy) {
        Path file = file(address);
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "calendar", ".tmp");
            Files.write(temporary, copy.stream());
            Files.setLastModifiedTime(temporary, FileTime.from(copy.readAt()));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forgetOldest();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot write " + file);
        }
    }

    private void forgetOldest() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.toList();
        }
        if (all.size() > MOST_FILES) {
            List<Path> oldest = all.stream()
                    .sorted(Comparator.comparing(file -> file.toFile().lastModified()))
                    .limit(all.size() - MOST_FILES)
                    .toList();
            for (Path file : oldest) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(URI address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(address.toString().getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest) + ".ics");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
