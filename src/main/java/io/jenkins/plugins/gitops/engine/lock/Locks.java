package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The locks of a config repository at one moment, as the file that keeps them says: read here, changed through
 * {@link RepositoryLocks}. A value.
 *
 * @param locks in the order in which they were set; those that have ended may be among them
 */
public record Locks(@JsonProperty(required = true) List<Lock> locks) {

    public static final Locks NONE = new Locks(List.of());

    /** So many are kept. */
    public static final int MOST = 1_000;

    /** Commits of the ref that are looked at for one that counts. */
    private static final int DEPTH = 1_000;

    public Locks {
        locks = List.copyOf(locks);
    }

    /**
     * The locks at the tip of {@link RepositoryLocks#REF}; none where nobody has ever locked anything. Blocking.
     *
     * @param tip throws {@link BranchMissingException} where there is no such ref
     * @throws RefusedException if the file cannot be read; nobody knows then what is locked
     */
    public static Locks read(Supplier<Snapshot> tip) {
        try {
            return tip.get()
                    .file(LocksFile.NAME)
                    .map(content -> LocksFile.read(LocksFile.NAME + " in " + RepositoryLocks.REF, content))
                    .orElse(NONE);
        } catch (BranchMissingException nobodyEverLocked) {
            return NONE;
        }
    }

    /** The locks as the server has them now. Blocking. */
    public static Locks read(ConfigRepository repository, Progress progress) {
        return read(() -> files(repository, progress));
    }

    /**
     * The files of {@link RepositoryLocks#REF} as the server has them now, which are those of its newest commit that is by
     * somebody whose word counts; of its newest where none is, because there was no key yet. Blocking.
     *
     * @throws BranchMissingException if nobody has ever written the ref
     * @throws RefusedException if too many commits are by others: nobody knows then what is locked
     */
    public static Snapshot files(ConfigRepository repository, Progress progress) {
        return counting(repository, repository.tip(RepositoryLocks.REF, progress), progress);
    }

    /** The same of a tip of the ref, by anybody. */
    static Snapshot counting(ConfigRepository repository, Snapshot tip, Progress progress) {
        if (tip.isTrusted()) {
            return tip;
        }
        HistoryQuery newest = new HistoryQuery(commit -> true, DEPTH, DEPTH);
        List<CommitInfo> commits = repository.history(RepositoryLocks.REF, newest, progress);
        Optional<CommitInfo> counting = commits.stream()
                .filter(commit -> commit.signature().isTrusted())
                .findFirst();
        if (counting.isEmpty() && commits.size() == DEPTH) {
            throw new RefusedException("Nobody knows what is locked, because the newest " + DEPTH + " commits of "
                    + RepositoryLocks.REF + " are not signed by a trusted key: delete the ref to remove every lock.");
        }
        return counting.map(commit -> repository.at(RepositoryLocks.REF, commit.commit(), progress))
                .orElse(tip);
    }

    /** Whether nothing is locked. */
    public boolean isEmpty() {
        return locks.isEmpty();
    }

    /** Those that are in force on a target, the one that ends last first. */
    public List<Lock> on(String application, String environment, Instant now) {
        return inForce(now)
                .filter(lock -> lock.covers(application, environment))
                .sorted(Comparator.comparing(lock -> lock.end().orElse(Instant.MAX), Comparator.reverseOrder()))
                .toList();
    }

    /** The one that stops a bump or a promotion of a target, and ends last; empty when none does. */
    public Optional<Lock> stopping(String application, String environment, Instant now) {
        return on(application, environment, now).stream().findFirst();
    }

    /** The one that stops a rollback of a target, and ends last; empty when none does. */
    public Optional<Lock> stoppingRollbacks(String application, String environment, Instant now) {
        return on(application, environment, now).stream()
                .filter(Lock::stopsRollbacks)
                .findFirst();
    }

    /** The one that stops changes of files which no application names: one on everything. */
    public Optional<Lock> stoppingEverything(Instant now) {
        return inForce(now)
                .filter(lock -> Lock.isOnEverything(lock.application(), lock.environment()))
                .findFirst();
    }

    /** Those that have not ended by themselves. */
    public Stream<Lock> inForce(Instant now) {
        return locks.stream().filter(lock -> lock.isInForce(now));
    }

    /** Those in force at that time, and one more; one with the same id takes the place of the other. */
    Locks with(Lock lock) {
        return new Locks(Stream.concat(
                        inForce(lock.at()).filter(other -> !other.id().equals(lock.id())), Stream.of(lock))
                .toList());
    }

    /** Those in force at that time but the ones with these ids. */
    Locks without(Collection<String> ids, Instant now) {
        return new Locks(inForce(now).filter(lock -> !ids.contains(lock.id())).toList());
    }
}
