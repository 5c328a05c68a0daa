package io.jenkins.plugins.gitops.playground.page;

import hudson.model.Action;
import hudson.model.Job;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsPage;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsPanel;
import io.jenkins.plugins.gitops.pages.deployments.JobDeployments;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.util.List;
import java.util.Optional;

/** The plugin's pages of deployments and their endpoints: {@code /gitops-deployments/…} and {@code /job/name/gitops/…}. */
final class DeploymentsHost {

    /** Where the plugin has its page of all deployments. */
    static final String ROOT = "gitops-deployments";

    /** Below the page of a job: the gates of what people started there. */
    private static final String GATES = "gates";

    /** Below either page: how applications are delivered. */
    private static final String FIGURES = "figures";

    private final RunActions actions;

    DeploymentsHost(RunActions actions) {
        this.actions = actions;
    }

    /** Whether a request below a job asks for its deployments. */
    static boolean isMeantBy(PageRequest request) {
        return request.path().matches("/job/[^/]+/" + JobDeployments.URL_NAME + "/.*");
    }

    /** The page of a run's job, or that of all jobs; relative to Jenkins. */
    static String address(Optional<PlaygroundRun> run) {
        return run.map(one -> one.getParent().getUrl() + JobDeployments.URL_NAME)
                        .orElse(ROOT)
                + "/";
    }

    Answer answer(PageRequest request, StaticFiles files, String user) throws Exception {
        List<String> parts = List.of(request.path().substring(1).split("/"));
        int at = parts.get(0).equals(ROOT) ? 0 : 2;
        DeploymentsPanel panel = at == 0 ? StandIn.current().extension(DeploymentsPage.class) : panel(parts.get(1));
        boolean ofGates = panel instanceof JobDeployments
                && parts.size() > at + 1
                && parts.get(at + 1).equals(GATES);
        int page = ofGates ? at + 1 : at;
        if (parts.size() == page + 1) {
            return actions.as(user, () -> {
                panel.getTarget();
                return ofGates ? files.gates(gates(panel)) : files.deployments(panel);
            });
        }
        if (parts.size() == at + 2 && parts.get(at + 1).equals(FIGURES)) {
            return actions.as(user, () -> {
                panel.getTarget();
                return files.figures(panel);
            });
        }
        if (parts.size() != page + 3 || !parts.get(page + 1).equals(RunActions.API)) {
            return Answer.refused(404, "There is no page at " + request.path() + ".");
        }
        return actions.answer(
                ofGates ? gates(panel) : panel,
                new RunActions.Call(
                        null,
                        parts.get(page),
                        parts.get(page + 2),
                        request.isPost() ? RunActions.Call.Kind.POST : RunActions.Call.Kind.GET,
                        user,
                        request.parameters(),
                        request::header));
    }

    private static JobDeployments.JobGatesPage gates(DeploymentsPanel panel) {
        return ((JobDeployments) panel).getGates();
    }

    private static DeploymentsPanel panel(String job) {
        return StandIn.current()
                .item(job)
                .filter(Job.class::isInstance)
                .flatMap(found -> actions((Job<?, ?>) found))
                .orElseThrow(() -> new UnknownNameException(job, "job with deployments", "the playground", List.of()));
    }

    private static Optional<DeploymentsPanel> actions(Job<?, ?> job) {
        for (Action action :
                StandIn.current().extension(JobDeployments.Factory.class).createFor(job)) {
            return Optional.of((DeploymentsPanel) action);
        }
        return Optional.empty();
    }
}
