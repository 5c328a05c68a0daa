package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.DeploymentView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.EnvironmentView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.LiveView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.SourceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An environment in the overview of many applications: as much as one sees at a glance.
 *
 * @param version of what the environment's files name; of several versions all, and empty where they name none
 * @param at when this plugin deployed there last, or null
 * @param health in Argo CD's words, as is {@code sync}; null where nobody can tell
 * @param failed whether what was deployed there last failed and was not taken back
 * @param behind deployments that have not come here from where its releases come from; null where that cannot be told
 * @param stops what keeps promotions out: frozen, locked, held
 */
record OverviewCell(
        String name,
        String version,
        @CheckForNull String at,
        @CheckForNull String health,
        @CheckForNull String sync,
        boolean failed,
        @CheckForNull Integer behind,
        List<String> stops,
        boolean outside) {

    /** Of a commit or a digest, as much as tells it from others. */
    private static final int SHORT = 12;

    static OverviewCell of(EnvironmentView environment) {
        DeploymentView current = environment.current();
        LiveView live = environment.live();
        return new OverviewCell(
                environment.name(),
                String.join(
                        ", ",
                        environment.images().values().stream()
                                .map(OverviewCell::version)
                                .distinct()
                                .toList()),
                current == null ? null : current.committedAt(),
                live == null ? null : live.health(),
                live == null ? null : live.sync(),
                current != null && isFailed(current),
                behind(environment.after()),
                stops(environment),
                environment.outside());
    }

    private static boolean isFailed(DeploymentView current) {
        return !current.rolledBack()
                && List.of("FAILED", "TIMED_OUT", "VERIFICATION_FAILED").contains(current.outcome());
    }

    @CheckForNull
    private static Integer behind(List<SourceView> sources) {
        return sources.stream().anyMatch(source -> source.ahead() == null)
                ? null
                : sources.stream()
                        .map(source -> Objects.requireNonNull(source.ahead()).size())
                        .reduce(0, Math::max);
    }

    private static List<String> stops(EnvironmentView environment) {
        List<String> stops = new ArrayList<>();
        if (environment.frozen() != null) {
            stops.add("frozen");
        }
        if (!environment.locks().isEmpty()) {
            stops.add("locked");
        }
        if (!environment.holds().isEmpty()) {
            stops.add("held");
        }
        return stops;
    }

    /** Without the registry and the path of an image. */
    private static String version(String reference) {
        String version = reference.replaceFirst("^[^@]*/[^:@]*[:@]", "");
        int digest = version.indexOf("@sha256:");
        String tag = digest > 0 ? version.substring(0, digest) : version.replaceFirst("^sha256:", "");
        return tag.matches("[0-9a-f]{40,}") ? tag.substring(0, SHORT) : tag;
    }
}
