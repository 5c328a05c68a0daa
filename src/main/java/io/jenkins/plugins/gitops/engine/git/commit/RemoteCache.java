package io.jenkins.plugins.gitops.engine.git.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.cache.CacheSlot;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.ServerCapabilities;
import io.jenkins.plugins.gitops.engine.git.transport.UploadPack;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
final class RemoteCache {

    /**
     * First contact: the directories near the root, which saves a request for each on the way to a file; the others are
     * fetched one by one. For this filter git walks the whole tree, which costs less than one more request where the
     * history is long: {@code tree:2} took 0.28 instead of 0.37 of git's best way with 100,000 files, but 0.95 instead of
     * 0.66 with 200,000 commits.
     */
    private static final Optional<String> NEAR_THE_ROOT = Optional.of("tree:3");

    /** Nothing but commits, or the one object that is asked for. */
    private static final Optional<String> COMMITS_ONLY = Optional.of("tree:0");

    /** What changed since the last look, files excepted. */
    private static final Optional<String> NO_FILES = Optional.of("blob:none");

    /** Commits since the last look that are taken without knowing that they descend from it; history may be cut there. */
    private static final int MOST_NEWS = 64;

    /** However small the cache may be, a pack of so many bytes is taken. */
    private static final long SMALLEST_ROOM = 64L << 20;

    private static final int MOST_LOOKS = 1000;
    private static final int MOST_SHARED = 50;
    private static final Duration SHARED_FOR = Duration.ofMinutes(5);

    private final GitConfigRepositories repositories;
    private final String url;
    private final RepositorySettings settings;
    private volatile CacheSlot slot;
    private final ReentrantLock fetching = new ReentrantLock(true);
    /** Held while one of those who ask at the same time looks for all of them. */
    private final ReentrantLock rounds = new ReentrantLock(true);

    /** Where the server said that a branch stands, when it was last asked. */
    private final Cache<String, UploadPack.Listing> looks =
            Caffeine.newBuilder().maximumSize(MOST_LOOKS).build();

    /** The branches that many readers ask for: all of them are listed whenever one is, so that one request tells of all. */
    private final Cache<String, Boolean> shared = Caffeine.newBuilder()
            .maximumSize(MOST_SHARED)
            .expireAfterAccess(SHARED_FOR)
            .build();

    private volatile Optional<ServerCapabilities> capabilities = Optional.empty();

    RemoteCache(GitConfigRepositories repositories, String url, RepositorySettings settings) {
        this.repositories = repositories;
        this.url = url;
        this.settings = settings;
    }

    /** Opens the cache for an operation, which {@link #release releases} it when it is done. */
    void use() throws IOException {
        slot = repositories.use(url);
    }

    void release() {
        repositories.release(url);
    }

    ObjectStore store() {
        return slot.store();
    }

    /** The local side of a push. */
    StoreRepository local(Progress progress) {
        return local(store(), this::largest, progress);
    }

    private StoreRepository local(ObjectStore store, LongSupplier largestObject, Progress progress) {
        long room = settings.cacheBytes() - store.size();
        return new StoreRepository(store, largestObject, progress, Math.max(SMALLEST_ROOM, room));
    }

    /** What a store says of itself while it is thrown away, that its history is complete for example, is not true. */
    void requireCurrent(ObjectStore store) throws IOException {
        if (isReplaced(store)) {
            throw new IOException("the cache was replaced");
        }
    }

    /** Whether a failure is no wonder: the store was thrown away while it was read. Begin again with the new one. */
    boolean isReplaced(ObjectStore store) {
        return store() != store;
    }

    /** Whether the branch was ever brought here, be it by a controller before this one. */
    boolean knows(String branch) {
        try {
            return store().tip(branch).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks the server where the branch stands and brings that commit and the history since the last look. */
    ObjectId look(Channel channel, String branch, Progress progress) throws IOException {
        return advance(channel, branch, Optional.empty(), progress);
    }

    /**
     * Where the branch stood then or later. Who asks while another looks waits for that look and takes it, also one
     * at another branch; a commit waits for one look at most.
     */
    ObjectId recent(Channel channel, String branch, long earliest, Progress progress) throws IOException {
        lock(rounds);
        try {
            shared.put(branch, true);
            UploadPack.Listing last = looks.getIfPresent(branch);
            if (last == null || last.began() - earliest < 0) {
                return look(channel, branch, progress);
            }
            ObjectId tip = last.tips().get(branch).orElseThrow(() -> noBranch(branch));
            ObjectStore store = store();
            boolean known = store.tip(branch).equals(Optional.of(tip)) && store.isAtHand(tip);
            return known ? tip : advanceTo(channel, branch, tip, progress);
        } catch (WireException e) {
            if (e.kind() != WireException.Kind.UNSUPPORTED) {
                throw e;
            }
            // The branch was rewritten since that look, and the server hands out no commit of nobody's.
            return look(channel, branch, progress);
        } finally {
            rounds.unlock();
        }
    }

    /**
     * Brings a commit the server was just seen to have at the tip of the branch.
     *
     * @return the commit, or a later one where the server hands out no other
     */
    ObjectId advanceTo(Channel channel, String branch, ObjectId tip, Progress progress) throws IOException {
        return advance(channel, branch, Optional.of(tip), progress);
    }

    private ObjectId advance(Channel channel, String branch, Optional<ObjectId> seen, Progress progress)
            throws IOException {
        lock(fetching);
        try {
            ObjectStore store = store();
            if (seen.isPresent() && store.has(seen.get())) {
                store.remember(branch, seen.get());
                return seen.get();
            }
            if (store.files() > settings.cacheFiles() || store.size() > settings.cacheBytes()) {
                // First contact costs a few requests; a store of very many packs slows every one after it.
                slot.replace(store);
                store = store();
            }
            ObjectId tip = fetchTip(channel, store, branch, seen, progress);
            store.remember(branch, tip);
            return tip;
        } finally {
            fetching.unlock();
        }
    }

    private ObjectId fetchTip(
            Channel channel, ObjectStore store, String branch, Optional<ObjectId> seen, Progress progress)
            throws IOException {
        UploadPack remote = open(channel, store, branch, this::largest, progress);
        // With protocol 2 a commit can be asked for without listing refs.
        boolean nameable = seen.isPresent() && remote.capabilities().version() == 2;
        Optional<ObjectId> found = nameable ? seen : remote.tip();
        remote.listing().ifPresent(last -> last.tips().keySet().forEach(name -> looks.put(name, last)));
        ObjectId tip = found.orElseThrow(() -> noBranch(branch));
        if (store.has(tip) || fetchNews(remote, store, branch, tip)) {
            return tip;
        }
        if (partial()) {
            if (isAbleToFetch(remote, tip, NEAR_THE_ROOT) || isAbleToFetch(remote, tip, COMMITS_ONLY)) {
                return tip;
            }
            giveUpParts(progress);
        }
        fetchFirst(remote, tip, Optional.empty());
        return tip;
    }

    BranchMissingException noBranch(String branch) {
        return new BranchMissingException("The config repository " + Channel.shown(url) + " has no branch " + branch
                + "; create it or correct the name");
    }

    FailureMessages messages() {
        return repositories.messages(url);
    }

    private UploadPack open(
            Channel channel, ObjectStore store, String branch, LongSupplier largestObject, Progress progress)
            throws IOException {
        StoreRepository local = local(store, largestObject, progress);
        UploadPack remote =
                new UploadPack(channel, local, branch, Set.copyOf(shared.asMap().keySet()), capabilities);
        learn(remote.capabilities(), progress);
        return remote;
    }

    /** What came since the last look; false when the server's branch does not descend from what is at hand. */
    private boolean fetchNews(UploadPack remote, ObjectStore store, String branch, ObjectId tip) throws IOException {
        Optional<ObjectId> have = store.tip(branch).filter(store::isAtHand);
        ServerCapabilities server = remote.capabilities();
        // Before protocol 2 the answer does not say whether the branch was rewritten: all of it might come.
        OptionalInt depth =
                server.version() == 2 || !server.shallow() ? OptionalInt.empty() : OptionalInt.of(MOST_NEWS);
        return have.isPresent() && remote.fetch(tip, have, depth, partial() ? NO_FILES : Optional.empty());
    }

    private static void fetchFirst(UploadPack remote, ObjectId tip, Optional<String> filter) throws IOException {
        OptionalInt depth = remote.capabilities().shallow() ? OptionalInt.of(1) : OptionalInt.empty();
        remote.fetch(tip, Optional.empty(), depth, filter);
    }

    /** False when the server does not know the filter, or sends a directory too large to take without need. */
    private static boolean isAbleToFetch(UploadPack remote, ObjectId tip, Optional<String> filter) throws IOException {
        try {
            fetchFirst(remote, tip, filter);
            return true;
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
        capabilities = capabilities.map(ServerCapabilities::withoutPartial);
        progress.say("The server does not serve single objects: fetching all files of the tip from now on");
    }

    /**
     * Brings more history of the branch.
     *
     * @param depth how many commits from the tip shall be there
     */
    void deepen(Channel channel, String branch, int depth, Progress progress) throws IOException {
        lock(fetching);
        try {
            ObjectStore store = store();
            UploadPack remote = open(channel, store, branch, this::largest, progress);
            ObjectId tip = (remote.capabilities().version() == 2 ? store.tip(branch) : remote.tip())
                    .orElseThrow(() -> noBranch(branch));
            remote.fetch(
                    tip,
                    store.has(tip) ? Optional.of(tip) : Optional.empty(),
                    OptionalInt.of(depth),
                    partial() ? COMMITS_ONLY : Optional.empty());
        } finally {
            fetching.unlock();
        }
    }

    /** Trees and blobs, from the store or else from the server. */
    ObjectSource source(Channel channel, String branch, Progress progress) {
        return (id, type) -> {
            OperationLimits limits = settings.limits();
            int largest = type == Constants.OBJ_TREE ? limits.directory() : limits.file();
            ObjectStore store = store();
            try {
                return store.read(id, type, largest);
            } catch (MissingObjectException missing) {
                if (capabilities.isPresent() && !partial()) {
                    throw missing;
                }
                fetchObjects(channel, branch, store, List.of(id), largest, progress);
                return store.read(id, type, largest);
            }
        };
    }

    /** Remembers what was pushed, so that nothing of it is fetched. */
    void pushed(String branch, ObjectId tip, Trees objects) throws IOException {
        lock(fetching);
        try {
            store().keep(objects);
            store().tip(branch, tip);
            looks.invalidate(branch);
        } finally {
            fetching.unlock();
        }
    }

    /** Starts over with an empty store, unless somebody did so since {@code damaged} was read. */
    void replace(ObjectStore damaged) throws IOException {
        lock(fetching);
        try {
            slot.replace(damaged);
        } finally {
            fetching.unlock();
        }
    }

    /** Brings directories that are not at hand with one request, where the server hands out single objects. */
    void bring(Channel channel, String branch, Collection<ObjectId> directories, Progress progress) throws IOException {
        ObjectStore store = store();
        List<ObjectId> missing = store.missing(directories);
        if (!missing.isEmpty() && (capabilities.isEmpty() || partial())) {
            fetchObjects(channel, branch, store, missing, settings.limits().directory(), progress);
        }
    }

    private void fetchObjects(
            Channel channel, String branch, ObjectStore store, List<ObjectId> ids, int largest, Progress progress)
            throws IOException {
        lock(fetching);
        try {
            UploadPack remote = open(channel, store, branch, () -> largest, progress);
            if (!store.missing(ids).isEmpty()) {
                remote.fetch(store.missing(ids), COMMITS_ONLY.orElseThrow());
            }
            if (!store.missing(ids).isEmpty()) {
                // JGit's server leaves out by the filter what was asked for by name.
                throw new WireException(WireException.Kind.UNSUPPORTED, "the server left out what was asked for");
            }
        } catch (WireException e) {
            if (e.kind() != WireException.Kind.UNSUPPORTED) {
                throw e;
            }
            // Filters are allowed but not asking for what they left out: the store is of no use, begin with whole ones.
            giveUpParts(progress);
            slot.replace(store);
            throw new IOException("the cache was replaced", e);
        } finally {
            fetching.unlock();
        }
    }

    private long largest() {
        return partial() ? settings.limits().directory() : Long.MAX_VALUE;
    }

    private void learn(ServerCapabilities found, Progress progress) {
        if (capabilities.isEmpty()) {
            capabilities = Optional.of(found);
            if (!found.shallow()) {
                progress.say("The server does not support shallow fetches: fetching the whole repository once");
            } else if (!found.partial()) {
                progress.say(
                        "The server does not support filters (uploadpack.allowFilter): fetching all files of the tip");
            }
        }
    }

    private boolean partial() {
        return capabilities.map(ServerCapabilities::partial).orElse(false);
    }

    private static void lock(ReentrantLock lock) throws IOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw ConnectionFailure.interrupted(e);
        }
    }
}
