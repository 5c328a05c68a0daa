package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.ConfigurationException;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Waits for what its parameters name. */
class AwaitSyncExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 2L;

    private final AwaitSyncWish wish;
    private final RepositoryChoice choice;
    private final AwaitedSync awaited;

    public AwaitSyncExecution(
            @NonNull StepContext context,
            @NonNull AwaitSyncWish wish,
            @NonNull AwaitSyncTerms terms,
            @NonNull RepositoryChoice choice) {
        super(context);
        this.wish = wish;
        this.choice = choice;
        this.awaited = new AwaitedSync(terms);
    }

    @Override
    protected void proceed() throws Exception {
        Optional<OpenedRepository> repository = repository();
        if (repository.isPresent()) {
            worksOn(choice, wish.application());
        }
        awaited.proceed(
                this,
                repository,
                (id, deadline) -> new AwaitSyncPlanning(
                                run(),
                                wish,
                                repository,
                                Optional.ofNullable(provenance().run()),
                                progress())
                        .plan(id, deadline),
                (plan, status, took) -> succeed(AwaitSyncWords.map(plan, status, took)));
    }

    /** Where Argo CD Applications are named by hand, a config repository helps to compare commits but is not needed. */
    private Optional<OpenedRepository> repository() throws Exception {
        try {
            return Optional.of(choice.open(run()));
        } catch (ConfigurationException none) {
            if (wish.namesArgoApplications() && choice.repository() == null) {
                return Optional.empty();
            }
            throw none;
        }
    }

    @Override
    protected void released() {
        awaited.cancel();
    }

    @Override
    @NonNull
    public String getStatus() {
        return awaited.summary().orElseGet(() -> Messages.AwaitSyncExecution_status(wish.title()));
    }
}
