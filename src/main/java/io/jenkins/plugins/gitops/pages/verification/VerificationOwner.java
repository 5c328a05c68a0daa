package io.jenkins.plugins.gitops.pages.verification;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.verification.CheckProgress;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.engine.verification.Verifications;
import io.jenkins.plugins.gitops.notify.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps a verification, and writes its end into the deployment history: again and again until that is done. */
final class VerificationOwner implements Verifications.Owner {

    private static final Logger LOGGER = Logger.getLogger(VerificationOwner.class.getName());

    private static final long AGAIN_SECONDS = 60;
    private static final Duration GIVE_UP_AFTER = Duration.ofDays(1);

    private final ReleaseVerifications records;
    private final Optional<OpenedRepository> open;

    /** @param open what a run has opened; empty after a restart */
    VerificationOwner(ReleaseVerifications records, Optional<OpenedRepository> open) {
        this.records = records;
        this.open = open;
    }

    /** Looks of two checks may come in at once: what has ended, or stands further, is not overwritten by what was before. */
    @Override
    public void changed(Verification now) {
        synchronized (records) {
            // Rows of good looks begin anew after a restart: only what has passed must be kept.
            records.find(now.deployed().id())
                    .filter(kept -> isLater(now, kept.verification()))
                    .ifPresent(kept -> records.put(kept.with(now)));
        }
    }

    private static boolean isLater(Verification now, Verification kept) {
        return kept.ended() == null
                && now.checks().size() >= kept.checks().size()
                && (now.ended() != null
                        || passed(now) > passed(kept)
                        || now.until().isAfter(kept.until()));
    }

    private static long passed(Verification one) {
        return one.checks().stream()
                .filter(check -> check.state() != CheckProgress.State.WAITING)
                .count();
    }

    @Override
    public Verification ended(Verification last) {
        return records.find(last.deployed().id())
                .map(kept -> record(kept, last))
                .orElse(last);
    }

    /** Records the end of one that was not recorded when Jenkins stopped, or could not be. */
    void recordLater(Verification last) {
        GitOpsServices.get()
                .workers()
                .execute(() -> records.find(last.deployed().id())
                        .filter(kept -> !kept.recorded())
                        .ifPresent(kept -> record(kept, last)));
    }

    private Verification record(Kept kept, Verification last) {
        try {
            boolean isVerdict =
                    last.status() == Verification.Status.VERIFIED || last.status() == Verification.Status.FAILED;
            Verification recorded = isVerdict ? note(kept, last) : last;
            records.change(last.deployed().id(), now -> now.recorded(recorded));
            return recorded;
        } catch (GitOpsException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The verification of {0} is not in the deployment history yet: {1}",
                    new Object[] {last.deployed().target(), e.getMessage()});
            Instant now = GitOpsServices.get().clock().instant();
            if (endOf(last).plus(GIVE_UP_AFTER).isAfter(now)) {
                GitOpsServices.get().scheduler().schedule(() -> recordLater(last), AGAIN_SECONDS, TimeUnit.SECONDS);
            }
            return last;
        }
    }

    private Verification note(Kept kept, Verification last) {
        OpenedRepository opened = open.orElseGet(kept::open);
        Verification.Deployed deployed = last.deployed();
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch());
        Ledger ledger =
                GitOpsServices.get().ledgers().of(opened.repository(), opened.branch(), declaration, Progress.SILENT);
        Optional<Deployment> current = ledger.current(deployed.application(), deployed.environment());
        if (current.isPresent() && isReplaced(opened, current.get(), deployed)) {
            // What was looked at may have been the other one.
            return last.replacedBy(
                    deployed.target() + " was deployed again meanwhile (commit "
                            + CommitInfo.abbreviate(current.get().commit()) + ")",
                    endOf(last));
        }
        Outcome outcome =
                last.status() == Verification.Status.VERIFIED ? Outcome.VERIFIED : Outcome.VERIFICATION_FAILED;
        new DeploymentNotes(opened.repository(), opened.author())
                .verification(
                        deployed.application(),
                        deployed.environment(),
                        about(current, deployed),
                        last.attempt(),
                        outcome,
                        last.began(),
                        last.lines(),
                        Progress.SILENT);
        Environment environment = declaration
                .target(deployed.application(), deployed.environment())
                .environment();
        boolean goesBack = outcome == Outcome.VERIFICATION_FAILED
                && environment.rollback().automatic() == RollbackPolicy.Automatic.FAILED_VERIFICATION;
        String more = goesBack
                ? new AutomaticRollback(opened, kept)
                        .commit(last, current, endOf(last))
                        .map(why -> "; not rolled back automatically: " + why)
                        .orElse("; rolled back automatically")
                : "";
        Notifications.publish(event(kept, last, outcome, more));
        GitOpsServices.get().gates().lookAgain(deployed.application());
        return last;
    }

    /** Whether another deployment has come since; the rollback that this verification asked for is none. */
    static boolean isReplaced(OpenedRepository opened, Deployment current, Verification.Deployed deployed) {
        return !isOwnRollback(current, deployed)
                && !opened.repository()
                        .isAncestor(deployed.branch(), current.commit(), deployed.commit(), Progress.SILENT);
    }

    static boolean isOwnRollback(Deployment current, Verification.Deployed deployed) {
        return current.trailers().values(CommitRequest.BUMP_ID_TRAILER).contains(AutomaticRollback.id(deployed));
    }

    /** The deployment's own commit, which may be before the one that was awaited. */
    private static String about(Optional<Deployment> current, Verification.Deployed deployed) {
        return current.filter(running -> !isOwnRollback(running, deployed))
                .map(Deployment::commit)
                .orElse(deployed.commit());
    }

    private static Instant endOf(Verification last) {
        return Optional.ofNullable(last.ended())
                .orElseGet(() -> GitOpsServices.get().clock().instant());
    }

    private static PromotionEvent event(Kept kept, Verification last, Outcome outcome, String more) {
        Verification.Deployed deployed = last.deployed();
        return new PromotionEvent(
                outcome == Outcome.VERIFIED ? PromotionEvent.Kind.VERIFIED : PromotionEvent.Kind.VERIFICATION_FAILED,
                endOf(last),
                deployed.application(),
                deployed.environment(),
                deployed.images(),
                deployed.target() + ": " + last.summary() + more,
                deployed.commit(),
                kept.run());
    }
}
