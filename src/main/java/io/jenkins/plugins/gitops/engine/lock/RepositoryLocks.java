package io.jenkins.plugins.gitops.engine.lock;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The locks and turns in a ref of a config repository: a file each, and one commit for each change, which says who, when
 * and why. So every controller sees them, and {@code git log} of the ref and of the file of locks is their history; one
 * that has ended stays there when the file forgets it.
 */
public final class RepositoryLocks {

    /** Where the locks are. */
    public static final String REF = ConfigRepository.OWN_REFS + "locks";

    /** {@code application/environment} of a lock that was set; once. */
    private static final String LOCK = "GitOps-Lock";

    /** {@code application/environment} of a lock that was lifted; once for each. */
    private static final String UNLOCK = "GitOps-Unlock";

    /** ISO 8601 instant at which a lock ends by itself. */
    private static final String UNTIL = "GitOps-Lock-Until";

    /** Id of who did it. */
    private static final String BY = "GitOps-Lock-By";

    /** Beside the files, so that a commit that counts differs from one that does not. */
    private static final String CHANGE = "change";

    /** How often a change is tried while others push what does not count. */
    private static final int TRIES = 10;

    private final ConfigRepository repository;
    private final Identity author;

    /**
     * What counts in the ref.
     *
     * @param tip commit of the ref, by anybody
     */
    private record Counted(String tip, Snapshot files) {

        /** An edit of the files that count, for a tip that others have put in their place. */
        Map<String, byte[]> instead(Function<Snapshot, Map<String, byte[]>> edit, String id) {
            Map<String, byte[]> changes = edit.apply(files);
            if (changes.isEmpty()) {
                return changes;
            }
            Map<String, byte[]> all = new HashMap<>();
            all.put(LocksFile.NAME, files.file(LocksFile.NAME).orElseGet(() -> LocksFile.write(Locks.NONE)));
            all.put(Turns.FILE, files.file(Turns.FILE).orElseGet(Turns.NONE::write));
            all.put(CHANGE, id.getBytes(StandardCharsets.UTF_8));
            all.putAll(changes);
            return all;
        }
    }

    /** @param author of the commits */
    public RepositoryLocks(ConfigRepository repository, Identity author) {
        this.repository = repository;
        this.author = author;
    }

    /**
     * Who lifts locks, when and why.
     *
     * @param id unique; the same id lifts once
     * @param run null where somebody did so on a page
     */
    public record Lifting(
            String id,
            String by,
            Instant at,
            String reason,
            @Nullable String run) {}

    /** The locks as the server has them now. Blocking. */
    public Locks read(Progress progress) {
        return Locks.read(repository, progress);
    }

    private Counted counted(Progress progress) {
        Snapshot tip = repository.tip(REF, progress);
        return new Counted(tip.commit(), Locks.counting(repository, tip, progress));
    }

    /** Sets a lock, once for each id. Blocking. */
    public void set(Lock lock, Progress progress) {
        commit(
                lock.id(),
                "Lock " + lock.place() + " by " + lock.by(),
                Trailers.NONE
                        .with(LOCK, lock.place())
                        .with(BY, lock.by())
                        .with(Trailers.REASON, lock.reason())
                        .with(UNTIL, lock.end().map(Durations::time))
                        .with(Trailers.RUN, Optional.ofNullable(lock.run())),
                locks -> locks.with(lock),
                progress);
    }

    /** Lifts those of the locks that nobody has lifted yet. Blocking; safe to repeat. */
    public void lift(List<Lock> lifted, Lifting lifting, Progress progress) {
        List<String> places = lifted.stream().map(Lock::place).distinct().toList();
        List<String> ids = lifted.stream().map(Lock::id).toList();
        commit(
                lifting.id(),
                "Unlock " + String.join(", ", places) + " by " + lifting.by(),
                Trailers.NONE
                        .withAll(UNLOCK, places)
                        .with(BY, lifting.by())
                        .with(Trailers.REASON, lifting.reason())
                        .with(Trailers.RUN, Optional.ofNullable(lifting.run())),
                locks -> locks.without(ids, lifting.at()),
                progress);
    }

    /**
     * What keeps a promotion or rollback from its turn.
     *
     * @param lock that stops it
     * @param other whose turn it is
     */
    public record Kept(Optional<Lock> lock, Optional<Turn> other) {

        public boolean isTaken() {
            return lock.isEmpty() && other.isEmpty();
        }
    }

    /**
     * Takes a target's turn where no lock is in the way and it is nobody else's: of two controllers that ask at the same
     * time, one. A gate that has it keeps it. Blocking.
     *
     * @param turn as of now; asked for at each try, and different in time alone
     * @param stopping the lock that is in the way of that turn
     * @throws io.jenkins.plugins.gitops.engine.git.PushRefusedException if the server lets nobody write the ref; neither a
     *     lock nor another's turn was in the way
     */
    public Kept take(Supplier<Turn> turn, BiFunction<Locks, Turn, Optional<Lock>> stopping, Progress progress) {
        Turn first = turn.get();
        AtomicReference<Kept> kept = new AtomicReference<>();
        write(
                UUID.randomUUID().toString(),
                "Turn of " + first.application() + "/" + first.environment(),
                Trailers.NONE.with(Trailers.RUN, Optional.ofNullable(first.run())),
                files -> take(turn.get(), stopping, files, kept),
                progress);
        return Objects.requireNonNull(kept.get());
    }

    private static Map<String, byte[]> take(
            Turn turn, BiFunction<Locks, Turn, Optional<Lock>> stopping, Snapshot tip, AtomicReference<Kept> kept) {
        Turns turns = Turns.read(() -> tip);
        Kept now = new Kept(
                stopping.apply(Locks.read(() -> tip), turn),
                turns.ofAnother(turn.gate(), turn.application(), turn.environment(), turn.at()));
        kept.set(now);
        return now.isTaken() ? Map.of(Turns.FILE, turns.with(turn).write()) : Map.of();
    }

    /** The gate's turn is over. Blocking. */
    public void giveBack(Turn turn, InstantSource clock, Progress progress) {
        write(
                UUID.randomUUID().toString(),
                "End of the turn of " + turn.application() + "/" + turn.environment(),
                Trailers.NONE,
                files -> {
                    Turns before = Turns.read(() -> files);
                    Turns after = before.without(turn.gate(), clock.instant());
                    return after.equals(before) ? Map.of() : Map.of(Turns.FILE, after.write());
                },
                progress);
    }

    private void commit(String id, String subject, Trailers trailers, UnaryOperator<Locks> change, Progress progress) {
        write(
                id,
                subject,
                trailers,
                files -> {
                    Locks before = Locks.read(() -> files);
                    Locks after = change.apply(before);
                    return after.equals(before) ? Map.of() : Map.of(LocksFile.NAME, LocksFile.write(after));
                },
                progress);
    }

    /** Makes a commit that counts, on top of what others may have pushed meanwhile, which does not. */
    private void write(
            String id,
            String subject,
            Trailers trailers,
            Function<Snapshot, Map<String, byte[]>> edit,
            Progress progress) {
        AtomicReference<Optional<Counted>> counted = new AtomicReference<>(Optional.empty());
        AtomicBoolean again = new AtomicBoolean();
        for (int tries = 0; tries == 0 || again.get(); tries++) {
            if (tries == TRIES) {
                throw new RefusedException("Others keep pushing to " + REF + ": let only the plugin's user write it.");
            }
            if (again.get()) {
                counted.set(Optional.of(counted(progress)));
            }
            repository.commit(
                    new CommitRequest(REF, id, subject, "", trailers.list(), author, tip -> {
                        Optional<Counted> known =
                                counted.get().filter(read -> read.tip().equals(tip.commit()));
                        again.set(!tip.isTrusted() && known.isEmpty());
                        return tip.isTrusted()
                                ? edit.apply(tip)
                                : known.map(read -> read.instead(edit, id)).orElse(Map.of());
                    }),
                    progress);
        }
    }
}
