package io.jenkins.plugins.gitops.engine.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The ledgers of config repositories. Each is rebuilt from commits and notes alone; there is nothing else it could come
 * from. What was read is remembered by the tip it was read at, so that only a branch that has moved is read again: the
 * tips are asked for every time. Safe for any thread.
 */
public final class Ledgers {

    /** How many commits of a branch are looked at. */
    public static final int DEPTH = 5_000;

    /** A ledger of 5,000 deployments takes some 9 MiB (make bench), which memory that gets short takes back. */
    private static final int MOST_REPOSITORIES = 32;

    private final Cache<ConfigRepository, Read> known = Caffeine.newBuilder()
            .weakKeys()
            .softValues()
            .maximumSize(MOST_REPOSITORIES)
            .build();

    /** @param branches by name, the notes among them */
    private record Read(Map<String, Branch> branches, Ledger ledger) {}

    /**
     * What concerns the ledger in a branch.
     *
     * @param tip empty where there is no such branch
     * @param commits oldest first
     */
    private record Branch(String tip, List<CommitInfo> commits) {

        static final Branch MISSING = new Branch("", List.of());
    }

    /** The ledger of every branch that the declaration names. Blocking. */
    public Ledger of(ConfigRepository repository, String defaultBranch, Declaration declaration, Progress progress) {
        return of(repository, defaultBranch, declaration, branch -> repository.tip(branch, progress), progress);
    }

    /**
     * The same.
     *
     * @param tips the tip of a branch, as recent as the ledger is to be
     */
    public Ledger of(
            ConfigRepository repository,
            String defaultBranch,
            Declaration declaration,
            Function<String, Snapshot> tips,
            Progress progress) {
        Optional<Read> before = Optional.ofNullable(known.getIfPresent(repository.reader()));
        Map<String, Branch> branches = new TreeMap<>();
        for (String name : branches(defaultBranch, declaration)) {
            branches.put(
                    name,
                    read(
                            repository,
                            name,
                            tips,
                            before.map(read -> read.branches().get(name)),
                            progress));
        }
        if (before.filter(read -> read.branches().equals(branches)).isPresent()) {
            return before.get().ledger();
        }
        Map<String, List<CommitInfo>> deployed = new TreeMap<>();
        branches.forEach((name, branch) -> deployed.put(name, branch.commits()));
        List<CommitInfo> notes = deployed.remove(DeploymentNotes.REF);
        Ledger ledger = LedgerFold.of(deployed, notes);
        known.put(repository.reader(), new Read(branches, ledger));
        return ledger;
    }

    private static Set<String> branches(String defaultBranch, Declaration declaration) {
        Set<String> branches = new TreeSet<>(Set.of(defaultBranch, DeploymentNotes.REF));
        for (Application application : declaration.applications().values()) {
            for (Environment environment : application.environments().values()) {
                branches.add(environment.branch().orElse(defaultBranch));
            }
        }
        return branches;
    }

    private static Branch read(
            ConfigRepository repository,
            String name,
            Function<String, Snapshot> tips,
            Optional<Branch> before,
            Progress progress) {
        try {
            // What comes between the two questions is read now, and read again next time.
            String tip = tips.apply(name).commit();
            return before.filter(branch -> branch.tip().equals(tip))
                    .orElseGet(() -> new Branch(tip, oldestFirst(repository, name, progress)));
        } catch (BranchMissingException nothingThereYet) {
            return Branch.MISSING;
        }
    }

    private static List<CommitInfo> oldestFirst(ConfigRepository repository, String branch, Progress progress) {
        HistoryQuery query = new HistoryQuery(Ledgers::concerns, DEPTH, DEPTH);
        Map<String, String> texts = new HashMap<>();
        List<CommitInfo> commits = new ArrayList<>(repository.history(branch, query, progress).stream()
                .map(commit -> withoutBody(commit, texts))
                .toList());
        Collections.reverse(commits);
        return List.copyOf(commits);
    }

    private static boolean concerns(CommitInfo commit) {
        return commit.isUnread() || commit.trailers().stream().anyMatch(Trailer::isOwn);
    }

    /** The trailers are kept taken apart. */
    private static CommitInfo withoutBody(CommitInfo commit, Map<String, String> texts) {
        return new CommitInfo(
                commit.commit(),
                share(texts, commit.author()),
                share(texts, commit.committer()),
                commit.committedAt(),
                commit.message().lines().findFirst().orElse(""),
                commit.trailers().stream()
                        .map(trailer -> new Trailer(share(texts, trailer.key()), share(texts, trailer.value())))
                        .toList(),
                commit.signature());
    }

    private static Identity share(Map<String, String> known, Identity person) {
        return new Identity(share(known, person.name()), share(known, person.email()));
    }

    /** Has equal texts in memory once: the commits of a branch repeat the same names, people and images. */
    private static String share(Map<String, String> known, String text) {
        return known.computeIfAbsent(text, same -> same);
    }
}
