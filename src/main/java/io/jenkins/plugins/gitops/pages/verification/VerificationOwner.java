package io.jenkins.plugins.gitops.pages.verification;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.engine.verification.Verifications;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.verification.ReleaseVerifications.Kept;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps a verification, and writes its end into the deployment history: again and again until that is done. */
final class VerificationOwner implements Verifications.Owner {

    private static final Logger LOGGER = Logger.getLogger(VerificationOwner.class.getName());

    private static final long AGAIN_SECONDS = 60;

    private final ReleaseVerifications records;
    private final Optional<OpenedRepository> open;

    /** @param open what a run has opened; empty after a restart */
    VerificationOwner(ReleaseVerifications records, Optional<OpenedRepository> open) {
        this.records = records;
        this.open = open;
    }

    @Override
    public void changed(Verification now) {
        // Rows of good looks begin anew after a restart: only what has ended must be kept.
        records.find(now.deployed().id())
                .filter(kept -> hasChanged(kept.read(), now))
                .ifPresent(kept -> records.put(kept.with(now)));
    }

    private static boolean hasChanged(Verification before, Verification now) {
        for (int at = 0; at < now.checks().size(); at++) {
            if (before.checks().get(at).state() != now.checks().get(at).state()) {
                return true;
            }
        }
        return !before.until().equals(now.until());
    }

    @Override
    public Verification ended(Verification last) {
        Optional<Kept> kept = records.find(last.deployed().id());
        if (kept.isEmpty()) {
            return last;
        }
        records.put(kept.get().with(last));
        return record(kept.get(), last);
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
            Verification recorded = last.status() == Verification.Status.SUPERSEDED ? last : note(kept, last);
            records.put(kept.recorded(recorded));
            return recorded;
        } catch (GitOpsException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The verification of {0} is not in the deployment history yet: {1}",
                    new Object[] {last.deployed().target(), e.getMessage()});
            GitOpsServices.get().scheduler().schedule(() -> recordLater(last), AGAIN_SECONDS, TimeUnit.SECONDS);
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
        boolean isReplaced = current.isPresent()
                && !opened.repository()
                        .isAncestor(deployed.branch(), current.get().commit(), deployed.commit(), Progress.SILENT);
        if (isReplaced) {
            // What was looked at may have been the other one.
            return last.replacedBy(
                    deployed.target() + " was deployed again meanwhile (commit "
                            + CommitInfo.abbreviate(current.get().commit()) + ")",
                    ended(last.ended()));
        }
        Outcome outcome =
                last.status() == Verification.Status.VERIFIED ? Outcome.VERIFIED : Outcome.VERIFICATION_FAILED;
        new DeploymentNotes(opened.repository(), opened.author())
                .verification(
                        deployed.application(),
                        deployed.environment(),
                        current.map(Deployment::commit).orElse(deployed.commit()),
                        last.attempt(),
                        outcome,
                        last.began(),
                        last.lines(),
                        Progress.SILENT);
        Notifications.publish(event(kept, last, outcome));
        GitOpsServices.get().gates().lookAgain(deployed.application());
        return last;
    }

    private static Instant ended(Instant at) {
        return at == null ? GitOpsServices.get().clock().instant() : at;
    }

    private static PromotionEvent event(Kept kept, Verification last, Outcome outcome) {
        Verification.Deployed deployed = last.deployed();
        return new PromotionEvent(
                outcome == Outcome.VERIFIED ? PromotionEvent.Kind.VERIFIED : PromotionEvent.Kind.VERIFICATION_FAILED,
                ended(last.ended()),
                deployed.application(),
                deployed.environment(),
                deployed.images(),
                deployed.target() + ": " + last.summary(),
                deployed.commit(),
                kept.run());
    }
}
