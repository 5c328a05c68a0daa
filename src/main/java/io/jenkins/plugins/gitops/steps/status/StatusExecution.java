package io.jenkins.plugins.gitops.steps.status;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads the ledger and returns it as plain maps; the figures are those of the last 30 days. */
class StatusExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 2L;
    private static final Duration PERIOD = Duration.ofDays(30);

    private final StatusStep step;

    StatusExecution(@NonNull StepContext context, @NonNull StatusStep step) {
        super(context);
        this.step = step;
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.choice().open(run());
        Progress progress = progress();
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), progress), opened.branch());
        Application application = declaration.application(step.application());
        List<String> asked = step.environments().isEmpty()
                ? List.copyOf(application.environments().keySet())
                : step.environments();
        asked.forEach(application::environment);
        worksOn(step.choice(), application.name());
        Ledger ledger = services().ledgers().of(opened.repository(), opened.branch(), declaration, progress);
        ledger.omission().ifPresent(progress::say);
        LinkedHashMap<String, Object> environments = new LinkedHashMap<>();
        for (String environment : asked) {
            Optional<Deployment> current = ledger.current(application.name(), environment);
            List<Hold> holds = ledger.holds(application.name(), environment).toList();
            progress.say(sentence(application.name() + "/" + environment, current));
            current.map(Deployment::alerts)
                    .orElse(List.of())
                    .forEach(alert -> progress.say("  Alert after its verification: " + alert));
            holds.forEach(hold -> progress.say("  Promotions are " + hold + "."));
            LinkedHashMap<String, Object> state = new LinkedHashMap<>();
            current.ifPresent(deployment -> state.putAll(deployment(deployment)));
            state.put(
                    "holds", new ArrayList<>(holds.stream().map(Hold::toString).toList()));
            state.put("figures", figures(ledger, environment));
            infrastructure(ledger, application.name(), environment, progress)
                    .ifPresent(known -> state.put("infrastructure", known));
            environments.put(environment, state);
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("application", application.name());
        map.put("environments", environments);
        succeed(map);
    }

    private static String sentence(String target, Optional<Deployment> current) {
        if (current.isEmpty()) {
            return target + ": no deployment by this plugin yet.";
        }
        Deployment deployment = current.get();
        if (deployment.images().isEmpty()) {
            return target + ": " + deployment.subject() + " (commit " + CommitInfo.abbreviate(deployment.commit())
                    + " of " + Durations.time(deployment.committedAt()) + ").";
        }
        String at = deployment
                .liveAt()
                .map(live -> " since " + Durations.time(live))
                .orElse("");
        String outcome =
                switch (deployment.outcome()) {
                    case UNKNOWN -> "health not checked";
                    case HEALTHY -> "healthy" + at;
                    case VERIFIED -> "verified, healthy" + at;
                    case VERIFICATION_FAILED -> "verification failed: " + String.join("; ", deployment.checks());
                    case FAILED -> "sync failed";
                    case TIMED_OUT -> "not healthy in time";
                    case SUPERSEDED -> "superseded before it was live";
                };
        return target + ": " + Release.text(deployment.images()) + ", " + outcome + " (commit "
                + CommitInfo.abbreviate(deployment.commit()) + " of " + Durations.time(deployment.committedAt()) + ").";
    }

    private static LinkedHashMap<String, Object> deployment(Deployment deployment) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("images", StepResults.images(deployment.images()));
        map.put("versions", StepResults.versions(deployment.images()));
        map.put("commit", deployment.commit());
        map.put("kind", deployment.kind().name().toLowerCase(Locale.ROOT));
        map.put("outcome", deployment.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        map.put("committedAt", deployment.committedAt().toString());
        deployment.liveAt().ifPresent(at -> map.put("liveAt", at.toString()));
        map.put("who", new ArrayList<>(deployment.who()));
        map.put("checks", new ArrayList<>(deployment.checks()));
        map.put("alerts", new ArrayList<>(deployment.alerts()));
        deployment.recovery().ifPresent(recovery -> {
            map.put("recoveryMillis", recovery.took().toMillis());
            map.put("objectiveMillis", recovery.objective().toMillis());
            map.put("objectiveBreached", recovery.isBreached());
        });
        return map;
    }

    /** What is known of plans of Terraform there; empty where nothing is. */
    private static Optional<LinkedHashMap<String, Object>> infrastructure(
            Ledger ledger, String application, String environment, Progress progress) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        String target = application + "/" + environment;
        ledger.infrastructure(application, environment).stream()
                .filter(change -> change.outcome().isApply())
                .findFirst()
                .ifPresent(change -> {
                    progress.say(target + ": infrastructure " + change.outcome().word() + " at "
                            + Durations.time(change.at()) + ", " + change.summary() + ".");
                    map.put("kind", "infrastructure");
                    map.put("outcome", change.outcome().word());
                    map.put("at", change.at().toString());
                    map.put("sha256", change.plan());
                    map.put("summary", change.summary());
                    map.put("counts", new LinkedHashMap<>(change.counts()));
                    map.put("who", new ArrayList<>(change.who()));
                    change.trailers().value(Trailers.RUN).ifPresent(run -> map.put("run", run));
                    change.sourceCommit().ifPresent(commit -> map.put("sourceCommit", commit));
                });
        ledger.drift(application, environment).ifPresent(drift -> {
            progress.say(target + ": infrastructure has drifted since " + Durations.time(drift.since()) + ", "
                    + drift.last().summary() + ".");
            map.put("driftedSince", drift.since().toString());
            map.put("drift", drift.last().summary());
        });
        return Optional.of(map).filter(known -> !known.isEmpty());
    }

    private LinkedHashMap<String, Object> figures(Ledger ledger, String environment) {
        Instant now = services().clock().instant();
        DeliveryMetrics metrics = DeliveryMetrics.of(ledger, step.application(), environment, now.minus(PERIOD), now);
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("deployments", metrics.deployments());
        map.put("perDay", metrics.perDay());
        metrics.leadTime().ifPresent(time -> map.put("leadTimeMillis", time.toMillis()));
        metrics.changeFailureRate().ifPresent(rate -> map.put("changeFailureRate", rate));
        metrics.timeToRestore().ifPresent(time -> map.put("timeToRestoreMillis", time.toMillis()));
        metrics.gateTime().ifPresent(time -> map.put("gateTimeMillis", time.toMillis()));
        return map;
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.StatusExecution_status(step.application());
    }
}
