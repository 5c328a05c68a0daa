package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * What {@code gitops.yaml} declares, for forms that offer it. A form must come up whatever the Git server does: names
 * that cannot be read in time are none.
 */
public final class DeclaredNames {

    private static final Logger LOGGER = Logger.getLogger(DeclaredNames.class.getName());

    private final Map<String, Application> applications;

    private DeclaredNames(Map<String, Application> applications) {
        this.applications = applications;
    }

    /**
     * Asks the Git server, with the credentials that are configured for the repository.
     *
     * @param item whose form it is; null for one of Jenkins itself
     * @param repository name of a configured one; null for the only one
     */
    public static DeclaredNames read(@CheckForNull Item item, @CheckForNull String repository) {
        RepositoryChoice choice = new RepositoryChoice(repository, null, null);
        if (!mayAsk(item, choice)) {
            return new DeclaredNames(Map.of());
        }
        try {
            return new DeclaredNames(Forms.within(Forms.WAIT, () -> {
                OpenedRepository opened = choice.open(item);
                return Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch())
                        .applications();
            }));
        } catch (ExecutionException e) {
            Level level = e.getCause() instanceof GitOpsException ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "A form offers no names of gitops.yaml", e.getCause());
        } catch (TimeoutException e) {
            LOGGER.log(Level.FINE, "A form offers no names of gitops.yaml: the Git server is slow", e);
        }
        return new DeclaredNames(Map.of());
    }

    /** A user who only reads a form has no server asked, and nobody a server that is not configured. */
    private static boolean mayAsk(@CheckForNull Item item, RepositoryChoice choice) {
        boolean mayConfigure =
                item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
        return mayConfigure && isConfigured(item, choice);
    }

    private static boolean isConfigured(@CheckForNull Item item, RepositoryChoice choice) {
        try {
            return choice.configured(item).isPresent();
        } catch (GitOpsException none) {
            return false;
        }
    }

    public List<String> applications() {
        return List.copyOf(applications.keySet());
    }

    /** The application's environments in their order; none where it is unknown. */
    public List<String> environments(@CheckForNull String application) {
        return named(application, found -> found.environments().keySet());
    }

    /** The names that the application has for its images; none where it is unknown. */
    public List<String> images(@CheckForNull String application) {
        return named(application, found -> found.images().keySet());
    }

    /** What the application declares to move beside its images, by name; none where it is unknown. */
    public Map<String, VersionSource> versions(@CheckForNull String application) {
        return Optional.ofNullable(application)
                .map(applications::get)
                .map(Application::versions)
                .orElse(Map.of());
    }

    private List<String> named(@CheckForNull String application, Function<Application, Set<String>> names) {
        return Optional.ofNullable(application)
                .map(applications::get)
                .map(found -> List.copyOf(names.apply(found)))
                .orElse(List.of());
    }
}
