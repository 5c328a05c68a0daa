package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.ReviewerAccounts;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.GateReviews;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitedSync;
import java.io.IOException;
import java.io.Serializable;
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

    private static final long serialVersionUID = 3L;

    private final PromoteStep step;
    private final long beganMillis;

    /** How long the release may take to be live; null where the step ends with its commit. */
    @CheckForNull
    private final Duration timeout;

    /** How long a new pod may be unable to start; null in what an earlier version stored. */
    @CheckForNull
    private final Duration unpullableGrace;

    /** The wait for the commit, once there is one, and the result so far. */
    @CheckForNull
    private volatile AwaitedSync awaited;

    @CheckForNull
    private volatile LinkedHashMap<String, Object> committed;

    /** What is committed without a gate, as {@link GateJson} writes it: a pull request always brings the same. */
    @CheckForNull
    private volatile String planned;

    private transient volatile GateReviews reviews;

    PromoteExecution(
            @NonNull StepContext context,
            @NonNull PromoteStep step,
            @NonNull OnRejected onRejected,
            @CheckForNull Duration timeout,
            @NonNull Duration unpullableGrace) {
        super(context, onRejected);
        this.step = step;
        this.timeout = timeout;
        this.unpullableGrace = unpullableGrace;
        this.beganMillis = services().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        if (awaited != null) {
            await(opened);
            return;
        }
        String begunWith = planned;
        if (begunWith != null) {
            GateEvent.Opened begun = (GateEvent.Opened) GateJson.read(begunWith);
            commit(opened, (GateSubject.Promotion) begun.subject(), Optional.empty());
            return;
        }
        Optional<Gate> kept = kept();
        if (kept.isPresent()) {
            resumeAt(kept.get(), questions(opened, promotion(kept.get())));
            return;
        }
        Progress progress = progress();
        Promotion.Plan plan = promotion(opened).plan(step.request(gateId(), opened, provenance()), progress);
        if (timeout != null && plan.target().environment().applications().isEmpty()) {
            throw new StepParameterException("onFailure: 'rollback' requires an Argo CD Application, and "
                    + plan.target() + " has none in gitops.yaml: add argocd: { application: … } to the environment.");
        }
        worksOn(step.choice(), step.application());
        preview(plan.subject(), progress);
        Optional<GateDefinition> gate = plan.gate();
        if (plan.isEmpty() || gate.isEmpty()) {
            plan.requireNotHeld();
            if (!plan.isEmpty() && plan.target().environment().delivery().isPresent()) {
                planned = GateJson.write(new GateEvent.Opened(
                        services().clock().instant(), plan.subject(), GateDefinition.NONE, List.of()));
                remember();
            }
            commit(opened, plan.subject(), Optional.empty());
        } else {
            waitAt(plan.subject(), gate.get(), questions(opened, plan.subject()));
        }
    }

    @Override
    public void granted(@NonNull LiveGate granted) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        Gate gate = granted.gate();
        GateSubject.Promotion subject = promotion(gate);
        Optional<BumpResult> result = commit(granted, () -> write(opened, subject, Optional.of(gate)));
        if (result.isPresent()) {
            finish(opened, result.get(), subject, Optional.of(granted.gate()));
        }
    }

    /** What was not committed when Jenkins stopped is checked again first: meanwhile a freeze may have begun. */
    @Override
    protected void grantedBefore(@NonNull LiveGate granted) throws Exception {
        Gate gate = granted.gate();
        OpenedRepository opened = step.open(run(), environment());
        if (gate.commit().isPresent() || promotion(opened).isCommitted(promotion(gate), progress())) {
            pass(granted);
        } else {
            opened.takeBack(promotion(gate));
            granted.reopen("Jenkins restarted before the promotion was committed; its requirements are checked again");
        }
    }

    private static GateSubject.Promotion promotion(Gate gate) {
        return (GateSubject.Promotion) gate.subject();
    }

    @Override
    protected void abandonUnknown(@NonNull String reason) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        opened.abandon(step.application(), List.of(step.getEnvironment()), gateId(), reason);
    }

    @Override
    protected void review(@NonNull LiveGate open) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        GateReviews known = reviews;
        if (known == null) {
            known = new GateReviews(promotion(opened), new ReviewerAccounts(run()), opened.url());
            reviews = known;
        }
        known.look(open, provenance(), opened.author(), progress());
    }

    private void commit(OpenedRepository opened, GateSubject.Promotion subject, Optional<Gate> gate) throws Exception {
        BumpResult result = write(opened, subject, gate);
        if (!result.isUnchanged()) {
            PromotionEvent.of(new GateEvent.Promoted(services().clock().instant(), result.commit()), subject)
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
        LinkedHashMap<String, Object> map = StepResults.bump(result, took());
        map.put("from", subject.sourceEnvironment());
        map.put("fromCommit", subject.sourceCommit());
        if (gate.isPresent()) {
            map.put("gate", StepResults.gate(gate.get(), gateUrl()));
        }
        if (timeout == null || result.isUnchanged()) {
            succeed(map);
            return;
        }
        committed = map;
        awaited = new AwaitedSync(AwaitSyncOptions.of(
                step.application(),
                step.getEnvironment(),
                result.commit(),
                Map.of(),
                timeout,
                Objects.requireNonNullElse(unpullableGrace, Policy.DEFAULT.stuck()),
                OnFailure.ROLLBACK));
        remember();
        await(opened);
    }

    @Override
    @NonNull
    protected Serializable refused(@NonNull Gate ended) throws Exception {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("changed", false);
        map.put("application", step.application());
        map.put("environment", step.getEnvironment());
        map.put("from", promotion(ended).sourceEnvironment());
        map.put("fromCommit", promotion(ended).sourceCommit());
        map.put("gate", StepResults.gate(ended, gateUrl()));
        map.put("durationMillis", took().toMillis());
        return map;
    }

    private void await(OpenedRepository opened) throws Exception {
        LinkedHashMap<String, Object> known = Objects.requireNonNull(committed);
        Objects.requireNonNull(awaited).proceed(this, step.choice(), Optional.of(opened), (plan, live, took) -> {
            LinkedHashMap<String, Object> map = new LinkedHashMap<>(known);
            map.put("verdict", live.kind().name());
            map.put("checks", live.checks());
            map.put("durationMillis", took().toMillis());
            succeed(map);
        });
    }

    private Duration took() {
        return Duration.between(
                Instant.ofEpochMilli(beganMillis), services().clock().instant());
    }

    @Override
    protected void released() {
        AwaitedSync sync = awaited;
        if (sync == null) {
            super.released();
        } else {
            sync.cancel();
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        AwaitedSync sync = awaited;
        return sync == null ? super.getStatus() : sync.summary().orElseGet(super::getStatus);
    }

    private Promotion promotion(OpenedRepository opened) throws IOException, InterruptedException {
        return services().promotion(opened, liveness(opened), verification());
    }

    private GateQuestions questions(OpenedRepository opened, GateSubject.Promotion subject)
            throws IOException, InterruptedException {
        return services()
                .gateRequirements(opened, liveness(opened), verification())
                .of(subject);
    }

    private Liveness liveness(OpenedRepository opened) throws IOException, InterruptedException {
        return services().liveness(run(), opened);
    }

    private ReleaseVerification verification() throws IOException, InterruptedException {
        return services().verification(run());
    }

    /** Prints what would change. */
    static void preview(GateSubject.Promotion subject, Progress progress) {
        if (subject.files().isEmpty()) {
            progress.say(subject.target() + " already runs "
                    + (subject.sourceEnvironment().isEmpty()
                            ? "these images."
                            : "the release of " + subject.sourceEnvironment() + "."));
            return;
        }
        progress.say((subject.procedure() == GateSubject.Procedure.HOTFIX ? "HOTFIX: " + subject.reason() + ". " : "")
                + "To promote"
                + (subject.sourceEnvironment().isEmpty() ? "" : " from " + subject.sourceEnvironment()) + ":");
        subject.changes().stream().filter(ImageChange::isChange).forEach(change -> progress.say("  " + change));
        for (FileChange file : subject.files()) {
            progress.say("  " + file.path());
            file.lines().forEach(line -> progress.say("    " + line.sign() + line.number() + " " + line.text()));
        }
        subject.gateChanges().forEach(commit -> progress.say(GateMessages.gateChange(subject, commit) + "."));
        subject.commits()
                .forEach(commit -> progress.say("  "
                        + CommitInfo.abbreviate(commit.commit()) + " "
                        + commit.subject()
                        + (commit.authors().isEmpty() ? "" : " (" + String.join(", ", commit.authors()) + ")")));
    }
}
