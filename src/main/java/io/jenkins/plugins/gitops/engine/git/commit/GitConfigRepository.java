package io.jenkins.plugins.gitops.engine.git.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.git.transport.UploadPack;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A remote, seen with one login. */
final class GitConfigRepository implements ConfigRepository {

    private static final String READING = "Reading";
    /** Sets of keys, of which each has a reader of its own. */
    private static final int TRUSTS = 100;

    private final Remote remote;
    private final Channel channel;
    private final RemoteCache cache;
    private final RepositorySettings settings;
    private final Function<String, CommitQueue> queues;
    /** When the oldest look that counts began, on the monotonic clock; empty to look every time. */
    private final OptionalLong earliest;

    private final Optional<Supplier<CommitSigner>> signer;
    private final UnaryOperator<CommitRequest> message;
    private final Optional<Supplier<SignatureCheck>> check;
    /** Whether the server let this login in: the cache answers nobody else. */
    private final AtomicBoolean admitted;

    private final ConfigRepository reader;
    private final Cache<Supplier<SignatureCheck>, ConfigRepository> trustingReaders;

    GitConfigRepository(
            Remote remote,
            Channel channel,
            RemoteCache cache,
            RepositorySettings settings,
            Function<String, CommitQueue> queues) {
        this.remote = remote;
        this.channel = channel;
        this.cache = cache;
        this.settings = settings;
        this.queues = queues;
        this.earliest = OptionalLong.empty();
        this.signer = Optional.empty();
        this.message = UnaryOperator.identity();
        this.check = Optional.empty();
        this.admitted = new AtomicBoolean();
        this.reader = this;
        this.trustingReaders = Caffeine.newBuilder().maximumSize(TRUSTS).build();
    }

    private GitConfigRepository(
            GitConfigRepository same,
            OptionalLong earliest,
            Optional<Supplier<CommitSigner>> signer,
            UnaryOperator<CommitRequest> message,
            Optional<Supplier<SignatureCheck>> check) {
        this.remote = same.remote;
        this.channel = same.channel;
        this.cache = same.cache;
        this.settings = same.settings;
        this.queues = same.queues;
        this.admitted = same.admitted;
        this.trustingReaders = same.trustingReaders;
        this.earliest = earliest;
        this.signer = signer;
        this.message = message;
        this.check = check;
        this.reader =
                check.equals(same.check) ? same.reader : same.trustingReaders.get(check.orElseThrow(), first -> this);
    }

    @Override
    public ConfigRepository seenSince(long began) {
        return new GitConfigRepository(this, OptionalLong.of(began), signer, message, check);
    }

    @Override
    public ConfigRepository signing(Supplier<CommitSigner> with) {
        return new GitConfigRepository(this, earliest, Optional.of(with), message, check);
    }

    @Override
    public ConfigRepository with(CommitTemplate template) {
        return new GitConfigRepository(this, earliest, signer, request -> message.apply(request.with(template)), check);
    }

    @Override
    public ConfigRepository trusting(Supplier<SignatureCheck> with) {
        return new GitConfigRepository(this, earliest, signer, message, Optional.of(with));
    }

    @Override
    public ConfigRepository reader() {
        return reader;
    }

    /** Frees what is kept open between connections. */
    void close() {
        channel.close();
    }

    @Override
    public Snapshot tip(String branch, Progress progress) {
        return reading(branch, progress, store -> snapshot(branch, look(branch, progress), progress));
    }

    @Override
    public boolean hasRef(String ref, Progress progress) {
        return reading(
                ref,
                progress,
                store -> new UploadPack(channel, cache.local(progress), ref, List.of(), Optional.empty())
                        .tip()
                        .isPresent());
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
            ObjectId id = found.orElseThrow(() -> cache.messages().noCommit(wanted, branch));
            return snapshot(branch, id, progress);
        });
    }

    @Override
    public CommitOutcome propose(CommitRequest request, String head, boolean renew, Progress progress) {
        CommitRequest.requireBranch(head);
        return new ProposedCommit(cache, settings, queued(request, progress), head).make(renew);
    }

    @Override
    public Optional<Server> server() {
        return Optional.of(new Server(remote, settings.http()));
    }

    private QueuedCommit queued(CommitRequest request, Progress progress) {
        return new QueuedCommit(
                message.apply(signer.map(key -> request.signedBy(key.get())).orElse(request)),
                progress,
                channel,
                checked(),
                new CompletableFuture<>());
    }

    @Override
    public CommitOutcome commit(CommitRequest request, Progress progress) {
        QueuedCommit queued = queued(request, progress);
        try {
            CommitOutcome outcome = queues.apply(request.branch()).submit(queued);
            admitted.set(true);
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cache.messages().interrupted(request.branch(), request.bumpId(), e);
        } catch (CancellationException e) {
            throw cache.messages().interrupted(request.branch(), request.bumpId(), e);
        }
    }

    @Override
    public boolean isAncestor(String branch, String ancestor, String descendant, Progress progress) {
        ObjectId older = History.id(ancestor);
        ObjectId newer = History.id(descendant);
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
            return history(branch, progress)
                    .search(query.depth(), current -> History.select(current, tip, query, checked()))
                    .orElseGet(List::of);
        });
    }

    @Override
    public FileHistory files(String branch, String commit, Collection<String> paths, int most, Progress progress) {
        ObjectId newest = History.id(commit);
        return reading(branch, progress, store -> {
            admit(branch, progress);
            ObjectId from = byId(branch, newest, progress)
                    .orElseThrow(() -> cache.messages().noCommit(commit, branch));
            FileMarks marks = new FileMarks(
                    cache.source(channel, branch, progress),
                    directories -> cache.bring(channel, branch, directories, progress));
            return marks.of(
                    history(branch, progress)
                            .search(HistorySearch.ALL, current -> History.upTo(current, from, most, checked()))
                            .orElse(History.Listed.NOTHING),
                    paths);
        });
    }

    private Optional<SignatureCheck> checked() {
        return check.map(Supplier::get);
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
        return history(branch, progress).descends(newer, older);
    }

    private HistorySearch history(String branch, Progress progress) {
        return new HistorySearch(cache, channel, branch, progress);
    }

    private Optional<ObjectId> byPrefix(String branch, String prefix, Progress progress) throws IOException {
        ObjectId tip = look(branch, progress);
        return history(branch, progress).search(HistorySearch.ALL, store -> History.abbreviated(store, tip, prefix));
    }

    private ObjectId look(String branch, Progress progress) throws IOException {
        ObjectId tip = earliest.isEmpty() || !admitted.get()
                ? cache.look(channel, branch, progress)
                : cache.recent(channel, branch, earliest.getAsLong(), progress);
        admitted.set(true);
        return tip;
    }

    private void admit(String branch, Progress progress) throws IOException {
        if (!admitted.get()) {
            look(branch, progress);
        }
    }

    private Snapshot snapshot(String branch, ObjectId commit, Progress progress) throws IOException {
        ObjectId tree = cache.store().tree(commit);
        Trees trees = new Trees(cache.source(channel, branch, progress));
        return new Snapshot(
                commit.name(),
                path -> reading(branch, progress, store -> {
                    if (!store.has(commit)) {
                        // The cache was created again meanwhile.
                        byId(branch, commit, progress);
                    }
                    return trees.read(tree, path);
                }),
                () -> check.isEmpty()
                        || reading(
                                branch,
                                progress,
                                store -> History.isTrusted(
                                        store, commit, check.get().get())),
                (folder, enter) -> reading(branch, progress, store -> {
                    if (!store.has(commit)) {
                        byId(branch, commit, progress);
                    }
                    return trees.list(tree, folder, enter, ids -> cache.bring(channel, branch, ids, progress));
                }),
                ids -> reading(branch, progress, store -> {
                    List<ObjectId> wanted =
                            ids.stream().map(ObjectId::fromString).toList();
                    cache.bring(channel, branch, wanted, progress);
                    return wanted;
                }));
    }

    /** What reads; begun again after a failure that may pass, and once with an empty cache if that is damaged. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(ObjectStore store) throws IOException;
    }

    private <T> T reading(String branch, Progress progress, Reading<T> operation) {
        CommitRequest.requireBranch(branch);
        try {
            cache.use();
            try {
                return read(branch, progress, operation);
            } finally {
                cache.release();
            }
        } catch (IOException e) {
            throw cache.messages().failed(READING, branch, e);
        }
    }

    private <T> T read(String branch, Progress progress, Reading<T> operation) throws IOException {
        RetryBudget budget =
                new RetryBudget(settings.limits(), settings.random(), () -> channel.isReached() || cache.knows(branch));
        boolean healed = false;
        while (true) {
            ObjectStore store = cache.store();
            try {
                return operation.read(store);
            } catch (RepositoryException | InterruptedIOException | ObjectTooLargeException e) {
                throw e;
            } catch (WireException e) {
                if (!budget.allowsAfter(e)) {
                    throw cache.messages().gaveUp(READING, branch, budget.spent(), e);
                }
                budget.say("Retrying to read: " + e.getMessage(), progress::say);
                budget.pause(e.retryAfter());
            } catch (IOException | RuntimeException e) {
                boolean replaced = cache.isReplaced(store);
                if (healed && !replaced || !budget.allowsAnotherCache()) {
                    throw e instanceof IOException io ? io : new IOException(String.valueOf(e), e);
                }
                healed |= !replaced;
                cache.replace(store);
            }
        }
    }
}
