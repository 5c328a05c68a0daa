package io.jenkins.plugins.gitops.engine.promotion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.lock.Turns;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * What the checks of gates read of config repositories, Argo CD and registries. However many gates are open, each remote
 * is asked for its branches, each target observed, and each release looked up, once in an interval; a failure, too, is shared
 * until the next one. Safe for any thread; those that ask for the same at the same time wait for one answer.
 */
public final class GateReads {

    /** Bounds memory; what is no longer asked for goes. */
    private static final int MOST_READS = 20_000;

    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    /** Of an interval: what is read of one remote so soon after each other needs one request. */
    private static final int ROUND = 6;

    private final Ledgers ledgers;
    private final InstantSource clock;
    private final Duration interval;
    private final Supplier<Instant> changed;
    private final Cache<Object, Read> reads;

    /**
     * @param interval how long what was read is used
     * @param changed when this controller itself last changed something that gates read: what is older is read again
     */
    public GateReads(Ledgers ledgers, InstantSource clock, Duration interval, Supplier<Instant> changed) {
        this(
                ledgers,
                clock,
                interval,
                changed,
                Caffeine.newBuilder()
                        .maximumSize(MOST_READS)
                        .expireAfterAccess(FORGOTTEN_AFTER)
                        .build());
    }

    private GateReads(
            Ledgers ledgers,
            InstantSource clock,
            Duration interval,
            Supplier<Instant> changed,
            Cache<Object, Read> reads) {
        this.ledgers = ledgers;
        this.clock = clock;
        this.interval = interval;
        this.changed = changed;
        this.reads = reads;
    }

    /**
     * The same reads for a gate that opened then: what was read before is read again, because the gate was planned against
     * something newer.
     */
    GateReads since(Instant opened) {
        return new GateReads(
                ledgers, clock, interval, () -> changed.get().isBefore(opened) ? opened : changed.get(), reads);
    }

    private record Read(Instant began, CompletableFuture<Object> answer) {}

    /** An answer that could not be had. */
    private record Failed(Throwable cause) {}

    Snapshot tip(ConfigRepository repository, String branch) {
        return read(
                Snapshot.class,
                List.of("tip", repository.reader(), branch),
                () -> inThisRound(repository).tip(branch, Progress.SILENT));
    }

    /** Content with what was seen since the remote was first asked in this round of checks. */
    private ConfigRepository inThisRound(ConfigRepository repository) {
        Long began =
                read(Long.class, List.of("round", repository.reader()), System::nanoTime, interval.dividedBy(ROUND));
        return repository.seenSince(began);
    }

    Snapshot at(ConfigRepository repository, String branch, String commit) {
        return read(
                Snapshot.class,
                List.of("at", repository.reader(), branch, commit),
                () -> repository.at(branch, commit, Progress.SILENT));
    }

    Declaration declaration(ConfigRepository repository, String branch) {
        return read(
                Declaration.class,
                List.of("declaration", repository.reader(), branch),
                () -> Declarations.read(tip(repository, branch), branch));
    }

    /** The commit of a branch that changed the gate of a target last, as far as it is known; the tip otherwise. */
    String gateChange(ConfigRepository repository, String branch, Target target) {
        String application = target.application().name();
        String environment = target.environment().name();
        return read(String.class, List.of("gate", repository.reader(), branch, application, environment), () -> {
            String tip = tip(repository, branch).commit();
            return new GateHistory(repository, branch, application, environment)
                    .changes(tip, commit -> false, 1).stream()
                            .map(CommitInfo::commit)
                            .findFirst()
                            .orElse(tip);
        });
    }

    Locks locks(ConfigRepository repository) {
        return read(Locks.class, List.of("locks", repository.reader()), () -> Locks.read(() -> shared(repository)));
    }

    /** They are read with the locks. */
    Turns turns(ConfigRepository repository) {
        return read(Turns.class, List.of("turns", repository.reader()), () -> Turns.read(() -> shared(repository)));
    }

    private Snapshot shared(ConfigRepository repository) {
        return read(
                Snapshot.class,
                List.of("shared", repository.reader()),
                () -> Locks.files(inThisRound(repository), Progress.SILENT));
    }

    Ledger ledger(ConfigRepository repository, String defaultBranch) {
        return read(
                Ledger.class,
                List.of("ledger", repository.reader(), defaultBranch),
                () -> ledgers.of(
                        inThisRound(repository),
                        defaultBranch,
                        declaration(repository, defaultBranch),
                        branch -> tip(repository, branch),
                        Progress.SILENT));
    }

    Liveness.State observe(Liveness liveness, Target target) {
        return read(Liveness.State.class, liveness.key(target), () -> liveness.observe(target));
    }

    /** A clause that says what the registries have of a release. */
    String verify(ReleaseVerification verification, Release release) {
        return read(String.class, List.of("registry", verification, release), () -> {
            List<String> found = new ArrayList<>();
            verification.verify(release, found::add);
            return found.isEmpty() ? "no registry is asked" : String.join(" ", found);
        });
    }

    private <T> T read(Class<T> type, Object key, Supplier<T> source) {
        return read(type, key, source, interval);
    }

    private <T> T read(Class<T> type, Object key, Supplier<T> source, Duration lifetime) {
        Instant now = clock.instant();
        Read used = reads.getIfPresent(key);
        if (used == null || isOld(used, now, lifetime)) {
            Read fresh = new Read(now, new CompletableFuture<>());
            used = reads.asMap()
                    .compute(key, (same, known) -> known == null || isOld(known, now, lifetime) ? fresh : known);
            if (used == fresh) {
                fresh.answer().complete(answer(source));
            }
        }
        Object answer = used.answer().join();
        if (answer instanceof Failed failed) {
            throw failed.cause() instanceof GitOpsException sentence
                    ? sentence
                    : new CompletionException(failed.cause());
        }
        return type.cast(answer);
    }

    private static Object answer(Supplier<?> source) {
        try {
            return source.get();
        } catch (Throwable failure) {
            return new Failed(failure);
        }
    }

    private boolean isOld(Read read, Instant now, Duration lifetime) {
        return !now.isBefore(read.began().plus(lifetime)) || read.began().isBefore(changed.get());
    }
}
