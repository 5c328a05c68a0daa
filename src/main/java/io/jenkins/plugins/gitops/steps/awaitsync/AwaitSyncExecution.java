package io.jenkins.plugins.gitops.steps.awaitsync;

import io.jenkins.plugins.gitops.config.ConfigurationException;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitedSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Waits for what its parameters name. */
class AwaitSyncExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 4L;

    private final AwaitSyncOptions options;
    private final AwaitSyncStep step;
    private final AwaitedSync awaited;

    AwaitSyncExecution(StepContext context, AwaitSyncOptions options, AwaitSyncStep step) {
        super(context);
        this.options = options;
        this.step = step;
        this.awaited = new AwaitedSync(options);
    }

    @Override
    protected void proceed() throws Exception {
        Optional<OpenedRepository> repository = repository();
        if (repository.isPresent() && options.subject() instanceof Subject.Declared declared) {
            worksOn(step.choice(), declared.application());
        }
        awaited.proceed(this, step.choice(), repository, (plan, live, took) -> succeed(result(plan, live, took)));
    }

    /** Where Argo CD Applications are named by hand, a config repository helps to compare commits but is not needed. */
    private Optional<OpenedRepository> repository() throws Exception {
        if (options.subject() instanceof Subject.Declared) {
            return Optional.of(step.open(run()));
        }
        RepositoryChoice choice = step.choice();
        try {
            OpenedRepository opened = step.committing(choice.openForFiles(run()));
            return Optional.of(
                    Optional.ofNullable(choice.branch()).map(opened::on).orElse(opened));
        } catch (ConfigurationException none) {
            if (choice.equals(RepositoryChoice.USUAL)) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private static LinkedHashMap<String, Object> result(AwaitSyncPlan plan, AwaitedSync.Live live, Duration took) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("verdict", live.kind().name());
        map.put("summary", live.summary());
        map.put("commit", plan.legs().get(0).commit());
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        plan.legs().forEach(leg -> leg.images().forEach(images::putIfAbsent));
        map.put("images", images);
        map.put("targets", new ArrayList<>(plan.legs().stream().map(Leg::title).toList()));
        map.put("checks", live.checks());
        map.put("durationMillis", took.toMillis());
        return map;
    }

    @Override
    protected void released() {
        awaited.cancel();
    }

    @Override
    public String getStatus() {
        return awaited.summary()
                .orElseGet(() ->
                        Messages.AwaitSyncExecution_status(options.subject().title()));
    }
}
