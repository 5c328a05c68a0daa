package io.jenkins.plugins.gitops.steps.bump;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.promotion.Bump;
import io.jenkins.plugins.gitops.engine.promotion.BumpRequest;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.RunProvenance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Bumps once: the id is made when the step starts and stays with it, so a repetition finds the first one's commit. */
class BumpImageExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final String bumpId = UUID.randomUUID().toString();
    private final long beganMillis = GitOpsServices.get().clock().millis();
    private final BumpImageWish wish;
    private final RepositoryChoice choice;

    public BumpImageExecution(
            @NonNull StepContext context, @NonNull BumpImageWish wish, @NonNull RepositoryChoice choice) {
        super(context);
        this.wish = wish;
        this.choice = choice;
    }

    @Override
    protected void proceed() throws Exception {
        Instant began = Instant.ofEpochMilli(beganMillis);
        Progress progress = progress();
        BumpRequest.Place place = wish.place();
        OpenedRepository opened = choice.open(run());
        BumpRequest request = new BumpRequest(
                bumpId,
                opened.branch(),
                place,
                wish.versions(() -> Declarations.read(opened.repository().tip(opened.branch(), progress))),
                RunProvenance.of(run(), getContext().get(EnvVars.class)),
                opened.author(),
                Optional.of(began));
        BumpResult result = new Bump(
                        opened.repository(),
                        GitOpsServices.get().manifests(),
                        // No scan is done so soon after a push: promotions ask for it.
                        GitOpsServices.get().verification(run()).beforeGate())
                .run(request, progress);
        worksOn(choice, wish.application());
        succeed(BumpSummary.map(
                result, Duration.between(began, GitOpsServices.get().clock().instant())));
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.BumpImageExecution_status(choice.repository() == null ? "" : choice.repository());
    }
}
