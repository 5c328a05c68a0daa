package io.jenkins.plugins.gitops.steps.status;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads the ledger and returns it as plain maps; the figures are those of the last 30 days. */
class StatusExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;
    private static final Duration PERIOD = Duration.ofDays(30);

    private final RepositoryChoice choice;
    private final String application;

    public StatusExecution(
            @NonNull StepContext context, @NonNull RepositoryChoice choice, @NonNull String application) {
        super(context);
        this.choice = choice;
        this.application = application;
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = choice.open(run());
        Progress progress = progress();
        Declaration declaration = Declarations.read(opened.repository().tip(opened.branch(), progress));
        Application declared = declaration.application(application);
        worksOn(choice, application);
        Ledger ledger = GitOpsServices.get().ledgers().of(opened.repository(), opened.branch(), declaration, progress);
        LinkedHashMap<String, Object> environments = new LinkedHashMap<>();
        for (String environment : declared.environments().keySet()) {
            LinkedHashMap<String, Object> state = new LinkedHashMap<>();
            ledger.current(application, environment).ifPresent(current -> {
                state.putAll(deployment(current));
                progress.say(application + "/" + environment + ": " + current.images() + ", "
                        + current.outcome().name().toLowerCase(Locale.ROOT));
            });
            state.put(
                    "holds",
                    new ArrayList<>(ledger.holds(application, environment)
                            .map(Hold::toString)
                            .toList()));
            state.put("figures", figures(ledger, environment));
            environments.put(environment, state);
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("application", application);
        map.put("environments", environments);
        succeed(map);
    }

    private static LinkedHashMap<String, Object> deployment(Deployment deployment) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        deployment.images().forEach((name, image) -> images.put(name, image.toString()));
        map.put("images", images);
        map.put("commit", deployment.commit());
        map.put("kind", deployment.kind().name().toLowerCase(Locale.ROOT));
        map.put("outcome", deployment.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        map.put("committedAt", deployment.committedAt().toString());
        deployment.liveAt().ifPresent(at -> map.put("liveAt", at.toString()));
        map.put("who", new ArrayList<>(deployment.who()));
        deployment.recovery().ifPresent(recovery -> {
            map.put("recoveryMillis", recovery.took().toMillis());
            map.put("objectiveMillis", recovery.objective().toMillis());
            map.put("objectiveBreached", recovery.isBreached());
        });
        return map;
    }

    private LinkedHashMap<String, Object> figures(Ledger ledger, String environment) {
        Instant now = GitOpsServices.get().clock().instant();
        DeliveryMetrics metrics = DeliveryMetrics.of(ledger, application, environment, now.minus(PERIOD), now);
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("deployments", metrics.deployments());
        map.put("perDay", metrics.perDay());
        metrics.leadTime().ifPresent(time -> map.put("leadTimeMillis", time.toMillis()));
        metrics.changeFailureRate().ifPresent(rate -> map.put("changeFailureRate", rate));
        metrics.timeToRestore().ifPresent(time -> map.put("timeToRestoreMillis", time.toMillis()));
        return map;
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.StatusExecution_status(application);
    }
}
