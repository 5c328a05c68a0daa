package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.FileChange;
import io.jenkins.plugins.gitops.engine.promotion.Gate;
import io.jenkins.plugins.gitops.engine.promotion.GateChecks;
import io.jenkins.plugins.gitops.engine.promotion.GateDesk;
import io.jenkins.plugins.gitops.engine.promotion.GateEvent;
import io.jenkins.plugins.gitops.engine.promotion.GateSubject;
import io.jenkins.plugins.gitops.engine.promotion.ImageChange;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.OpenGate;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.PromotionPlan;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.engine.promotion.Provenance;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.gate.Notifications;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Plans, waits at the target's gate if it has one, and commits: each at most once, over any number of restarts. */
class PromoteExecution extends GatedStepExecution {

    private static final long serialVersionUID = 1L;

    private final RepositoryChoice choice;
    private final String application;
    private final String environment;
    private final String from;
    private final long beganMillis;

    PromoteExecution(
            @NonNull StepContext context,
            @NonNull RepositoryChoice choice,
            @NonNull String application,
            @NonNull String environment,
            @CheckForNull String from) {
        super(context);
        this.choice = choice;
        this.application = application;
        this.environment = environment;
        this.from = from;
        this.beganMillis = Engines.get().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = choice.open(run());
        List<GateEvent> past = past();
        if (!past.isEmpty()) {
            GateEvent.Opened opening = (GateEvent.Opened) past.get(0);
            waitAt(
                    past,
                    new GateDesk.Opening(opening.subject(), opening.definition()),
                    checks(opened, opening.definition()));
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
        preview(plan.subject(), progress);
        Optional<GateDefinition> gate = plan.target().environment().gate();
        if (plan.isEmpty() || gate.isEmpty()) {
            plan.requireNotHeld();
            commit(opened, plan.subject(), Optional.empty());
        } else {
            waitAt(List.of(), new GateDesk.Opening(plan.subject(), gate.get()), checks(opened, gate.get()));
        }
    }

    @Override
    void granted(@NonNull OpenGate granted) throws Exception {
        OpenedRepository opened = choice.open(run());
        Gate gate = granted.keeper().gate();
        BumpResult result;
        try {
            result = write(opened, gate.subject(), Optional.of(gate));
        } catch (GitOpsException refused) {
            granted.failed(refused.getMessage());
            throw refused;
        }
        granted.promoted(result.commit());
        finish(result, gate.subject(), Optional.of(granted.keeper().gate()));
    }

    private void commit(OpenedRepository opened, GateSubject subject, Optional<Gate> gate) throws Exception {
        BumpResult result = write(opened, subject, gate);
        if (result.outcome() == BumpResult.Outcome.COMMITTED) {
            PromotionEvent.of(new GateEvent.Promoted(Engines.get().clock().instant(), result.commit()), subject)
                    .ifPresent(Notifications::publish);
        }
        finish(result, subject, gate);
    }

    private BumpResult write(OpenedRepository opened, GateSubject subject, Optional<Gate> gate) throws Exception {
        return promotion(opened)
                .commit(
                        subject,
                        gate,
                        provenance(),
                        opened.author(),
                        Optional.of(Instant.ofEpochMilli(beganMillis)),
                        progress());
    }

    private void finish(BumpResult result, GateSubject subject, Optional<Gate> gate) throws Exception {
        Instant now = Engines.get().clock().instant();
        succeed(PromoteSummary.map(
                result, subject, gate, gateUrl(), Duration.between(Instant.ofEpochMilli(beganMillis), now)));
    }

    private Promotion promotion(OpenedRepository opened) throws IOException, InterruptedException {
        return new Promotion(opened.repository(), Engines.get().manifests(), liveness(opened), verification());
    }

    private List<io.jenkins.plugins.gitops.engine.promotion.GateCheck> checks(
            OpenedRepository opened, GateDefinition definition) throws IOException, InterruptedException {
        return new GateChecks(
                        opened.repository(),
                        Engines.get().manifests(),
                        liveness(opened),
                        verification(),
                        Engines.get().http())
                .of(definition);
    }

    private Liveness liveness(OpenedRepository opened) throws IOException, InterruptedException {
        return Engines.get().liveness(run(), opened);
    }

    private ReleaseVerification verification() throws IOException, InterruptedException {
        return Engines.get().verification(run());
    }

    private Provenance provenance() throws IOException, InterruptedException {
        return RunProvenance.of(run(), getContext().get(EnvVars.class));
    }

    private static void preview(GateSubject subject, Progress progress) {
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
                        + io.jenkins.plugins.gitops.engine.promotion.Declarations.shorten(commit.commit()) + " "
                        + commit.subject()
                        + (commit.authors().isEmpty() ? "" : " (" + String.join(", ", commit.authors()) + ")")));
    }
}
