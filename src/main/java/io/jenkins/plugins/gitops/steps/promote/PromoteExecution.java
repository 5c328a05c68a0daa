package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.GateChecks;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.PromotionPlan;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlanning;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncWish;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitedSync;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Plans, waits at the target's gate if it has one, and commits: each at most once, over any number of restarts. With
 * {@code onFailure: 'rollback'} it then waits for Argo CD and takes back what does not come live.
 */
class PromoteExecution extends GatedStepExecution {

    private static final long serialVersionUID = 2L;

    private final RepositoryChoice choice;
    private final String application;
    private final String environment;
    private final String from;
    private final long beganMillis;

    /** Null where the step ends with its commit. */
    @CheckForNull
    private final AwaitedSync awaited;

    /** The result so far, once there is a commit to wait for. */
    @CheckForNull
    private volatile LinkedHashMap<String, Object> committed;

    public PromoteExecution(
            @NonNull StepContext context,
            @NonNull RepositoryChoice choice,
            @NonNull String application,
            @NonNull String environment,
            @CheckForNull String from,
            @CheckForNull AwaitedSync awaited) {
        super(context);
        this.choice = choice;
        this.application = application;
        this.environment = environment;
        this.from = from;
        this.awaited = awaited;
        this.beganMillis = GitOpsServices.get().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = choice.open(run());
        if (committed != null) {
            await(opened);
            return;
        }
        Optional<Gate> kept = kept();
        if (kept.isPresent()) {
            resumeAt(kept.get(), checks(opened, kept.get().definition()));
            return;
        }
        Progress progress = progress();
        PromotionPlan plan = promotion(opened)
                .plan(
                        new PromotionRequest(
                                gateId(),
                                opened.url(),
                                opened.branch(),
                                application,
                                environment,
                                from,
                                provenance(),
                                opened.author()),
                        progress);
        if (awaited != null && plan.target().environment().applications().isEmpty()) {
            throw new StepParameterException("onFailure: 'rollback' cannot watch " + plan.target()
                    + ", which names no Argo CD Application in gitops.yaml: add argocd: { application: … } to it.");
        }
        worksOn(choice, application);
        preview(plan.subject(), progress);
        Optional<GateDefinition> gate = plan.target().environment().gate();
        if (plan.isEmpty() || gate.isEmpty()) {
            plan.requireNotHeld();
            commit(opened, plan.subject(), Optional.empty());
        } else {
            waitAt(plan.subject(), gate.get(), checks(opened, gate.get()));
        }
    }

    @Override
    public void granted(@NonNull LiveGate granted) throws Exception {
        OpenedRepository opened = choice.open(run());
        Gate gate = granted.gate();
        GateSubject.Promotion subject = promotion(gate);
        BumpResult result;
        try {
            result = write(opened, subject, Optional.of(gate));
        } catch (GitOpsException refused) {
            // A commit that Jenkins' own stop interrupts was refused by nobody.
            if (!isStopping()) {
                granted.failed(refused.getMessage());
            }
            throw refused;
        }
        granted.promoted(result.commit());
        finish(opened, result, subject, Optional.of(granted.gate()));
    }

    /** What was not committed when Jenkins stopped is checked again first: meanwhile a freeze may have begun. */
    @Override
    protected void grantedBefore(@NonNull LiveGate granted) throws Exception {
        Gate gate = granted.gate();
        if (gate.commit().isPresent() || promotion(choice.open(run())).isCommitted(promotion(gate), progress())) {
            pass(granted);
        } else {
            granted.reopen("Jenkins restarted before the promotion was committed; its requirements are checked again");
        }
    }

    private static GateSubject.Promotion promotion(Gate gate) {
        return (GateSubject.Promotion) gate.subject();
    }

    private void commit(OpenedRepository opened, GateSubject.Promotion subject, Optional<Gate> gate) throws Exception {
        BumpResult result = write(opened, subject, gate);
        if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
            PromotionEvent.of(
                            new GateEvent.Promoted(GitOpsServices.get().clock().instant(), result.commit()), subject)
                    .ifPresent(Notifications::publish);
        }
        finish(opened, result, subject, gate);
    }

    private BumpResult write(OpenedRepository opened, GateSubject.Promotion subject, Optional<Gate> gate)
            throws Exception {
        return promotion(opened)
                .commit(
                        subject,
                        gate,
                        provenance(),
                        opened.author(),
                        Optional.of(Instant.ofEpochMilli(beganMillis)),
                        progress());
    }

    private void finish(OpenedRepository opened, BumpResult result, GateSubject.Promotion subject, Optional<Gate> gate)
            throws Exception {
        LinkedHashMap<String, Object> map = PromoteSummary.map(result, subject, gate, gateUrl(), took());
        if (awaited == null || result.outcome() == BumpResult.Outcome.UNCHANGED) {
            succeed(map);
        } else {
            committed = map;
            remember();
            await(opened);
        }
    }

    private void await(OpenedRepository opened) throws Exception {
        AwaitedSync sync = Objects.requireNonNull(awaited);
        LinkedHashMap<String, Object> known = Objects.requireNonNull(committed);
        AwaitSyncWish wish = new AwaitSyncWish(
                application, List.of(environment), (String) known.get("commit"), Map.of(), List.of(), null, null, null);
        sync.proceed(
                this,
                Optional.of(opened),
                (id, deadline) -> new AwaitSyncPlanning(run(), wish, Optional.of(opened), Optional.empty(), progress())
                        .plan(id, deadline),
                (plan, status, took) -> {
                    LinkedHashMap<String, Object> map = new LinkedHashMap<>(known);
                    map.put("verdict", status.kind().name());
                    map.put("durationMillis", took().toMillis());
                    succeed(map);
                });
    }

    private Duration took() {
        return Duration.between(
                Instant.ofEpochMilli(beganMillis), GitOpsServices.get().clock().instant());
    }

    @Override
    protected void released() {
        AwaitedSync sync = awaited;
        if (sync == null || committed == null) {
            super.released();
        } else {
            sync.cancel();
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        AwaitedSync sync = awaited;
        return sync == null || committed == null
                ? super.getStatus()
                : sync.summary().orElseGet(super::getStatus);
    }

    private Promotion promotion(OpenedRepository opened) throws IOException, InterruptedException {
        return new Promotion(
                opened.repository(),
                GitOpsServices.get().manifests(),
                liveness(opened),
                verification(),
                GitOpsServices.get().ledgers());
    }

    private List<GateCheck> checks(OpenedRepository opened, GateDefinition definition)
            throws IOException, InterruptedException {
        return new GateChecks(
                        opened.repository(),
                        GitOpsServices.get().manifests(),
                        liveness(opened),
                        verification(),
                        GitOpsServices.get().http(),
                        GitOpsServices.get().ledgers())
                .of(definition);
    }

    private Liveness liveness(OpenedRepository opened) throws IOException, InterruptedException {
        return GitOpsServices.get().liveness(run(), opened);
    }

    private ReleaseVerification verification() throws IOException, InterruptedException {
        return GitOpsServices.get().verification(run());
    }

    private static void preview(GateSubject.Promotion subject, Progress progress) {
        if (subject.files().isEmpty()) {
            progress.say(subject.target() + " runs the release of " + subject.sourceEnvironment() + " already.");
            return;
        }
        progress.say("To promote from " + subject.sourceEnvironment() + ":");
        subject.changes().stream().filter(ImageChange::isChange).forEach(change -> progress.say("  " + change));
        for (FileChange file : subject.files()) {
            progress.say("  " + file.path());
            file.lines()
                    .forEach(line -> progress.say("    " + (line.kind() == FileChange.Kind.ADDED ? "+" : "-")
                            + line.number() + " " + line.text()));
        }
        subject.commits()
                .forEach(commit -> progress.say("  "
                        + Words.commit(commit.commit()) + " "
                        + commit.subject()
                        + (commit.authors().isEmpty() ? "" : " (" + String.join(", ", commit.authors()) + ")")));
    }
}
