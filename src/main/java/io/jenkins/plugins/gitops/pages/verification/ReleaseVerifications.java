package io.jenkins.plugins.gitops.pages.verification;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import io.jenkins.plugins.gitops.engine.verification.Alert;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.JsonFile;
import io.jenkins.plugins.gitops.security.RunIdentity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Has the declared checks of deployments done, each deployment's once, and keeps how they stand: a file for each, so that
 * they go on after a restart, whatever became of the run that began them.
 */
@Extension
public class ReleaseVerifications {

    private static final Logger LOGGER = Logger.getLogger(ReleaseVerifications.class.getName());
    private static final String END = ".json";

    /** What has ended is kept so long: a run that goes on later asks how. */
    static final Duration KEPT_FOR = Duration.ofDays(7);

    private static final int MOST_KEPT = 2_000;

    /** By {@link Verification.Deployed#id}; null until the files were read. */
    private Map<String, Kept> all;

    private final FiringAlerts firing = new FiringAlerts();

    public static ReleaseVerifications get() {
        return ExtensionList.lookupSingleton(ReleaseVerifications.class);
    }

    /**
     * Who wants a deployment verified.
     *
     * @param job full name
     * @param repository as the step chose it
     * @param run address of the run, or null
     * @param identity whom the run acts as
     * @param opened what the run has opened
     * @param deployedAt when the commit that deploys it was written: since then alerts count
     */
    public record Origin(
            String job,
            RepositoryChoice repository,
            @CheckForNull String run,
            RunIdentity identity,
            OpenedRepository opened,
            Instant deployedAt) {}

    /**
     * Begins the verification of a deployment, or joins the one that is under way or has ended. One that had failed before
     * somebody saw the deployment healthy again starts again.
     *
     * @param since when the deployment was seen healthy
     */
    public synchronized LiveVerification join(
            Verification.Deployed deployed, VerificationDefinition definition, Instant since, Origin origin) {
        GitOpsServices services = GitOpsServices.get();
        Optional<LiveVerification> live = services.verifications().find(deployed.id());
        if (live.isPresent()) {
            return live.get();
        }
        int attempt = 1;
        Instant now = services.clock().instant();
        Kept known = all().get(deployed.id());
        if (known != null) {
            Verification before = known.verification();
            Instant ended = before.ended();
            if (ended == null) {
                return resume(known);
            }
            boolean isDecided = before.status() == Verification.Status.VERIFIED
                    || !ended.isBefore(since) && before.status() != Verification.Status.ABORTED;
            if (isDecided) {
                return services.verifications().over(before);
            }
            attempt = before.attempt() + 1;
        }
        // What is known to fire already does not fail another attempt.
        return begin(
                Verification.begin(deployed, definition, attempt, now, attempt == 1 ? origin.deployedAt() : now),
                origin);
    }

    /**
     * The same with steps of a run as a check beside what is declared, if anything is. What has passed stays passed; one that
     * has failed, or ended without a verdict, starts again.
     *
     * @throws RefusedException if steps of another run are a check of it and have not ended
     */
    public synchronized LiveVerification join(
            Verification.Deployed deployed, Optional<VerificationDefinition> declared, Pipeline steps, Origin origin) {
        GitOpsServices services = GitOpsServices.get();
        Optional<LiveVerification> known = find(deployed);
        if (known.isPresent()) {
            Verification now = known.get().now();
            if (now.steps().filter(steps::equals).isPresent()) {
                return known.get();
            }
            now.openSteps().filter(CheckProbes::isRunning).ifPresent(other -> {
                throw new RefusedException("The steps of " + other.run() + " already verify "
                        + deployed.target() + " (commit " + CommitInfo.abbreviate(deployed.commit())
                        + "): put them into one gitopsVerify, or run them one after the other.");
            });
            if (known.get().join(steps, CheckProbes.of(steps))) {
                find(deployed.id()).ifPresent(kept -> put(kept.with(known.get().now())));
                return known.get();
            }
        }
        Verification begun = known.map(LiveVerification::now)
                .filter(before -> before.status() == Verification.Status.VERIFIED)
                .map(before -> before.again(steps))
                .orElseGet(() -> Verification.begin(
                        deployed,
                        VerificationDefinition.of(declared, steps),
                        known.map(before -> before.now().attempt() + 1).orElse(1),
                        services.clock().instant(),
                        known.isEmpty() ? origin.deployedAt() : services.clock().instant()));
        return begin(begun, origin);
    }

    /** One that is under way or has ended, if it is known; goes on with one that a restart has stopped. */
    public synchronized Optional<LiveVerification> find(Verification.Deployed deployed) {
        GitOpsServices services = GitOpsServices.get();
        return services.verifications()
                .find(deployed.id())
                .or(() -> find(deployed.id())
                        .map(kept -> kept.verification().ended() == null
                                ? resume(kept)
                                : services.verifications().over(kept.verification())));
    }

    /** The newest of the same target, whichever commit it is about. */
    public synchronized Optional<Verification.Deployed> newest(Verification.Deployed deployed) {
        return all().values().stream()
                .map(Kept::verification)
                .filter(one -> one.deployed().isSameTarget(deployed))
                .max(Comparator.comparing(Verification::began))
                .map(Verification::deployed);
    }

    private LiveVerification begin(Verification begun, Origin origin) {
        put(new Kept(
                begun, origin.job(), origin.repository(), origin.run(), false, origin.identity(), Map.of(), List.of()));
        forgetOld();
        LiveVerification live = GitOpsServices.get()
                .verifications()
                .begin(
                        begun,
                        new CheckProbes(begun, this, Optional.of(origin.opened())).all(),
                        new VerificationOwner(this, Optional.of(origin.opened())));
        // In this order: one that comes in meanwhile is heard at least once.
        firing.all().forEach(live::hear);
        return live;
    }

    private LiveVerification resume(Kept kept) {
        Verification before = kept.verification();
        return GitOpsServices.get()
                .verifications()
                .resume(
                        before,
                        new CheckProbes(before, this, Optional.empty()).all(),
                        new VerificationOwner(this, Optional.empty()));
    }

    /** Takes in alerts: what they say is kept when this returns. */
    public void hear(List<Alert> alerts) {
        firing.hear(alerts);
        new LateAlerts(this).hear(alerts);
    }

    /** Names the rollback of a deployment that was not verified, so that the controller and a step commit the same one. */
    public static String rollbackId(Verification.Deployed deployed) {
        return AutomaticRollback.id(deployed);
    }

    /** Finds those again that were under way, or not recorded yet, when Jenkins stopped. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void resume() {
        get().resumeAll();
    }

    private synchronized void resumeAll() {
        for (Kept kept : List.copyOf(all().values())) {
            if (kept.verification().ended() == null) {
                resume(kept);
            } else if (!kept.recorded()) {
                new VerificationOwner(this, Optional.empty()).recordLater(kept.verification());
            }
            if (kept.alerts().stream().anyMatch(alert -> !alert.recorded())) {
                new LateAlerts(this).recordLater(kept.verification().deployed().id());
            }
        }
    }

    /** As it is kept; empty where nobody asked for it, or that was long ago. */
    synchronized Optional<Kept> find(String id) {
        return Optional.ofNullable(all().get(id));
    }

    /** A build that a verification asked for begins: it is not asked for again, even after a crash. */
    synchronized void began(VerificationBuild of, Kept.StartedBuild build) {
        find(of.deployment())
                .filter(kept -> kept.verification().attempt() == of.attempt())
                .ifPresent(kept -> put(kept.with(of.check(), build)));
    }

    /** All that are kept. */
    synchronized List<Kept> kept() {
        return List.copyOf(all().values());
    }

    /** Changes what is kept of one, unless it was forgotten meanwhile. */
    synchronized void change(String id, UnaryOperator<Kept> change) {
        find(id).ifPresent(kept -> put(change.apply(kept)));
    }

    /** @return whether it could be kept: then a restart goes on from there */
    synchronized boolean put(Kept kept) {
        Verification now = kept.verification();
        String id = now.deployed().id();
        all().put(id, kept);
        try {
            Files.createDirectories(folder());
            JsonFile.write(file(id), kept);
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file(id) + " cannot be written; a restart would verify again", e);
            return false;
        }
    }

    private void forgetOld() {
        Instant oldest = GitOpsServices.get().clock().instant().minus(KEPT_FOR);
        if (all().size() <= MOST_KEPT / 2) {
            return;
        }
        List<Verification> ended = all().values().stream()
                .map(Kept::verification)
                .filter(one -> one.ended() != null)
                .sorted(Comparator.comparing(Verification::began))
                .toList();
        int over = all().size() - MOST_KEPT;
        for (int at = 0; at < ended.size(); at++) {
            Verification one = ended.get(at);
            if (at < over || one.began().isBefore(oldest)) {
                forget(one.deployed().id());
            }
        }
    }

    private synchronized void forget(String id) {
        all().remove(id);
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file(id) + " cannot be deleted", e);
        }
    }

    private Map<String, Kept> all() {
        if (all == null) {
            all = new TreeMap<>();
            if (Files.isDirectory(folder())) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), "*" + END)) {
                    files.forEach(this::read);
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, folder() + " cannot be read; the verifications in it do not go on", e);
                }
            }
        }
        return all;
    }

    private void read(Path file) {
        try {
            Kept kept = JsonFile.JSON.readValue(JsonFile.read(file), Kept.class);
            all.put(kept.verification().deployed().id(), kept);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, file + " cannot be read; its verification does not go on", e);
        }
    }

    private static Path folder() {
        return FiringAlerts.home().resolve("verifications");
    }

    /** Ids are of this plugin's own making. */
    private static Path file(String id) {
        return folder().resolve(id + END);
    }

    private synchronized void rename(String from, String to) {
        List<Kept> moved = new ArrayList<>(all().values());
        moved.removeIf(kept -> !kept.job().equals(from));
        moved.forEach(kept -> put(kept.by(to)));
    }

    private synchronized void delete(String item) {
        all().values().stream()
                .filter(kept -> kept.job().equals(item) || kept.job().startsWith(item + "/"))
                .map(kept -> kept.verification().deployed().id())
                .toList()
                .forEach(this::forget);
    }

    /** Follows jobs that are renamed, moved or deleted. */
    @Extension
    public static class Follower extends ItemListener {

        @Override
        public void onDeleted(Item item) {
            get().delete(item.getFullName());
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().rename(oldFullName, newFullName);
        }
    }
}
