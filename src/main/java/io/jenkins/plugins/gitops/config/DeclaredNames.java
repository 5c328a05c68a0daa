package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What {@code gitops.yaml} declares, for forms that offer it. A form must come up whatever the Git server does: names
 * that cannot be read in time are none.
 */
public final class DeclaredNames {

    private static final Logger LOGGER = Logger.getLogger(DeclaredNames.class.getName());

    /** How long a form may wait. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

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
    @NonNull
    public static DeclaredNames read(@CheckForNull Item item, @CheckForNull String repository) {
        RepositoryChoice choice = new RepositoryChoice(repository, null, null);
        Future<Map<String, Application>> reading = Engines.get().workers().submit(() -> {
            OpenedRepository opened = choice.openForPages(item);
            return Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT))
                    .applications();
        });
        return new DeclaredNames(within(PATIENCE, reading).orElse(Map.of()));
    }

    private static Optional<Map<String, Application>> within(
            Duration patience, Future<Map<String, Application>> reading) {
        try {
            return Optional.of(reading.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            Level level = e.getCause() instanceof GitOpsException ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "A form offers no names of gitops.yaml", e.getCause());
        } catch (TimeoutException e) {
            LOGGER.log(Level.FINE, "A form offers no names of gitops.yaml: the Git server is slow", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reading.cancel(true);
        }
        return Optional.empty();
    }

    @NonNull
    public List<String> applications() {
        return List.copyOf(applications.keySet());
    }

    /** The application's environments in their order; none where it is unknown. */
    @NonNull
    public List<String> environments(@CheckForNull String application) {
        return Optional.ofNullable(application)
                .map(applications::get)
                .map(found -> List.copyOf(found.environments().keySet()))
                .orElse(List.of());
    }
}
