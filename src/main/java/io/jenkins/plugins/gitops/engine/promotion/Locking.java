package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Sets and lifts locks on the targets that {@code gitops.yaml} declares, for steps and pages. */
public final class Locking {

    private final ConfigRepository repository;
    private final String defaultBranch;
    private final RepositoryLocks locks;

    /** @param defaultBranch where the declaration stands */
    public Locking(ConfigRepository repository, String defaultBranch, Identity author) {
        this.repository = repository;
        this.defaultBranch = defaultBranch;
        this.locks = new RepositoryLocks(repository, author);
    }

    /**
     * Sets a lock, once for each id. Blocking. A lock on everything asks for no declaration: an emergency stop must not
     * wait until somebody has repaired it.
     *
     * @throws RefusedException if it would lock nothing
     * @throws RefusedException if the job may not write an application that it locks
     */
    public void set(Lock lock, Provenance by, Progress progress) {
        if (!lock.isOnEverything()) {
            Declaration declaration = Declarations.read(repository.tip(defaultBranch, progress), defaultBranch);
            List<Application> locked = declaration.applications().values().stream()
                    .filter(application -> application.environments().keySet().stream()
                            .anyMatch(environment -> lock.covers(application.name(), environment)))
                    .toList();
            if (locked.isEmpty()) {
                throw new RefusedException("A lock on " + lock.place() + " would lock nothing: " + Declaration.FILE
                        + " declares the applications "
                        + Shortened.list(declaration.applications().keySet())
                        + "; correct 'application' or 'environment'.");
            }
            if (by.job() != null) {
                locked.forEach(application -> Declarations.requireJob(application, by));
            }
        }
        locks.set(lock, progress);
    }

    /**
     * The locks in force with exactly this application and environment, or pattern. Blocking.
     *
     * @throws RefusedException if nothing is locked so; it names other locks of the target
     */
    public List<Lock> of(String application, String environment, Instant now, Progress progress) {
        List<Lock> inForce = locks.read(progress).inForce(now).toList();
        List<Lock> found = inForce.stream()
                .filter(lock -> lock.place().equals(application + "/" + environment))
                .toList();
        if (found.isEmpty()) {
            String others = inForce.stream()
                    .filter(lock -> lock.covers(application, environment))
                    .map(lock -> lock.place() + " is " + lock.clause())
                    .limit(3)
                    .collect(Collectors.joining("; "));
            throw new RefusedException("There is no lock on " + application + "/" + environment
                    + (others.isEmpty() ? ": nothing changed." : ", but " + others + ": unlock that."));
        }
        return found;
    }

    /** Those of these ids that are still in force. Blocking. */
    public List<Lock> withIds(List<String> ids, Instant now, Progress progress) {
        return locks.read(progress)
                .inForce(now)
                .filter(lock -> ids.contains(lock.id()))
                .toList();
    }

    /** Lifts those of the locks that nobody has lifted yet. Blocking; safe to repeat. */
    public void lift(List<Lock> lifted, RepositoryLocks.Lifting lifting, Progress progress) {
        locks.lift(lifted, lifting, progress);
    }
}
