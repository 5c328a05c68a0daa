package io.jenkins.plugins.gitops.engine.git.cache;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.util.FS;

/**
 * A bare repository on disk that holds what was fetched, laid out so that {@code git} can read it. Objects may be
 * missing: whoever asks fetches them. No configuration is read, neither the repository's own nor the user's, and no
 * {@code git} process is started. Safe for any thread; written by one at a time.
 */
public final class ObjectStore implements Closeable {

    private final Path directory;
    private final ObjectDirectory objects;

    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    private ObjectStore(Path directory, ObjectDirectory objects) throws IOException {
        this.directory = directory;
        this.objects = objects;
        try (Stream<Path> all = Files.walk(objects.getDirectory().toPath())) {
            all.map(Path::toFile).filter(File::isFile).forEach(file -> grow(1, file.length()));
        }
    }

    /** Opens the store, or makes it. */
    public static ObjectStore open(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("objects").resolve("pack"));
        Files.createDirectories(directory.resolve("refs").resolve("heads"));
        writeIfMissing(directory.resolve("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        writeIfMissing(directory.resolve("HEAD"), "ref: refs/heads/main\n");
        Config config = new Config();
        config.setInt("core", null, "streamFileThreshold", 8 << 20);
        ObjectDirectory objects = new ObjectDirectory(
                config,
                directory.resolve("objects").toFile(),
                new File[0],
                FS.DETECTED,
                directory.resolve("shallow").toFile());
        return new ObjectStore(directory, objects);
    }

    public Path directory() {
        return directory;
    }

    /** Where the branch stood when it was last looked at, if all of that commit's history is at hand down to the cut. */
    public Optional<ObjectId> tip(String branch) throws IOException {
        Path file = ref(branch);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!ObjectId.isId(text)) {
            throw new IOException("ref " + branch + " is damaged");
        }
        return Optional.of(ObjectId.fromString(text));
    }

    public void tip(String branch, ObjectId commit) throws IOException {
        Path file = ref(branch);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path temporary = Files.createTempFile(directory, "ref", ".tmp");
        Files.writeString(temporary, commit.name() + "\n", StandardCharsets.US_ASCII);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, unless it is known to stand there. */
    public void remember(String branch, ObjectId commit) throws IOException {
        if (!tip(branch).equals(Optional.of(commit))) {
            tip(branch, commit);
        }
    }

    /** Commits whose parents were left out. */
    public Set<ObjectId> shallow() throws IOException {
        return Set.copyOf(objects.getShallowCommits());
    }

    void shallow(Set<ObjectId> commits) throws IOException {
        objects.setShallowCommits(new HashSet<>(commits));
    }

    /** Whether the commit is at hand, and each of its parents, shallow or not. */
    boolean hasParents(ObjectId commit) throws IOException {
        try (ObjectReader reader = objects.newReader()) {
            byte[] content = reader.open(commit, Constants.OBJ_COMMIT).getCachedBytes();
            for (RevCommit parent : RevCommit.parse(content).getParents()) {
                if (!objects.has(parent)) {
                    return false;
                }
            }
            return true;
        } catch (MissingObjectException notAtHand) {
            return false;
        }
    }

    ObjectInserter newInserter() {
        return objects.newInserter();
    }

    ObjectReader newReader() {
        return objects.newReader();
    }

    /** A pack and its index were added. */
    void received(long packSize) {
        grow(2, packSize);
    }

    /** Keeps what was pushed. */
    public void keep(Trees pushed) throws IOException {
        try (ObjectInserter inserter = objects.newInserter()) {
            for (ObjectLoader object : pushed.made().values()) {
                inserter.insert(object.getType(), object.getCachedBytes());
                grow(1, object.getSize());
            }
            inserter.flush();
        }
    }

    public boolean has(ObjectId id) throws IOException {
        return objects.has(id);
    }

    /** The same; what cannot be looked for is not at hand. */
    public boolean isAtHand(ObjectId id) {
        try {
            return has(id);
        } catch (IOException e) {
            return false;
        }
    }

    /** Those that are not at hand. */
    public List<ObjectId> missing(Collection<ObjectId> ids) {
        return ids.stream().filter(id -> !isAtHand(id)).toList();
    }

    /**
     * Reads an object.
     *
     * @param largest in bytes
     * @throws org.eclipse.jgit.errors.MissingObjectException if it is not at hand
     * @throws ObjectTooLargeException if it is larger
     */
    public byte[] read(ObjectId id, int type, int largest) throws IOException {
        try (ObjectReader reader = objects.newReader()) {
            ObjectLoader loader = reader.open(id, type);
            if (loader.getSize() > largest) {
                throw new ObjectTooLargeException(largest, null);
            }
            return loader.getCachedBytes(largest);
        }
    }

    /** The root directory of a commit that is at hand. */
    public ObjectId tree(ObjectId commit) throws IOException {
        try (RevWalk walk = walk()) {
            return walk.parseCommit(commit).getTree().copy();
        }
    }

    /** A walk over the commits at hand; it ends where history was cut. */
    public RevWalk walk() {
        return new RevWalk(objects.newReader());
    }

    /** Files of objects on disk, packs and their indexes among them. */
    public long files() {
        return files.get();
    }

    /** Bytes on disk, about. */
    public long size() {
        return bytes.get();
    }

    private void grow(long moreFiles, long moreBytes) {
        files.addAndGet(moreFiles);
        bytes.addAndGet(moreBytes);
    }

    @Override
    public void close() {
        objects.close();
    }

    private Path ref(String branch) {
        return directory.resolve("refs").resolve("heads").resolve(branch);
    }

    private static void writeIfMissing(Path file, String text) throws IOException {
        if (Files.notExists(file)) {
            Files.writeString(file, text, StandardCharsets.US_ASCII);
        }
    }
}
