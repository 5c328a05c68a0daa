package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.FileHistory;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;

/** A config repository in memory: linear branches, the contract of {@link ConfigRepository}, a clock of the test's. */
final class MemoryRepository implements ConfigRepository {

    /** Made once each: a stack trace costs more than all else that a play does between two events. */
    private static final Map<String, BranchMissingException> MISSING = new ConcurrentHashMap<>();

    private final InstantSource clock;
    private final Map<String, List<Entry>> branches = new HashMap<>();
    private final Deque<Runnable> pushers = new ArrayDeque<>();
    private int serial;
    private int histories;
    private int tips;

    private record Entry(CommitInfo info, Map<String, byte[]> files, Map<String, Integer> modes) {}

    private static final int PLAIN = 0100644;
    private static final ObjectInserter.Formatter BLOBS = new ObjectInserter.Formatter();

    MemoryRepository(InstantSource clock) {
        this.clock = clock;
    }

    /** Somebody pushes: adds a commit to a branch, which is made if it is new; returns its id. */
    synchronized String push(String branch, String message, Map<String, String> changes) {
        Map<String, byte[]> bytes = new TreeMap<>();
        changes.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return append(branch, message, List.of(), new Identity("A person", "person@example.org"), bytes);
    }

    /** Somebody without a trusted key pushes what they like; to a new ref as well. Returns the commit's id. */
    synchronized String forge(
            String branch, Identity author, String message, List<Trailer> trailers, Map<String, String> changes) {
        Map<String, byte[]> bytes = new TreeMap<>();
        changes.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
        String commit = append(branch, message, trailers, author, bytes);
        List<Entry> entries = branches.get(branch);
        Entry made = entries.remove(entries.size() - 1);
        entries.add(new Entry(made.info().with(SignatureCheck.Result.UNSIGNED), made.files(), made.modes()));
        return commit;
    }

    /** Lets somebody push in the middle of the next commit, so that its edit is applied a second time. */
    synchronized void interfere(Runnable pusher) {
        pushers.add(pusher);
    }

    /** The paths of all files at the tip, and the mode of each. */
    synchronized Map<String, Integer> modes(String branch) {
        Map<String, Integer> modes = new TreeMap<>();
        last(branch)
                .files()
                .keySet()
                .forEach(path -> modes.put(path, last(branch).modes().getOrDefault(path, PLAIN)));
        return modes;
    }

    /** Somebody pushes files of any kind; {@link CommitRequest#GONE} takes one away. */
    synchronized String push(String branch, String message, Map<String, byte[]> changes, Map<String, Integer> modes) {
        return append(branch, message, List.of(), new Identity("A person", "person@example.org"), changes, modes);
    }

    /** The text of a file at the tip. */
    synchronized String text(String branch, String path) {
        return new String(last(branch).files().get(path), StandardCharsets.UTF_8);
    }

    /** Commits of a branch, oldest first. */
    synchronized List<CommitInfo> log(String branch) {
        return branches.getOrDefault(branch, List.of()).stream()
                .map(Entry::info)
                .toList();
    }

    /** How often a history was read. */
    synchronized int histories() {
        return histories;
    }

    /** How often a tip was asked for. */
    synchronized int tips() {
        return tips;
    }

    @Override
    public synchronized Snapshot tip(String branch, Progress progress) {
        tips++;
        return snapshot(last(branch));
    }

    @Override
    public synchronized Snapshot at(String branch, String commit, Progress progress) {
        last(branch);
        List<Entry> matches = branches.get(branch).stream()
                .filter(entry -> entry.info().commit().startsWith(commit))
                .toList();
        if (matches.size() != 1) {
            throw new RepositoryException("There is no commit '" + commit + "' on branch '" + branch + "'.");
        }
        return snapshot(matches.get(0));
    }

    @Override
    public ConfigRepository signing(Supplier<CommitSigner> signer) {
        throw new UnsupportedOperationException("a repository in memory signs nothing");
    }

    @Override
    public ConfigRepository with(CommitTemplate template) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConfigRepository trusting(Supplier<SignatureCheck> check) {
        throw new UnsupportedOperationException("a repository in memory signs nothing");
    }

    @Override
    public synchronized CommitOutcome commit(CommitRequest request, Progress progress) {
        Trailer mark = new Trailer(CommitRequest.BUMP_ID_TRAILER, request.bumpId());
        if (!branches.containsKey(request.branch()) && request.branch().matches("refs/(notes|gitops)/.*")) {
            branches.put(request.branch(), new ArrayList<>());
        }
        Optional<CommitInfo> earlier = log(request.branch()).stream()
                .filter(info ->
                        info.trailers().contains(mark) && info.signature().isTrusted())
                .findFirst();
        if (earlier.isPresent()) {
            return new CommitOutcome.AlreadyCommitted(earlier.get().commit());
        }
        Map<String, byte[]> changes = request.edit().apply(tipOrEmpty(request.branch()));
        if (!pushers.isEmpty()) {
            pushers.remove().run();
            changes = request.edit().apply(tipOrEmpty(request.branch()));
        }
        if (changes.isEmpty()) {
            return new CommitOutcome.Unchanged(tipOrEmpty(request.branch()).commit());
        }
        List<Trailer> trailers = new ArrayList<>(request.trailers());
        trailers.add(mark);
        Map<String, Integer> modes = new TreeMap<>();
        changes.keySet().forEach(path -> modes.put(path, request.modes().applyAsInt(path)));
        String commit = append(request.branch(), request.subject(), trailers, request.author(), changes, modes);
        return new CommitOutcome.Committed(commit, List.copyOf(changes.keySet()));
    }

    @Override
    public synchronized boolean isAncestor(String branch, String ancestor, String descendant, Progress progress) {
        List<String> ids = log(branch).stream().map(CommitInfo::commit).toList();
        int older = ids.indexOf(ancestor);
        return older >= 0 && older <= ids.indexOf(descendant);
    }

    @Override
    public synchronized List<CommitInfo> history(String branch, HistoryQuery query, Progress progress) {
        last(branch);
        histories++;
        List<CommitInfo> newestFirst = new ArrayList<>(log(branch));
        java.util.Collections.reverse(newestFirst);
        return newestFirst.stream()
                .limit(query.depth())
                .filter(query.matching())
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized FileHistory files(
            String branch, String commit, Collection<String> paths, int most, Progress progress) {
        List<FileHistory.Entry> entries = new ArrayList<>();
        List<Entry> all = branches.get(branch);
        for (int at = log(branch).stream().map(CommitInfo::commit).toList().indexOf(commit); at >= 0; at--) {
            Map<String, String> contents = new HashMap<>();
            Map<String, byte[]> files = all.get(at).files();
            for (String path : paths) {
                StringBuilder content = new StringBuilder();
                files.forEach((name, bytes) -> {
                    if (name.equals(path) || name.startsWith(path + "/")) {
                        content.append(name).append(new String(bytes, StandardCharsets.UTF_8));
                    }
                });
                if (!content.isEmpty()) {
                    contents.put(path, content.toString());
                }
            }
            List<String> parents =
                    at == 0 ? List.of() : List.of(all.get(at - 1).info().commit());
            entries.add(new FileHistory.Entry(all.get(at).info(), parents, contents));
        }
        return new FileHistory(entries.stream().limit(most).toList(), entries.size() <= most);
    }

    private Entry last(String branch) {
        List<Entry> entries = branches.get(branch);
        if (entries == null || entries.isEmpty()) {
            throw MISSING.computeIfAbsent(
                    branch, name -> new BranchMissingException("There is no branch '" + name + "'."));
        }
        return entries.get(entries.size() - 1);
    }

    private Snapshot tipOrEmpty(String branch) {
        List<Entry> entries = branches.get(branch);
        if (entries != null && entries.isEmpty()) {
            return snapshot(new Entry(
                    info("", List.of(), new Identity("nobody", "nobody@example.org"), "0".repeat(40)),
                    Map.of(),
                    Map.of()));
        }
        return snapshot(last(branch));
    }

    private String append(
            String branch, String message, List<Trailer> trailers, Identity author, Map<String, byte[]> changes) {
        return append(branch, message, trailers, author, changes, Map.of());
    }

    private String append(
            String branch,
            String message,
            List<Trailer> trailers,
            Identity author,
            Map<String, byte[]> changes,
            Map<String, Integer> given) {
        List<Entry> entries = branches.computeIfAbsent(branch, name -> new ArrayList<>());
        Map<String, byte[]> files = new TreeMap<>(
                entries.isEmpty() ? Map.of() : entries.get(entries.size() - 1).files());
        files.putAll(changes);
        Map<String, Integer> modes = new TreeMap<>(
                entries.isEmpty() ? Map.of() : entries.get(entries.size() - 1).modes());
        given.forEach((path, mode) -> {
            if (mode == CommitRequest.GONE) {
                files.remove(path);
                modes.remove(path);
            } else if (mode != CommitRequest.KEPT) {
                modes.put(path, mode);
            }
        });
        String commit = String.format("%08x", Integer.reverse(++serial)).repeat(5);
        entries.add(new Entry(info(message, trailers, author, commit), files, modes));
        return commit;
    }

    private CommitInfo info(String message, List<Trailer> trailers, Identity author, String commit) {
        return new CommitInfo(commit, author.name(), author.email(), clock.instant(), message, trailers);
    }

    private static Snapshot snapshot(Entry entry) {
        return new Snapshot(
                entry.info().commit(),
                path -> Optional.ofNullable(entry.files().get(path)),
                entry.info().signature()::isTrusted,
                (folder, enter) -> list(entry, folder, enter),
                ids -> {});
    }

    private static Map<String, Snapshot.Entry> list(Entry entry, String folder, Predicate<String> enter) {
        String begin = folder.isEmpty() ? "" : folder + "/";
        Map<String, Snapshot.Entry> found = new TreeMap<>();
        entry.files().forEach((path, content) -> {
            if (path.startsWith(begin)) {
                String name = path.substring(begin.length());
                int at = name.indexOf('/');
                while (at >= 0 && enter.test(name.substring(0, at))) {
                    at = name.indexOf('/', at + 1);
                }
                if (at < 0) {
                    found.put(
                            name,
                            new Snapshot.Entry(
                                    entry.modes().getOrDefault(path, PLAIN),
                                    BLOBS.idFor(Constants.OBJ_BLOB, content).name()));
                }
            }
        });
        return found;
    }
}
