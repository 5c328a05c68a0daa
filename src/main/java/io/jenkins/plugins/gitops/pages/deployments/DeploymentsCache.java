package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.git.BranchMissingException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.pages.Messages;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the deployments pages answer at once. A source is read again in the background whenever somebody looks at it and
 * it is old; so however many people look, it is asked at most once in that time, and no page waits for a network.
 */
@Extension
public class DeploymentsCache {

    private static final Logger LOGGER = Logger.getLogger(DeploymentsCache.class.getName());

    /** How old what is shown may be when somebody looks for the first time after a while. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** From this age on, what is shown is no answer to somebody who has just deployed. */
    private static final Duration OLD = Duration.ofMinutes(1);

    /** What nobody looked at for so long is forgotten. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** When somebody who looks is told that an answer is long in coming. */
    private static final Duration SLOW = Duration.ofSeconds(15);

    /** When a read is given up: a step goes on asking a server in trouble for minutes, a page asks again when it is opened. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Of the pool that the steps share, no more. */
    private static final int READERS = 3;

    private final Map<DeploymentSource, Entry> entries = new ConcurrentHashMap<>();
    private final Map<DeploymentSource, Optional<Item>> waiting = new LinkedHashMap<>();
    private final Set<DeploymentSource> beingRead = new HashSet<>();
    private final Duration slow;
    private final Duration timeout;
    private int readers;

    public DeploymentsCache() {
        this(SLOW, TIMEOUT);
    }

    DeploymentsCache(Duration slow, Duration timeout) {
        this.slow = slow;
        this.timeout = timeout;
    }

    /**
     * A source as it was read last.
     *
     * @param url its address; empty where it could not be read
     * @param applications by name, each as the JSON of its {@code environments}
     * @param overview by name likewise, each as the JSON of its cells in the overview
     * @param histories JSON by application and environment
     * @param at when it was so, or null where it was never read
     * @param problem why it could not be read since, or null
     * @param omission what is left out of the histories, or null
     * @param ledger all of it, while memory lasts
     * @param ahead what keeps promotions out in the days ahead
     * @param isGone whether what a job chose does not exist any more: the branch, or a repository of the name
     */
    record Read(
            String repository,
            String url,
            Map<String, String> applications,
            Map<String, String> overview,
            Map<String, Map<String, String>> histories,
            @CheckForNull Instant at,
            @CheckForNull String problem,
            @CheckForNull String omission,
            SoftReference<Ledger> ledger,
            List<AheadStop> ahead,
            boolean isGone) {

        private static Read failed(String repository, String problem) {
            return new Read(
                    repository,
                    "",
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    null,
                    problem,
                    null,
                    new SoftReference<>(null),
                    List.of(),
                    false);
        }

        private Read gone() {
            return new Read(
                    repository, url, applications, overview, histories, at, problem, omission, ledger, ahead, true);
        }

        /** What cannot be read now stays as it was known, with the reason. */
        private Read after(@CheckForNull Read earlier) {
            return problem == null || earlier == null || earlier.at == null
                    ? this
                    : new Read(
                            repository,
                            earlier.url,
                            earlier.applications,
                            earlier.overview,
                            earlier.histories,
                            earlier.at,
                            problem,
                            earlier.omission,
                            earlier.ledger,
                            earlier.ahead,
                            isGone);
        }
    }

    private static final class Entry {
        private volatile Instant asked;
        private volatile Instant readAt = Instant.EPOCH;
        private volatile Read read;
        private volatile Instant pending;

        private Entry(Instant asked) {
            this.asked = asked;
        }
    }

    static DeploymentsCache get() {
        return ExtensionList.lookupSingleton(DeploymentsCache.class);
    }

    /**
     * The source as it was read last, at once; empty when it was never read.
     *
     * @param item one that means it, for its credentials and connections; null for Jenkins itself
     */
    Optional<Read> look(DeploymentSource source, @CheckForNull Item item) {
        Instant now = GitOpsServices.get().clock().instant();
        Entry entry = entries.computeIfAbsent(source, unknown -> new Entry(now));
        entry.asked = now;
        if (now.isAfter(entry.readAt.plus(FRESH)) && isIdle(source)) {
            refresh(source, item);
        }
        Instant pending = entry.pending;
        return pending != null && now.isAfter(pending.plus(slow))
                ? Optional.of(late(source, Optional.ofNullable(entry.read)))
                : Optional.ofNullable(entry.read);
    }

    /** Whether what is known is missing or old, and being read: the page says so until the answer has come. */
    boolean isReading(DeploymentSource source) {
        Entry entry = entries.get(source);
        Instant pending = entry == null ? null : entry.pending;
        Instant now = GitOpsServices.get().clock().instant();
        return pending != null
                && !now.isAfter(pending.plus(slow))
                && (entry.read == null || now.isAfter(entry.readAt.plus(OLD)));
    }

    private static Read late(DeploymentSource source, Optional<Read> known) {
        return known.filter(read -> read.problem() != null)
                .orElseGet(() -> Read.failed(name(source), Messages.DeploymentsCache_late())
                        .after(known.orElse(null)));
    }

    private static String name(DeploymentSource source) {
        return Objects.toString(source.choice().repository(), "");
    }

    private boolean isIdle(DeploymentSource source) {
        synchronized (waiting) {
            return !waiting.containsKey(source) && !beingRead.contains(source);
        }
    }

    /**
     * Has the source read again, whatever its age: something has changed it. What is being read at this moment is read
     * once more afterwards.
     */
    void refresh(DeploymentSource source, @CheckForNull Item item) {
        Instant now = GitOpsServices.get().clock().instant();
        Entry entry = entries.computeIfAbsent(source, unknown -> new Entry(now));
        synchronized (waiting) {
            waiting.putIfAbsent(source, Optional.ofNullable(item));
            entry.pending = entry.pending == null ? now : entry.pending;
            if (readers < READERS) {
                readers++;
                GitOpsServices.get().workers().execute(this::readAll);
            }
        }
    }

    private void readAll() {
        for (var next = next(); next.isPresent(); next = next()) {
            DeploymentSource source = next.get().getKey();
            Item item = source.place().isEmpty() ? null : next.get().getValue().orElse(null);
            Entry reading = entries.computeIfAbsent(
                    source, unknown -> new Entry(GitOpsServices.get().clock().instant()));
            Read read = inTime(() -> read(source, item, reading), timeout)
                    .orElseGet(() -> Read.failed(name(source), Messages.DeploymentsCache_silent(timeout.toSeconds())));
            Instant now = GitOpsServices.get().clock().instant();
            Entry entry = entries.computeIfAbsent(source, unknown -> new Entry(now));
            entry.read = read.after(entry.read);
            entry.readAt = now;
            entries.values().removeIf(old -> old.asked.isBefore(now.minus(KEPT)));
            synchronized (waiting) {
                beingRead.remove(source);
                entry.pending = waiting.containsKey(source) ? now : null;
            }
        }
    }

    /** The source that waits longest and that nobody reads, and who means it; a reader that finds none has ended. */
    private Optional<Map.Entry<DeploymentSource, Optional<Item>>> next() {
        synchronized (waiting) {
            Optional<Map.Entry<DeploymentSource, Optional<Item>>> longest = waiting.entrySet().stream()
                    .filter(entry -> !beingRead.contains(entry.getKey()))
                    .findFirst()
                    .map(Map.Entry::copyOf);
            longest.ifPresentOrElse(
                    next -> {
                        waiting.remove(next.getKey());
                        beingRead.add(next.getKey());
                    },
                    () -> readers--);
            return longest;
        }
    }

    /** On this thread, which is interrupted when the time is up; empty then. */
    static <T> Optional<T> inTime(Callable<T> work, Duration timeout) {
        FutureTask<T> reading = new FutureTask<>(work);
        Future<?> alarm = GitOpsServices.get()
                .scheduler()
                .schedule(() -> reading.cancel(true), timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            reading.run();
            return Optional.of(reading.get());
        } catch (CancellationException | InterruptedException | ExecutionException e) {
            return Optional.empty();
        } finally {
            alarm.cancel(false);
            Thread.interrupted(); // the alarm was for this read, and the thread goes on to the next
        }
    }

    /** @param known where nothing is, what Git has is shown before Argo CD has answered */
    private static Read read(DeploymentSource source, @CheckForNull Item item, Entry known) {
        String name = name(source);
        boolean isFound = false;
        try {
            OpenedRepository opened = source.open(item);
            Snapshot tip = opened.repository().tip(opened.branch(), Progress.SILENT);
            isFound = true;
            Declaration declaration = Declarations.read(tip, opened.branch());
            GitOpsServices services = GitOpsServices.get();
            Ledger ledger = services.ledgers().of(opened.repository(), opened.branch(), declaration, Progress.SILENT);
            Locks locks = Locks.read(opened.repository(), Progress.SILENT);
            Instant now = services.clock().instant();
            List<AheadStop> ahead = AheadStop.of(declaration, ledger, locks, services.stops(), now);
            ImagesInGit images = new ImagesInGit(opened, declaration, tip);
            Function<LiveStates, Read> shown = live -> json(
                    DeploymentsView.of(opened.name(), declaration, ledger, live, locks, services.stops(), now, images),
                    opened.url(),
                    ledger,
                    ahead);
            if (known.read == null) {
                known.read = shown.apply(LiveStates.unasked());
            }
            return shown.apply(LiveStates.ask(services.syncWaits(), item, declaration));
        } catch (GitOpsException e) {
            Read failed = Read.failed(name, String.valueOf(e.getMessage()));
            boolean isGone = e instanceof UnknownNameException
                    || e instanceof BranchMissingException && source.choice().branch() != null;
            return isGone && !isFound ? failed.gone() : failed;
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "The deployments in " + name + " could not be shown", e);
            return Read.failed(name, Messages.DeploymentsCache_failed());
        }
    }

    private static Read json(DeploymentsView view, String url, Ledger ledger, List<AheadStop> ahead) {
        Map<String, String> applications = new LinkedHashMap<>();
        Map<String, String> overview = new LinkedHashMap<>();
        Map<String, Map<String, String>> histories = new LinkedHashMap<>();
        for (DeploymentsView.ApplicationView application : view.applications()) {
            applications.put(application.name(), GateJson.text(application.environments()));
            overview.put(
                    application.name(),
                    GateJson.text(application.environments().stream()
                            .map(OverviewCell::of)
                            .toList()));
            Map<String, String> history = new LinkedHashMap<>();
            for (Map.Entry<String, ?> one : application.history().entrySet()) {
                history.put(one.getKey(), GateJson.text(one.getValue()));
            }
            histories.put(application.name(), history);
        }
        return new Read(
                view.repository(),
                url,
                applications,
                overview,
                histories,
                GitOpsServices.get().clock().instant(),
                null,
                ledger.omission().orElse(null),
                new SoftReference<>(ledger),
                ahead,
                false);
    }
}
