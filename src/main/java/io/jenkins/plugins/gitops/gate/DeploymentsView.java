package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.promotion.Deployment;
import io.jenkins.plugins.gitops.engine.promotion.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the deployments page shows of one config repository; its JSON form is the page's contract (docs/jenkins.md).
 *
 * @param repository name in Jenkins' configuration
 * @param problem why it cannot be read, or null
 */
record DeploymentsView(
        @NonNull String repository,
        @NonNull List<ApplicationView> applications,
        @CheckForNull String problem) {

    /** Of the history of a target, as much as one reads. */
    private static final int HISTORY = 20;

    record ApplicationView(@NonNull String name, @NonNull List<EnvironmentView> environments) {}

    /**
     * @param after environments a release comes from
     * @param history newest first; the first is what the environment was told to run last
     */
    record EnvironmentView(
            @NonNull String name,
            @NonNull List<String> after,
            @NonNull List<DeploymentView> history) {}

    /**
     * @param who approved it, else started the run, else wrote the commit
     * @param run address of the run, or null; only http and https
     */
    record DeploymentView(
            @NonNull String commit,
            @NonNull String committedAt,
            @NonNull String kind,
            @NonNull String outcome,
            @NonNull Map<String, String> images,
            @NonNull List<String> who,
            @CheckForNull String run,
            boolean rolledBack) {}

    @NonNull
    static DeploymentsView of(@NonNull String repository, @NonNull Declaration declaration, @NonNull Ledger ledger) {
        return new DeploymentsView(
                repository,
                declaration.applications().values().stream()
                        .map(application -> view(application, ledger))
                        .toList(),
                null);
    }

    @NonNull
    static DeploymentsView unreadable(@NonNull String repository, @NonNull String problem) {
        return new DeploymentsView(repository, List.of(), problem);
    }

    private static ApplicationView view(Application application, Ledger ledger) {
        return new ApplicationView(
                application.name(),
                application.environments().values().stream()
                        .map(environment -> view(application, environment, ledger))
                        .toList());
    }

    private static EnvironmentView view(Application application, Environment environment, Ledger ledger) {
        return new EnvironmentView(
                environment.name(),
                environment.after(),
                ledger.of(application.name(), environment.name()).stream()
                        .limit(HISTORY)
                        .map(DeploymentsView::view)
                        .toList());
    }

    private static DeploymentView view(Deployment deployment) {
        Map<String, String> images = new LinkedHashMap<>();
        deployment.images().forEach((name, reference) -> images.put(name, reference.toString()));
        return new DeploymentView(
                deployment.commit(),
                deployment.committedAt().toString(),
                deployment.kind().name(),
                deployment.outcome().name(),
                images,
                deployment.who(),
                deployment
                        .trailers()
                        .value("GitOps-Run")
                        .filter(address -> address.matches("https?://\\S+"))
                        .orElse(null),
                deployment.rolledBackBy() != null);
    }
}
