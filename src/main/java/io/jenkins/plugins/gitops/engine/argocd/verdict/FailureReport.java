package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a person needs to find out why a sync failed.
 *
 * @param operation phase and message of the last sync, as Argo CD words it
 * @param resources the failing ones
 * @param condition the Application's last error condition
 * @param page the Application in Argo CD's UI
 */
public record FailureReport(
        Optional<String> operation, List<ResourceState> resources, Optional<String> condition, Optional<URI> page) {

    /** When there is nothing to show, such as for an Application that is not there. */
    public static final FailureReport EMPTY =
            new FailureReport(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    static FailureReport of(Observation application) {
        List<ResourceState> resources = new ArrayList<>(
                application.operation().map(Operation::failedResources).orElse(List.of()));
        resources.addAll(application.resources());
        return new FailureReport(
                application
                        .operation()
                        .map(last -> last.phase() + (last.message().isEmpty() ? "" : ", " + last.message())),
                List.copyOf(resources),
                application.conditions().stream()
                        .filter(Condition::isError)
                        .reduce((earlier, later) -> later)
                        .map(Condition::toString),
                Optional.empty());
    }

    /** The same with what only a further request could tell. */
    public FailureReport with(List<ResourceState> fromTree, Optional<URI> link) {
        return new FailureReport(operation, fromTree.isEmpty() ? resources : fromTree, condition, link);
    }

    /** One line each, to stand under the sentence in a log. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        operation.ifPresent(text -> lines.add("Last sync: " + text));
        resources.forEach(resource -> lines.add(resource.toString()));
        condition.ifPresent(text -> lines.add("Condition " + text));
        page.ifPresent(link -> lines.add("See " + link));
        return List.copyOf(lines);
    }
}
