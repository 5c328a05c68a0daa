package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.CacheBounds;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Limits;
import io.jenkins.plugins.gitops.engine.git.cache.CacheSlot;
import io.jenkins.plugins.gitops.engine.git.cache.NewObjects;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.transport.Abilities;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.FetchAnswer;
import io.jenkins.plugins.gitops.engine.git.transport.FetchWish;
import io.jenkins.plugins.gitops.engine.git.transport.UploadPack;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What is known of one remote, whoever asks: its store and what its server can do. Missing objects are fetched when
 * they are asked for. One fetch at a time; reading goes on meanwhile.
 *
 * <p>Invariant: every commit in the store has its parents there or is marked shallow. Trees and blobs may be missing
 * where the server hands out single objects, and only there.
 */
final class Mirror {

    /**
     * First contact: the directories near the root, which saves a request for each on the way to a file; the others are
     * fetched one by one. For this filter git walks the whole tree, which costs less than one more request where the
     * history is long: {@code tree:2} took 0.28 instead of 0.37 of git's best way with 100,000 files, but 0.95 instead of
     * 0.66 with 200,000 commits.
     */
    private static final Optional<String> NEAR_THE_ROOT = Optional.of("combine:blob:none+tree:3");

    /** Nothing but commits. */
    private static final Optional<String> COMMITS_ONLY = Optional.of("tree:0");

    /** What changed since the last look, files excepted. */
    private static final Optional<String> NO_FILES = Optional.of("blob:none");

    private final CacheSlot slot;
    private final Limits limits;
    private final CacheBounds bounds;
    private final ReentrantLock fetching = new ReentrantLock(true);
    private volatile Optional<Abilities> abilities = Optional.empty();

    Mirror(@NonNull CacheSlot slot, @NonNull Limits limits, @NonNull CacheBounds bounds) {
        this.slot = slot;
        this.limits = limits;
        this.bounds = bounds;
    }

    @NonNull
    ObjectStore store() {
        return slot.store();
    }

    /** What a store says of itself while it is thrown away, that its history is complete for example, is not true. */
    void requireCurrent(@NonNull ObjectStore store) throws StaleStoreException {
        if (store() != store) {
            throw new StaleStoreException();
        }
    }

    /** Whether the branch was ever brought here, be it by a controller before this one. */
    boolean knows(@NonNull String branch) {
        try {
            return store().tip(branch).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks the server where the branch stands and brings that commit and the history since the last look. */
    @NonNull
    ObjectId look(@NonNull Channel channel, @NonNull String branch, @NonNull Progress progress) throws IOException {
        return advance(channel, branch, Optional.empty(), progress);
    }

    /**
     * Brings a commit the server was just seen to have at the tip of the branch.
     *
     * @return the commit, or a later one where the server hands out no other
     */
    @NonNull
    ObjectId advanceTo(
            @NonNull Channel channel, @NonNull String branch, @NonNull ObjectId tip, @NonNull Progress progress)
            throws IOException {
        return advance(channel, branch, Optional.of(tip), progress);
    }

    private ObjectId advance(Channel channel, String branch, Optional<ObjectId> seen, Progress progress)
            throws IOException {
        lock();
        try {
            ObjectStore store = store();
            if (seen.isPresent() && store.has(seen.get())) {
                remember(store, branch, seen.get());
                return seen.get();
            }
            if (store.files() > bounds.files() || store.size() > bounds.bytes()) {
                // First contact costs a few requests; a store of very many packs slows every one after it.
                slot.replace(store);
                store = store();
            }
            ObjectId tip = fetchTip(channel, store, branch, seen, progress);
            remember(store, branch, tip);
            return tip;
        } finally {
            fetching.unlock();
        }
    }

    private ObjectId fetchTip(
            Channel channel, ObjectStore store, String branch, Optional<ObjectId> seen, Progress progress)
            throws IOException {
        try (UploadPack connection = UploadPack.open(channel, branch, abilities)) {
            learn(connection.abilities(), progress);
            boolean mayNameIds = connection.abilities().version() == 2;
            Optional<ObjectId> wanted = mayNameIds && seen.isPresent() ? seen : connection.tip();
            ObjectId tip = wanted.orElseThrow(() -> new NoSuchBranchException(branch));
            if (store.has(tip) || fetchNews(connection, store, branch, tip, progress)) {
                return tip;
            }
            if (!partial()) {
                receive(connection, store, first(connection, store, tip, Optional.empty()), progress);
                return tip;
            }
            if (receiveIfAble(connection, store, first(connection, store, tip, NEAR_THE_ROOT), progress)) {
                return tip;
            }
        }
        try (UploadPack connection = UploadPack.open(channel, branch, abilities)) {
            Optional<ObjectId> wanted = seen.isPresent() ? seen : connection.tip();
            ObjectId tip = wanted.orElseThrow(() -> new NoSuchBranchException(branch));
            if (receiveIfAble(connection, store, first(connection, store, tip, COMMITS_ONLY), progress)) {
                return tip;
            }
        }
        giveUpParts(progress);
        return fetchTip(channel, store, branch, seen, progress);
    }

    /** What came since the last look; false when the server's branch does not descend from what is at hand. */
    private boolean fetchNews(UploadPack connection, ObjectStore store, String branch, ObjectId tip, Progress progress)
            throws IOException {
        Optional<ObjectId> have = store.tip(branch).filter(id -> isThere(store, id));
        if (have.isEmpty()) {
            return false;
        }
        FetchWish news = new FetchWish(
                List.of(tip),
                List.of(have.get()),
                store.shallow(),
                OptionalInt.empty(),
                partial() ? NO_FILES : Optional.empty());
        return receive(connection, store, news, progress);
    }

    private static FetchWish first(UploadPack connection, ObjectStore store, ObjectId tip, Optional<String> filter)
            throws IOException {
        boolean canCut = connection.abilities().shallow() == Abilities.Shallow.YES;
        return new FetchWish(
                List.of(tip), List.of(), store.shallow(), canCut ? OptionalInt.of(1) : OptionalInt.empty(), filter);
    }

    /** False when the server does not know the filter, or sends a directory too large to take without need. */
    private boolean receiveIfAble(UploadPack connection, ObjectStore store, FetchWish wish, Progress progress)
            throws IOException {
        try {
            return receive(connection, store, wish, progress);
        } catch (ObjectTooLargeException e) {
            return false;
        } catch (WireException e) {
            if (e.kind() == WireException.Kind.UNSUPPORTED) {
                return false;
            }
            throw e;
        }
    }

    private void giveUpParts(Progress progress) {
        abilities = abilities.map(Abilities::withoutPartial);
        progress.say("The server hands out no single objects: all files of the tip are fetched from now on");
    }

    /**
     * Brings more history of the branch.
     *
     * @param depth how many commits from the tip shall be there
     */
    void deepen(@NonNull Channel channel, @NonNull String branch, int depth, @NonNull Progress progress)
            throws IOException {
        lock();
        try (UploadPack connection = UploadPack.open(channel, branch, abilities)) {
            learn(connection.abilities(), progress);
            ObjectStore store = store();
            Optional<ObjectId> tip = connection.abilities().version() == 2 ? store.tip(branch) : connection.tip();
            if (tip.isEmpty()) {
                throw new NoSuchBranchException(branch);
            }
            List<ObjectId> haves = store.has(tip.get()) ? List.of(tip.get()) : List.of();
            FetchWish wish = new FetchWish(
                    List.of(tip.get()),
                    haves,
                    store.shallow(),
                    OptionalInt.of(depth),
                    partial() ? COMMITS_ONLY : Optional.empty());
            receive(connection, store, wish, progress);
        } finally {
            fetching.unlock();
        }
    }

    /** Trees and blobs, from the store or else from the server. */
    @NonNull
    ObjectSource source(@NonNull Channel channel, @NonNull String branch, @NonNull Progress progress) {
        return new ObjectSource() {
            @Override
            public byte[] tree(ObjectId id) throws IOException {
                return read(id, Constants.OBJ_TREE, limits.directory());
            }

            @Override
            public byte[] blob(ObjectId id) throws IOException {
                return read(id, Constants.OBJ_BLOB, limits.file());
            }

            private byte[] read(ObjectId id, int type, int largest) throws IOException {
                ObjectStore store = store();
                try {
                    return store.read(id, type, largest);
                } catch (MissingObjectException missing) {
                    if (abilities.isPresent() && !partial()) {
                        throw missing;
                    }
                    fetchObject(channel, branch, store, id, largest, progress);
                    return store.read(id, type, largest);
                }
            }
        };
    }

    /** Remembers what was pushed, so that nothing of it is fetched. */
    void pushed(@NonNull String branch, @NonNull ObjectId tip, @NonNull NewObjects objects) throws IOException {
        lock();
        try {
            store().keep(objects);
            store().tip(branch, tip);
        } finally {
            fetching.unlock();
        }
    }

    /** Starts over with an empty store, unless somebody did so since {@code damaged} was read. */
    void replace(@NonNull ObjectStore damaged) throws IOException {
        lock();
        try {
            slot.replace(damaged);
        } finally {
            fetching.unlock();
        }
    }

    void close() throws IOException {
        slot.close();
    }

    private void fetchObject(
            Channel channel, String branch, ObjectStore store, ObjectId id, int largest, Progress progress)
            throws IOException {
        lock();
        try (UploadPack connection = UploadPack.open(channel, branch, abilities)) {
            learn(connection.abilities(), progress);
            if (!store.has(id)) {
                receive(connection, store, FetchWish.objects(List.of(id)), largest, progress);
            }
            if (!store.has(id)) {
                // JGit's server leaves out by the filter what was asked for by name.
                throw new WireException(WireException.Kind.UNSUPPORTED, "the server left out " + id.name());
            }
        } catch (WireException e) {
            if (e.kind() != WireException.Kind.UNSUPPORTED) {
                throw e;
            }
            // Filters are allowed but not asking for what they left out: the store is of no use, begin with whole ones.
            giveUpParts(progress);
            slot.replace(store);
            throw new StaleStoreException(e);
        } finally {
            fetching.unlock();
        }
    }

    private boolean receive(UploadPack connection, ObjectStore store, FetchWish wish, Progress progress)
            throws IOException {
        return receive(connection, store, wish, partial() ? limits.directory() : Long.MAX_VALUE, progress);
    }

    private static boolean receive(
            UploadPack connection, ObjectStore store, FetchWish wish, long largest, Progress progress)
            throws IOException {
        FetchAnswer answer =
                connection.fetch(wish, pack -> store.receive(new SaidProgress(pack, progress), largest), line -> {});
        if (answer instanceof FetchAnswer.Received received) {
            if (!received.shallow().isEmpty() || !received.unshallow().isEmpty()) {
                store.shallow(received.shallow(), received.unshallow());
            }
            return true;
        }
        return false;
    }

    private void learn(Abilities found, Progress progress) {
        if (abilities.isEmpty()) {
            abilities = Optional.of(found);
            if (found.shallow() == Abilities.Shallow.NO) {
                progress.say("The server cannot cut history: the whole repository is fetched once");
            } else if (found.partial() == Abilities.Partial.NO) {
                progress.say("The server has no filters (uploadpack.allowFilter): all files of the tip are fetched");
            }
        }
    }

    private boolean partial() {
        return abilities.map(a -> a.partial() == Abilities.Partial.YES).orElse(false);
    }

    private static boolean isThere(ObjectStore store, ObjectId id) {
        try {
            return store.has(id);
        } catch (IOException e) {
            return false;
        }
    }

    private static void remember(ObjectStore store, String branch, ObjectId tip) throws IOException {
        if (!store.tip(branch).equals(Optional.of(tip))) {
            store.tip(branch, tip);
        }
    }

    private void lock() throws IOException {
        try {
            fetching.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
