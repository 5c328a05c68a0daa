package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A remote, seen with one login. */
final class GitConfigRepository implements ConfigRepository {

    private static final String READING = "Reading";
    private static final Duration ANEW = Duration.ofNanos(-1);
    private static final int FIRST_DEPTH = 64;
    private static final int ALL = Integer.MAX_VALUE;

    private final Channel channel;
    private final RemoteCache cache;
    private final RepositorySettings settings;
    private final Sentences sentences;
    private final Function<String, CommitQueue> queues;
    /** Whether the server let this login in: the cache answers nobody else. */
    private volatile boolean admitted;
    /** How old what is read may be; negative to read anew every time. */
    private final Duration maxAge;

    GitConfigRepository(
            @NonNull Channel channel,
            @NonNull RemoteCache cache,
            @NonNull RepositorySettings settings,
            @NonNull Sentences sentences,
            @NonNull Function<String, CommitQueue> queues) {
        this(channel, cache, settings, sentences, queues, ANEW);
    }

    private GitConfigRepository(
            Channel channel,
            RemoteCache cache,
            RepositorySettings settings,
            Sentences sentences,
            Function<String, CommitQueue> queues,
            Duration maxAge) {
        this.maxAge = maxAge;
        this.channel = channel;
        this.cache = cache;
        this.settings = settings;
        this.sentences = sentences;
        this.queues = queues;
    }

    @Override
    public ConfigRepository seenWithin(Duration age) {
        GitConfigRepository view = new GitConfigRepository(channel, cache, settings, sentences, queues, age);
        view.admitted = admitted;
        return view;
    }

    @Override
    public Snapshot tip(String branch, Progress progress) {
        return reading(branch, progress, store -> snapshot(branch, look(branch, progress), progress));
    }

    @Override
    public Snapshot at(String branch, String commit, Progress progress) {
        String wanted = commit.toLowerCase(Locale.ROOT);
        if (!wanted.matches("[0-9a-f]{4,40}")) {
            throw new RepositoryException("\"" + commit.replaceAll("\\p{Cntrl}", "?")
                    + "\" is not a commit id; give 4 to 40 hexadecimal digits");
        }
        return reading(branch, progress, store -> {
            admit(branch, progress);
            Optional<ObjectId> found = wanted.length() == Constants.OBJECT_ID_STRING_LENGTH
                    ? byId(branch, ObjectId.fromString(wanted), progress)
                    : byPrefix(branch, wanted, progress);
            ObjectId id = found.orElseThrow(() -> new RepositoryException("There is no commit " + wanted + " in branch "
                    + branch + " of " + sentences.url() + "; it may have been rewritten, look at its history"));
            return snapshot(branch, id, progress);
        });
    }

    @Override
    public CommitOutcome commit(CommitRequest request, Progress progress) {
        Pending pending = new Pending(request, progress, channel, new CompletableFuture<>());
        try {
            CommitOutcome outcome = queues.apply(request.branch()).submit(pending);
            admitted = true;
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw sentences.interrupted(request.branch(), request.bumpId(), e);
        } catch (CancellationException e) {
            throw sentences.interrupted(request.branch(), request.bumpId(), e);
        }
    }

    @Override
    public boolean isAncestor(String branch, String ancestor, String descendant, Progress progress) {
        ObjectId older = id(ancestor);
        ObjectId newer = id(descendant);
        if (older.equals(newer)) {
            return true;
        }
        return reading(branch, progress, store -> {
            admit(branch, progress);
            if (!cache.store().has(newer)) {
                look(branch, progress);
            }
            return descends(branch, newer, older, progress);
        });
    }

    @Override
    public List<CommitInfo> history(String branch, HistoryQuery query, Progress progress) {
        return reading(branch, progress, store -> {
            ObjectId tip = look(branch, progress);
            int depth = FIRST_DEPTH;
            Optional<List<CommitInfo>> found = History.select(store, tip, query);
            while (found.isEmpty()) {
                cache.deepen(channel, branch, Math.min(depth, query.depth()), progress);
                found = History.select(store, tip, query);
                if (depth >= query.depth()) {
                    break;
                }
                depth = deeper(depth);
            }
            return found.orElseGet(List::of);
        });
    }

    /** A server may hand out commits of nobody's branch, of a fork for example: only those of the branch count. */
    private Optional<ObjectId> byId(String branch, ObjectId id, Progress progress) throws IOException {
        ObjectStore store = cache.store();
        Optional<ObjectId> seen = store.tip(branch);
        if (seen.isPresent() && store.has(seen.get()) && History.contains(store, seen.get(), id)) {
            return Optional.of(id);
        }
        ObjectId tip = look(branch, progress);
        return descends(branch, tip, id, progress) ? Optional.of(id) : Optional.empty();
    }

    /** Whether the one has the other in its history, which is fetched as far as needed. */
    private boolean descends(String branch, ObjectId newer, ObjectId older, Progress progress) throws IOException {
        int fetched = 0;
        for (int depth = FIRST_DEPTH; ; depth = deeper(depth)) {
            ObjectStore store = cache.store();
            Optional<Boolean> answer = store.has(newer) ? History.descends(store, newer, older) : Optional.empty();
            boolean complete = store.shallow().isEmpty();
            cache.requireCurrent(store);
            if (answer.isPresent() || complete || fetched == ALL) {
                return answer.orElse(false);
            }
            cache.deepen(channel, branch, depth, progress);
            fetched = depth;
        }
    }

    private Optional<ObjectId> byPrefix(String branch, String prefix, Progress progress) throws IOException {
        ObjectId tip = look(branch, progress);
        Optional<ObjectId> found = History.abbreviated(cache.store(), tip, prefix);
        for (int depth = FIRST_DEPTH;
                found.isEmpty() && !cache.store().shallow().isEmpty();
                depth = deeper(depth)) {
            cache.deepen(channel, branch, depth, progress);
            found = History.abbreviated(cache.store(), tip, prefix);
            if (depth == ALL) {
                break;
            }
        }
        return found;
    }

    private static int deeper(int depth) {
        return depth > 20_000 ? ALL : depth * 8;
    }

    private ObjectId look(String branch, Progress progress) throws IOException {
        ObjectId tip = maxAge.isNegative() || !admitted
                ? cache.look(channel, branch, progress)
                : cache.recent(channel, branch, maxAge, progress);
        admitted = true;
        return tip;
    }

    private void admit(String branch, Progress progress) throws IOException {
        if (!admitted) {
            look(branch, progress);
        }
    }

    private Snapshot snapshot(String branch, ObjectId commit, Progress progress) throws IOException {
        ObjectId tree = treeOf(cache.store(), commit);
        CommitSnapshot snapshot = new CommitSnapshot(commit, tree, cache.source(channel, branch, progress));
        return new Snapshot() {
            @Override
            public String commit() {
                return commit.name();
            }

            @Override
            public Optional<byte[]> file(String path) {
                return reading(branch, progress, store -> {
                    if (!store.has(commit)) {
                        // The cache was made anew meanwhile.
                        byId(branch, commit, progress);
                    }
                    return snapshot.read(path);
                });
            }

            @Override
            public String toString() {
                return "commit " + commit.name() + " of " + sentences.url();
            }
        };
    }

    private static ObjectId treeOf(ObjectStore store, ObjectId commit) throws IOException {
        try (var walk = store.walk()) {
            return walk.parseCommit(commit).getTree().copy();
        }
    }

    private ObjectId id(String commit) {
        if (!ObjectId.isId(commit)) {
            throw new RepositoryException("\"" + commit.replaceAll("\\p{Cntrl}", "?")
                    + "\" is not a commit id; give all 40 hexadecimal digits");
        }
        return ObjectId.fromString(commit);
    }

    /** What reads; begun again after a failure that may pass, and once with an empty cache if that is damaged. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(ObjectStore store) throws IOException;
    }

    private <T> T reading(String branch, Progress progress, Reading<T> operation) {
        CommitRequest.requireBranch(branch);
        RetryBudget budget = new RetryBudget(
                settings.limits(), settings.random(), () -> channel.contacts() > 0 || cache.knows(branch));
        boolean healed = false;
        while (true) {
            ObjectStore store = cache.store();
            try {
                return operation.read(store);
            } catch (RepositoryException e) {
                throw e;
            } catch (WireException e) {
                if (!budget.allowsAfter(e)) {
                    throw sentences.gaveUp(READING, branch, budget.spent(), e);
                }
                budget.say("Retrying to read: " + e.getMessage(), progress::say);
                pause(branch, budget, e);
            } catch (NoSuchBranchException | InterruptedIOException | ObjectTooLargeException e) {
                throw sentences.failed(READING, branch, e);
            } catch (IOException | RuntimeException e) {
                IOException cause = e instanceof IOException io ? io : new IOException(String.valueOf(e), e);
                if (healed) {
                    throw sentences.failed(READING, branch, cause);
                }
                healed = !(e instanceof StaleStoreException);
                replace(branch, store);
            }
        }
    }

    private void pause(String branch, RetryBudget budget, WireException e) {
        try {
            budget.pause(e.retryAfter());
        } catch (InterruptedIOException interrupted) {
            throw sentences.failed(READING, branch, interrupted);
        }
    }

    private void replace(String branch, ObjectStore damaged) {
        try {
            cache.replace(damaged);
        } catch (IOException e) {
            throw sentences.failed(READING, branch, e);
        }
    }
}
