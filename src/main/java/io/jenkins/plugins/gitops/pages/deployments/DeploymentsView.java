package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the deployments pages show of one config repository; the records' JSON form is the pages' contract
 * (docs/jenkins.md).
 */
record DeploymentsView(@NonNull String repository, @NonNull List<ApplicationView> applications) {

    /** Of the history of a target, as much as one reads. */
    private static final int HISTORY = 50;

    /**
     * @param history newest first, by environment; it is asked for by itself
     */
    record ApplicationView(
            @NonNull String name,
            @NonNull List<EnvironmentView> environments,
            @NonNull Map<String, List<DeploymentView>> history) {}

    /**
     * @param after environments a release comes from
     * @param gated whether a promotion into it opens a gate
     * @param live what Argo CD says, or null where nobody watches it or Argo CD cannot be asked
     * @param liveProblem why Argo CD cannot be asked, or null
     * @param holds what rollbacks hold back, for people to read
     * @param deployments how many the history knows
     * @param current what the environment was told to run last, or null when the plugin never deployed there
     */
    record EnvironmentView(
            @NonNull String name,
            @NonNull List<String> after,
            boolean gated,
            @CheckForNull LiveView live,
            @CheckForNull String liveProblem,
            @NonNull List<String> holds,
            int deployments,
            @CheckForNull DeploymentView current) {}

    /**
     * All Argo CD Applications of an environment as one: the worst of each.
     *
     * @param sync in Argo CD's words, as is {@code health}
     * @param message of an Application that is not healthy, or empty
     * @param since when it became so, or null
     * @param revision commit it was compared with last, or null where they differ
     */
    record LiveView(
            @NonNull String sync,
            @NonNull String health,
            @NonNull String message,
            @CheckForNull String since,
            @CheckForNull String revision) {}

    /**
     * @param who approved it, else started the run, else wrote the commit
     * @param approved whether {@code who} are approvers
     * @param run address of the run, or null; only http and https
     */
    record DeploymentView(
            @NonNull String commit,
            @NonNull String committedAt,
            @NonNull String kind,
            @NonNull String outcome,
            @NonNull Map<String, String> images,
            @NonNull List<String> who,
            boolean approved,
            @NonNull List<String> overridden,
            @CheckForNull String reason,
            @CheckForNull String run,
            boolean rolledBack) {}

    @NonNull
    static DeploymentsView of(
            @NonNull String repository,
            @NonNull Declaration declaration,
            @NonNull Ledger ledger,
            @NonNull LiveStates live) {
        return new DeploymentsView(
                repository,
                declaration.applications().values().stream()
                        .map(application -> view(application, ledger, live))
                        .toList());
    }

    private static ApplicationView view(Application application, Ledger ledger, LiveStates live) {
        Map<String, List<DeploymentView>> history = new LinkedHashMap<>();
        List<EnvironmentView> environments = application.environments().values().stream()
                .map(environment -> {
                    List<Deployment> all = ledger.of(application.name(), environment.name());
                    List<DeploymentView> shown = all.stream()
                            .limit(HISTORY)
                            .map(DeploymentsView::view)
                            .toList();
                    history.put(environment.name(), shown);
                    return new EnvironmentView(
                            environment.name(),
                            environment.after(),
                            environment.gate().isPresent(),
                            live.of(environment).orElse(null),
                            live.problem(environment).orElse(null),
                            holds(application, environment, ledger),
                            all.size(),
                            shown.isEmpty() ? null : shown.get(0));
                })
                .toList();
        return new ApplicationView(application.name(), environments, history);
    }

    private static List<String> holds(Application application, Environment environment, Ledger ledger) {
        return ledger.holds(application.name(), environment.name())
                .map(Hold::toString)
                .toList();
    }

    private static DeploymentView view(Deployment deployment) {
        Map<String, String> images = new LinkedHashMap<>();
        deployment.images().forEach((name, reference) -> images.put(name, reference.toString()));
        Trailers trailers = deployment.trailers();
        return new DeploymentView(
                deployment.commit(),
                deployment.committedAt().toString(),
                deployment.kind().name(),
                deployment.outcome().name(),
                images,
                deployment.who(),
                !trailers.values(Trailers.APPROVED_BY).isEmpty(),
                trailers.values(Trailers.OVERRIDE),
                trailers.value(Trailers.REASON).orElse(null),
                trailers.value(Trailers.RUN)
                        .filter(address -> address.matches("https?://\\S+"))
                        .orElse(null),
                deployment.rolledBackBy() != null);
    }
}
