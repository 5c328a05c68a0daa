package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlan.Leg;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Tells the ledger what became of a deployment. A remark that cannot be made changes nothing for the step. */
public final class AwaitSyncNotes {

    private final OpenedRepository opened;
    private final Progress progress;

    public AwaitSyncNotes(@NonNull OpenedRepository opened, @NonNull Progress progress) {
        this.opened = opened;
        this.progress = progress;
    }

    /** Notes each environment that has come to an end. Blocks. */
    public void note(@NonNull AwaitSyncPlan plan, @NonNull Map<String, Verdict.Kind> kinds, @NonNull Instant at) {
        for (Leg leg : plan.legs()) {
            Optional<Outcome> outcome = outcome(kinds.getOrDefault(leg.title(), Verdict.Kind.PENDING));
            String application = leg.application();
            String environment = leg.environment();
            String commit = leg.commit();
            if (outcome.isPresent() && application != null && environment != null && commit != null) {
                note(application, environment, commit, outcome.get(), at);
            }
        }
    }

    private void note(String application, String environment, String commit, Outcome outcome, Instant at) {
        try {
            new DeploymentNotes(opened.repository(), opened.author())
                    .outcome(application, environment, commit, outcome, at, Progress.SILENT);
        } catch (GitOpsException cannot) {
            progress.say("The deployment history does not learn of this: " + cannot.getMessage());
        }
    }

    private static Optional<Outcome> outcome(Verdict.Kind kind) {
        return switch (kind) {
            case HEALTHY -> Optional.of(Outcome.HEALTHY);
            case FAILED -> Optional.of(Outcome.FAILED);
            case TIMED_OUT -> Optional.of(Outcome.TIMED_OUT);
            case SUPERSEDED -> Optional.of(Outcome.SUPERSEDED);
            case PENDING -> Optional.empty();
        };
    }
}
