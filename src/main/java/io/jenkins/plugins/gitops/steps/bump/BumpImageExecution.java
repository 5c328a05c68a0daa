package io.jenkins.plugins.gitops.steps.bump;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.promotion.Bump;
import io.jenkins.plugins.gitops.engine.promotion.BumpRequest;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.BumpedPlaces;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.RunProvenance;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Bumps once: the id is made when the step starts and stays with it, so a repetition finds the first one's commit. */
class BumpImageExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 2L;

    private final String bumpId = UUID.randomUUID().toString();
    private final long beganMillis = services().clock().millis();
    private final BumpImageStep step;

    BumpImageExecution(@NonNull StepContext context, @NonNull BumpImageStep step) {
        super(context);
        this.step = step;
    }

    @Override
    protected void proceed() throws Exception {
        Instant began = Instant.ofEpochMilli(beganMillis);
        OpenedRepository opened = step.getFile() == null
                ? step.open(run(), environment())
                : step.committing(step.choice().openForFiles(run()), environment());
        BumpRequest.Place place = step.place(opened.branch());
        EnvVars environment = environment();
        BumpRequest request = new BumpRequest(
                bumpId,
                opened.branch(),
                place,
                versions(opened, progress()),
                RunProvenance.of(run(), environment, place.names()),
                opened.author(),
                Optional.of(began));
        BumpResult result = new Bump(
                        opened.repository(),
                        services().manifests(),
                        // No scan is done so soon after a push: promotions ask for it.
                        services().verification(run()).beforeGate(),
                        services().stops())
                .run(request, progress());
        BumpedPlaces.remember(run(), environment, place.names());
        worksOn(step.choice(), step.getApplication());
        succeed(StepResults.bump(
                result, Duration.between(began, services().clock().instant())));
    }

    @Override
    protected void abandonUnknown(@NonNull String reason) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        if (step.place(opened.branch()) instanceof BumpRequest.Place.Declared declared) {
            opened.abandon(declared.application(), declared.environments(), bumpId, reason);
        }
    }

    /** Name to version; the declaration is read only where one tag is meant for every image of the application. */
    private Map<String, String> versions(OpenedRepository opened, Progress progress) {
        String tag = step.getTag();
        String application = step.getApplication();
        if (step.getFile() != null || tag == null || application == null) {
            return step.versions();
        }
        Map<String, String> versions = new TreeMap<>(step.versions());
        Declarations.read(opened.repository().tip(opened.branch(), progress), opened.branch())
                .application(application)
                .images()
                .keySet()
                .forEach(name -> versions.put(name, tag));
        return versions;
    }

    @Override
    @NonNull
    public String getStatus() {
        return delivering()
                .orElseGet(
                        () -> Messages.BumpImageExecution_status(step.place("").title()));
    }
}
