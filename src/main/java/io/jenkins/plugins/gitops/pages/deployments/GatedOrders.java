package io.jenkins.plugins.gitops.pages.deployments;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateOwner;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.GateReviews;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.StoppedException;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.Messages;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Promotions that people ordered on a job's page and that wait at the gate of their target. No run stands behind such a
 * gate: it follows its job, and is resumed when Jenkins starts. Once its requirements are met, the promotion is committed
 * as a run would commit it.
 */
@Extension
public class GatedOrders {

    private static final Logger LOGGER = Logger.getLogger(GatedOrders.class.getName());

    /** By the full name of the job; null until the files were read. */
    private Map<String, JobGates> jobs;

    static GatedOrders get() {
        return ExtensionList.lookupSingleton(GatedOrders.class);
    }

    /** The gates that people opened on a job's page. */
    JobGates of(Job<?, ?> job) {
        return ofJob(job.getFullName());
    }

    private synchronized JobGates ofJob(String fullName) {
        return jobs().computeIfAbsent(fullName, JobGates::new);
    }

    /** Opens the gate of an order's target; the promotion is committed once the gate lets it pass. */
    void open(OrderWork work, GateSubject.Promotion subject, GateDefinition definition, OpenedRepository opened) {
        JobGates gates = ofJob(work.use().job());
        if (gates.gate(subject.gate()).isPresent()) {
            // The same click once more, after a restart that knows its order no longer.
            return;
        }
        gates.add(work);
        Owner owner = new Owner(work, subject, gates);
        LiveGate live = GitOpsServices.get().gates().open(subject, definition, work.questions(opened, subject), owner);
        owner.review(live, work.reviews(opened));
    }

    /** Keeps the gate's events, and commits the promotion that it lets pass. */
    private static final class Owner implements GateOwner {

        private final OrderWork work;
        private final GateSubject.Promotion subject;
        private final JobGates gates;
        private final GateOwner store;

        Owner(OrderWork work, GateSubject.Promotion subject, JobGates gates) {
            this.work = work;
            this.subject = subject;
            this.gates = gates;
            store = gates.store(subject.gate());
        }

        @Override
        public void append(GateEvent event) {
            store.append(event);
        }

        @Override
        public void happened(GateEvent event) {
            tell(event);
            if (event instanceof GateEvent.Granted) {
                GitOpsServices.get()
                        .workers()
                        .execute(() -> GitOpsServices.get()
                                .gates()
                                .find(subject.gate())
                                .ifPresent(this::commit));
            } else if (event instanceof GateEvent.Rejected
                    || event instanceof GateEvent.Expired
                    || event instanceof GateEvent.Superseded
                    || event instanceof GateEvent.Closed) {
                gates.gate(subject.gate()).map(GateMessages::explain).ifPresent(sentence -> {
                    Orders.get().put(work.order().refused(sentence));
                    abandon(sentence);
                });
            }
        }

        private void abandon(String sentence) {
            GitOpsServices.get().workers().execute(() -> {
                try {
                    work.abandon(work.open(), sentence);
                } catch (GitOpsException e) {
                    LOGGER.log(Level.WARNING, e, () -> "The pull request of " + subject.target() + " was not closed");
                }
            });
        }

        /** Has reviews count while the gate is open. */
        void review(LiveGate live, GateReviews reviews) {
            if (live.gate().isReviewed()) {
                GitOpsServices.get().workers().execute(() -> {
                    try {
                        work.review(reviews, work.open(), live);
                    } catch (PendingDelivery pending) {
                        Orders.later(pending, () -> review(live, reviews));
                    } catch (GitOpsException e) {
                        LOGGER.log(Level.WARNING, e, () -> "Reviews of " + subject.target() + " cannot be read");
                    }
                });
            }
        }

        @Override
        public boolean waits() {
            return !gates.isOver();
        }

        private void tell(GateEvent event) {
            PromotionEvent.of(event, subject)
                    .ifPresent(news -> Notifications.publish(news, () -> gates.told(subject.gate(), event)));
        }

        private void commit(LiveGate granted) {
            try {
                BumpResult result = work.write(work.open(), subject, Optional.of(granted.gate()));
                granted.promoted(result.commit());
                Orders.get().done(work, result);
            } catch (PendingDelivery pending) {
                Orders.get().put(work.order().waiting(String.valueOf(pending.getMessage())));
                Orders.later(pending, () -> commit(granted));
            } catch (StoppedException stopped) {
                // Locked since the gate let it pass: what was approved stays so.
                GitOpsServices.get().gates().lookAgain(subject.application());
                granted.reopen(String.valueOf(stopped.getMessage()), stopped.lapsed());
                review(granted, work.reviews(work.open()));
            } catch (GitOpsException refused) {
                // A commit that Jenkins' own stop interrupts was refused by nobody.
                if (!GitOpsServices.get().workers().isShutdown()) {
                    granted.close(String.valueOf(refused.getMessage()));
                }
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "The promotion of " + subject.target() + " failed", e);
                granted.close(Messages.Orders_failed());
            }
        }

        /** Meanwhile no server merges by itself what the gate let pass. */
        private void checkAgain(LiveGate granted) {
            try {
                work.open().takeBack(subject);
            } catch (PendingDelivery pending) {
                Orders.later(pending, () -> checkAgain(granted));
                return;
            } catch (GitOpsException e) {
                LOGGER.log(Level.WARNING, e, () -> "The pull request of " + subject.target() + " was not taken back");
            }
            granted.reopen(Messages.GatedOrders_reopened());
            review(granted, work.reviews(work.open()));
        }

        /** Waits at the gate again. What was granted and not committed is checked again first. */
        void resume(Gate kept) {
            gates.untold(subject.gate()).forEach(this::tell);
            if (!JobGates.isUnderWay(kept)) {
                return;
            }
            try {
                OpenedRepository opened = work.open();
                LiveGate live = GitOpsServices.get().gates().resume(kept, work.questions(opened, subject), this);
                if (kept.status().isGranted()) {
                    if (work.isCommitted(opened, subject)) {
                        commit(live);
                    } else {
                        checkAgain(live);
                        return;
                    }
                }
                review(live, work.reviews(opened));
            } catch (GitOpsException refused) {
                append(new GateEvent.Closed(
                        GitOpsServices.get().clock().instant(), String.valueOf(refused.getMessage())));
            }
        }
    }

    /** Finds the gates again that waited when Jenkins stopped. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void resume() {
        for (JobGates gates : get().all()) {
            for (OrderWork work : gates.orders()) {
                gates.gate(work.order().id())
                        .ifPresent(kept -> GitOpsServices.get()
                                .workers()
                                .execute(() ->
                                        new Owner(work, (GateSubject.Promotion) kept.subject(), gates).resume(kept)));
            }
        }
    }

    private synchronized List<JobGates> all() {
        return List.copyOf(jobs().values());
    }

    private Map<String, JobGates> jobs() {
        if (jobs == null) {
            jobs = new TreeMap<>();
            if (Files.isDirectory(JobGates.folder())) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(JobGates.folder(), "*" + JobGates.END)) {
                    files.forEach(file -> JobGates.read(file)
                            .ifPresent(kept -> jobs.computeIfAbsent(
                                            kept.work().use().job(), JobGates::new)
                                    .restore(kept)));
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, JobGates.folder() + " cannot be read; the gates in it stay closed", e);
                }
            }
        }
        return jobs;
    }

    private synchronized void rename(String from, String to) {
        JobGates gates = jobs().remove(from);
        if (gates != null) {
            jobs().put(to, gates);
            gates.rename(to);
        }
    }

    private void delete(String item) {
        List<JobGates> gone = new ArrayList<>();
        synchronized (this) {
            jobs().entrySet().removeIf(entry -> {
                boolean isGone = DeployingJobs.isAtOrBelow(entry.getKey(), item);
                if (isGone) {
                    gone.add(entry.getValue());
                }
                return isGone;
            });
        }
        gone.forEach(JobGates::delete);
    }

    /** Follows jobs that are renamed, moved or deleted. */
    @Extension
    public static class Follower extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().rename(oldFullName, newFullName);
        }

        @Override
        public void onDeleted(Item item) {
            get().delete(item.getFullName());
        }
    }
}
