package io.jenkins.plugins.gitops.pages.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.pages.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * Which jobs deploy which applications, as their runs showed: so that pages find them without loading any run. It is
 * only an index: without its file it fills again as runs come.
 */
@Extension
public class DeployingJobs {

    private static final Logger LOGGER = Logger.getLogger(DeployingJobs.class.getName());
    private static final long WORTH_SAVING_MILLIS = Duration.ofHours(1).toMillis();

    /** More than a page shows at a glance. */
    static final int MOST_OF_A_JOB = 100;

    /** By {@link Use#key}, the oldest first; null until the file was read. */
    private Map<Use, Use> uses;

    /**
     * A job whose run has read or changed an application's environments.
     *
     * @param job full name
     * @param repository as the step chose it, to be understood from the job
     * @param lastMillis when it did so last
     */
    record Use(String job, RepositoryChoice repository, String application, long lastMillis) {

        Use {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(repository, "repository");
            Objects.requireNonNull(application, "application");
        }

        /** The same for every time at which the job did so. */
        private Use key() {
            return new Use(job, repository, application, 0);
        }
    }

    public static DeployingJobs get() {
        return ExtensionList.lookupSingleton(DeployingJobs.class);
    }

    /** A step of the run has opened the repository with the run's own credentials and found the application there. */
    public synchronized void remember(Run<?, ?> run, RepositoryChoice repository, String application) {
        Use use = new Use(
                run.getParent().getFullName(),
                repository,
                application,
                GitOpsServices.get().clock().millis());
        Use before = uses().remove(use.key());
        uses.put(use.key(), use);
        forgetMoreThanMost(use.job());
        if (before == null || use.lastMillis() - before.lastMillis() > WORTH_SAVING_MILLIS) {
            save();
        }
    }

    /** A branch or an application may be named by a parameter of the run: then a job has a new use each time. */
    private void forgetMoreThanMost(String job) {
        List<Use> oldestFirst =
                uses.keySet().stream().filter(key -> key.job().equals(job)).toList();
        oldestFirst.stream()
                .limit(Math.max(0, oldestFirst.size() - MOST_OF_A_JOB))
                .forEach(uses::remove);
    }

    /** Of every job, the latest first. */
    List<Use> all() {
        return latestFirst(use -> true);
    }

    /** Of one job, the latest first. */
    List<Use> of(String job) {
        return latestFirst(use -> use.job().equals(job));
    }

    /** Jenkins asks for every job that it lists: only those that are wanted are put in order. */
    private synchronized List<Use> latestFirst(Predicate<Use> wanted) {
        List<Use> found = uses().values().stream().filter(wanted).collect(Collectors.toCollection(ArrayList::new));
        // Within a millisecond the map has them in their order.
        Collections.reverse(found);
        found.sort(Comparator.comparingLong(Use::lastMillis).reversed());
        return found;
    }

    private synchronized void rename(UnaryOperator<Use> change) {
        Map<Use, Use> changed = new LinkedHashMap<>();
        uses().values().stream()
                .map(change)
                .filter(use -> !use.job().isEmpty())
                .forEach(use -> changed.put(use.key(), use));
        if (!changed.equals(uses)) {
            uses = changed;
            save();
        }
    }

    /**
     * Forgets what cannot be read because it no longer exists: a branch was deleted, or no repository of that name is
     * configured any more. A run that finds it again brings it back.
     */
    synchronized void forget(Set<Use> gone) {
        if (uses().values().removeAll(gone)) {
            save();
        }
    }

    private Map<Use, Use> uses() {
        if (uses == null) {
            uses = new LinkedHashMap<>();
            try {
                read().forEach(use -> uses.put(use.key(), use));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, file() + " cannot be read; it is rebuilt as jobs run", e);
            }
        }
        return uses;
    }

    /** Entries that are not understood are skipped: another version of the plugin, or somebody's editor, wrote them. */
    private static List<Use> read() throws IOException {
        if (!Files.exists(file())) {
            return List.of();
        }
        List<Use> read = new ArrayList<>();
        JsonNode entries = JsonFile.JSON.readTree(JsonFile.read(file()));
        for (JsonNode entry : entries) {
            try {
                read.add(Optional.ofNullable(JsonFile.JSON.treeToValue(entry, Use.class))
                        .orElseThrow(() -> new IOException("null is no entry")));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "{0} has an entry that cannot be read; skipping it: {1}", new Object[] {
                    file(), entry
                });
            }
        }
        return read;
    }

    private void save() {
        try {
            JsonFile.write(file(), List.copyOf(uses.values()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file() + " cannot be written", e);
        }
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops-promotion").resolve("deploying-jobs.json");
    }

    static boolean isAtOrBelow(String job, String item) {
        return job.equals(item) || job.startsWith(item + "/");
    }

    /** Follows jobs that are renamed, moved or deleted. */
    @Extension
    public static class Follower extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            get().rename(use -> use.job().equals(oldFullName)
                    ? new Use(newFullName, use.repository(), use.application(), use.lastMillis())
                    : use);
        }

        @Override
        public void onDeleted(Item item) {
            get().rename(use -> isAtOrBelow(use.job(), item.getFullName())
                    ? new Use("", use.repository(), use.application(), use.lastMillis())
                    : use);
        }
    }
}
