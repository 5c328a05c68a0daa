package io.jenkins.plugins.gitops.engine.git.cache;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jgit.attributes.AttributesNodeProvider;
import org.eclipse.jgit.internal.storage.dfs.DfsConfig;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectDatabase;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.FS;

/**
 * A store as JGit's transports want their local side, for one connection. It has no refs, and its configuration is in
 * memory: neither hooks nor the machine's Git configuration play a part.
 */
public final class StoreRepository extends Repository {

    /** An empty one: nobody writes to it. */
    private static final RefDatabase NO_REFS =
            new InMemoryRepository(new DfsRepositoryDescription("no refs")).getRefDatabase();

    private static final long PROGRESS_EVERY = TimeUnit.SECONDS.toNanos(5);

    private final ObjectStore store;
    private final LongSupplier largestObject;
    private final Progress progress;
    private final long largestPack;
    private long packed;
    private long saidAt = System.nanoTime();
    private final StoredConfig config = new DfsConfig();
    private final Objects objects = new Objects();
    private Optional<Set<ObjectId>> shallow = Optional.empty();
    private Set<ObjectId> offered = Set.of();
    private Optional<ObjectId> pushedFrom = Optional.empty();
    private Map<ObjectId, ObjectLoader> pushed = Map.of();
    private Set<ObjectId> replaced = Set.of();

    /**
     * @param largestObject in bytes; a pack with a larger one is refused before it is read whole
     * @param progress told what is received, when it takes long
     * @param largestPack in bytes, of all packs together
     */
    public StoreRepository(ObjectStore store, LongSupplier largestObject, Progress progress, long largestPack) {
        super(new RepositoryBuilder()
                .setFS(FS.DETECTED)
                .setBare()
                .setGitDir(store.directory().toFile()));
        this.store = store;
        this.largestObject = largestObject;
        this.progress = progress;
        this.largestPack = largestPack;
        // A bump's pack is a handful of objects.
        config.setInt("pack", null, "threads", 1);
        config.setBoolean("http", null, "followRedirects", false);
    }

    /** How many bytes of packs were received. */
    public long packed() {
        return packed;
    }

    /** In bytes. */
    public long largestObject() {
        return largestObject.getAsLong();
    }

    /**
     * Lets go of what a received pack does no longer, or newly, reach: after the pack is kept, not before. History that is
     * at hand is not cut, however little of it was asked for.
     */
    public void keepShallow() throws IOException {
        if (shallow.isPresent()) {
            Set<ObjectId> cut = new HashSet<>();
            for (ObjectId commit : shallow.get()) {
                if (!store.hasParents(commit)) {
                    cut.add(commit);
                }
            }
            if (!cut.equals(store.shallow())) {
                store.shallow(cut);
            }
        }
    }

    /**
     * Names the commits at hand that a fetch builds on. Their history is hidden: JGit would offer more of it, and the
     * server would answer for each commit.
     */
    public void fetchFrom(Collection<ObjectId> haves) {
        offered = Set.copyOf(haves);
    }

    /**
     * Shows what is to be pushed. Every directory that is neither new nor replaced looks like an empty one: it is the same on
     * both sides, and a pack is made of the difference. None of them is looked for, however many there are.
     *
     * @param from what the server has
     */
    public void push(ObjectId from, Trees made) {
        pushedFrom = Optional.of(from);
        pushed = made.made();
        replaced = made.replaced();
    }

    @Override
    public ObjectDatabase getObjectDatabase() {
        return objects;
    }

    @Override
    public RefDatabase getRefDatabase() {
        return NO_REFS;
    }

    @Override
    public StoredConfig getConfig() {
        return config;
    }

    @Override
    public String getIdentifier() {
        return "config repository";
    }

    @Override
    public void create(boolean bare) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AttributesNodeProvider createAttributesNodeProvider() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void scanForRepoChanges() {}

    @Override
    public void notifyIndexChanged(boolean internal) {}

    /** Bounds what is received, and says how much it is when it takes long. */
    void received(int count) throws BodyLimits.TooLargeException {
        packed += count;
        if (packed > largestPack) {
            throw new BodyLimits.TooLargeException(largestPack);
        }
        long now = System.nanoTime();
        if (now - saidAt > PROGRESS_EVERY) {
            saidAt = now;
            progress.say("Receiving from the config repository: " + (packed >> 10) + " KiB so far");
        }
    }

    private final class Objects extends ObjectDatabase {

        @Override
        public ObjectInserter newInserter() {
            return new ObjectInserter.Filter() {
                private final ObjectInserter inserter = store.newInserter();
                private Optional<PackParser> parser = Optional.empty();
                private Optional<PackGuard> pack = Optional.empty();

                @Override
                protected ObjectInserter delegate() {
                    return inserter;
                }

                @Override
                public PackParser newPackParser(InputStream in) throws IOException {
                    PackGuard guarded = new PackGuard(in, StoreRepository.this);
                    saidAt = System.nanoTime();
                    pack = Optional.of(guarded);
                    PackParser made = inserter.newPackParser(guarded);
                    made.setMaxObjectSizeLimit(largestObject.getAsLong());
                    parser = Optional.of(made);
                    return made;
                }

                @Override
                public void flush() throws IOException {
                    super.flush();
                    parser.ifPresent(received -> store.received(received.getPackSize()));
                }

                @Override
                public void close() {
                    super.close();
                    pack.ifPresent(PackGuard::release);
                }
            };
        }

        @Override
        public ObjectReader newReader() {
            return new Reader();
        }

        @Override
        public boolean has(AnyObjectId id) throws IOException {
            return pushedFrom.isPresent() ? pushedFrom.get().equals(id) : super.has(id);
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            return new HashSet<>(store.shallow());
        }

        @Override
        public void setShallowCommits(Set<ObjectId> commits) {
            shallow = Optional.of(Set.copyOf(commits));
        }

        @Override
        public long getApproximateObjectCount() {
            return -1;
        }

        @Override
        public void close() {
            // The store is not this repository's to close.
        }
    }

    /** Reads what is new and what is at hand, whose history ends at the commits that are offered. */
    private final class Reader extends ObjectReader {

        private final ObjectReader known = store.newReader();

        @Override
        public ObjectReader newReader() {
            return new Reader();
        }

        @Override
        public boolean has(AnyObjectId id, int type) throws IOException {
            return pushedFrom.isPresent() ? super.has(id, type) : known.has(id, type);
        }

        @Override
        public ObjectLoader open(AnyObjectId id, int type) throws IOException {
            ObjectLoader made = pushed.get(id.toObjectId());
            if (made != null) {
                return made;
            }
            boolean isAlike =
                    type == Constants.OBJ_TREE && pushedFrom.isPresent() && !replaced.contains(id.toObjectId());
            return isAlike ? new ObjectLoader.SmallObject(Constants.OBJ_TREE, new byte[0]) : known.open(id, type);
        }

        @Override
        public Collection<ObjectId> resolve(AbbreviatedObjectId id) throws IOException {
            return known.resolve(id);
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            Set<ObjectId> cut = new HashSet<>(known.getShallowCommits());
            cut.addAll(offered);
            return cut;
        }

        @Override
        public void close() {
            known.close();
        }
    }
}
