package io.jenkins.plugins.gitops.pages.verification;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.verification.Alert;
import io.jenkins.plugins.gitops.engine.verification.LiveVerification;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.verification.Kept.LateAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Hands alerts that came in to the verifications that observe them, and writes those that came after the end of one into
 * the deployment history, as long as the deployment runs.
 */
final class LateAlerts {

    private static final Logger LOGGER = Logger.getLogger(LateAlerts.class.getName());

    /** Of a deployment so many are recorded. */
    private static final int MOST = 20;

    private static final long AGAIN_SECONDS = 60;

    private final ReleaseVerifications records;

    LateAlerts(ReleaseVerifications records) {
        this.records = records;
    }

    /** Keeps what they say before it returns; what is written to a repository is written later. */
    void hear(List<Alert> alerts) {
        for (LiveVerification live : GitOpsServices.get().verifications().all()) {
            alerts.forEach(live::hear);
        }
        List<Alert> firing = alerts.stream()
                .filter(alert -> alert.status() == Alert.Status.FIRING)
                .toList();
        if (!firing.isEmpty()) {
            newest().forEach(ended -> late(ended, firing));
        }
    }

    /** The last verification of each target, where it has ended and alerts still count. */
    private Stream<Verification> newest() {
        Instant oldest = GitOpsServices.get().clock().instant().minus(ReleaseVerifications.KEPT_FOR);
        Map<List<String>, Verification> newest = new HashMap<>();
        for (Kept kept : records.kept()) {
            Verification one = kept.verification();
            newest.merge(
                    List.of(one.deployed().repository(), one.deployed().target()),
                    one,
                    (known, other) -> other.began().isAfter(known.began()) ? other : known);
        }
        return newest.values().stream()
                .filter(one -> one.status() != Verification.Status.SUPERSEDED && !one.observesAlerts())
                .filter(one -> one.began().isAfter(oldest));
    }

    private void late(Verification ended, List<Alert> firing) {
        String id = ended.deployed().id();
        List<Alert> concerning = firing.stream()
                .filter(alert -> ended.isSince(alert) && ended.concerns(alert) && !ended.hasFailedOn(alert))
                .toList();
        if (!concerning.isEmpty()) {
            records.change(id, kept -> kept.with(added(kept.alerts(), concerning)));
            recordLater(id);
        }
    }

    private static List<LateAlert> added(List<LateAlert> known, List<Alert> more) {
        List<LateAlert> all = new ArrayList<>(known);
        for (Alert alert : more) {
            boolean isKnown = all.stream().anyMatch(one -> one.key().equals(alert.key()));
            if (!isKnown && all.size() < MOST) {
                all.add(new LateAlert(
                        alert.key(), alert.line() + ", since " + Durations.time(alert.startsAt()), false));
            }
        }
        return all;
    }

    /** Records those of a deployment that are not recorded yet. */
    void recordLater(String id) {
        GitOpsServices.get()
                .workers()
                .execute(() -> records.find(id)
                        .filter(kept -> kept.alerts().stream().anyMatch(alert -> !alert.recorded()))
                        .ifPresent(kept -> record(id, kept)));
    }

    private void record(String id, Kept kept) {
        Verification ended = kept.verification();
        try {
            note(kept, ended.deployed());
            List<String> noted = kept.alerts().stream().map(LateAlert::key).toList();
            records.change(
                    id,
                    now -> now.with(now.alerts().stream()
                            .map(alert -> noted.contains(alert.key())
                                    ? new LateAlert(alert.key(), alert.line(), true)
                                    : alert)
                            .toList()));
        } catch (GitOpsException e) {
            LOGGER.log(Level.WARNING, "An alert of {0} is not in the deployment history yet: {1}", new Object[] {
                ended.deployed().target(), e.getMessage()
            });
            Instant now = GitOpsServices.get().clock().instant();
            if (ended.began().plus(ReleaseVerifications.KEPT_FOR).isAfter(now)) {
                GitOpsServices.get().scheduler().schedule(() -> recordLater(id), AGAIN_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static void note(Kept kept, Verification.Deployed deployed) {
        OpenedRepository opened = kept.open();
        Optional<Deployment> current = GitOpsServices.get()
                .ledgers()
                .of(
                        opened.repository(),
                        opened.branch(),
                        Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch()),
                        Progress.SILENT)
                .current(deployed.application(), deployed.environment())
                .filter(running -> !VerificationOwner.isOwnRollback(running, deployed)
                        && !VerificationOwner.isReplaced(opened, running, deployed));
        if (current.isEmpty()) {
            return;
        }
        DeploymentNotes notes = new DeploymentNotes(opened.repository(), opened.author());
        for (LateAlert alert : kept.alerts()) {
            if (!alert.recorded()) {
                notes.alert(
                        deployed.application(),
                        deployed.environment(),
                        current.get().commit(),
                        alert.key(),
                        alert.line(),
                        Progress.SILENT);
                LOGGER.log(Level.INFO, "{0}: alert after its verification: {1}", new Object[] {
                    deployed.target(), alert.line()
                });
            }
        }
    }
}
