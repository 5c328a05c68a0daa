package io.jenkins.plugins.gitops.pages.deployments;

import com.fasterxml.jackson.annotation.JsonRawValue;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.forge.Forge;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.promotion.OpenDelivery;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.gate.OpenGates;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * The applications that somebody may see: those that a job deploys, or those of every job they may see. What they are
 * not shown here has no id that {@link #history} would answer.
 */
final class VisibleApplications {

    /** By folder and choice: jobs of one folder that say the same mean the same. */
    private final Map<Map.Entry<String, RepositoryChoice>, DeploymentSource> sources = new HashMap<>();

    private final Map<DeploymentSource, Optional<DeploymentsCache.Read>> reads = new LinkedHashMap<>();
    /** By address of a repository, where its server shows commits: many applications share one. */
    private final Map<String, Optional<String>> commits = new HashMap<>();

    private final Map<DeploymentSource, Set<JobPage>> jobs = new LinkedHashMap<>();
    private final Map<String, Found> applications = new LinkedHashMap<>();
    private final Set<List<String>> readable = new HashSet<>();
    private final Set<DeployingJobs.Use> gone = new HashSet<>();

    /**
     * @param pages of the jobs that deploy it
     */
    record Found(DeploymentSource source, String application, List<JobPage> pages) {}

    /** @param url of its page, relative to Jenkins */
    record JobPage(String job, String url) {}

    /** @param commits where the Git server shows commits, an address that an id is appended to; null where nobody knows */
    private record ApplicationJson(
            String id,
            String name,
            String repository,
            @CheckForNull String commits,
            List<JobPage> pages,
            @JsonRawValue String environments) {}

    /**
     * @param repository its name, or empty where the jobs name none
     * @param shownAt when what is shown of it was so, or null where nothing is known
     * @param jobs that use it, of those who asks may see
     */
    private record Problem(
            String repository, String problem, @CheckForNull String shownAt, List<JobPage> jobs) {}

    private record PageJson(
            boolean ready,
            List<ApplicationJson> applications,
            List<Problem> problems,
            List<Order> orders,
            List<OpenGates.Waiting> gates,
            List<Waiting> deliveries) {}

    /**
     * A pull request that this controller waits for.
     *
     * @param application its id
     */
    private record Waiting(String application, List<String> environments, String url, String waitsFor) {}

    private final boolean isOfAllJobs;

    private VisibleApplications(boolean isOfAllJobs) {
        this.isOfAllJobs = isOfAllJobs;
    }

    /** What the job deploys. The permission to see the job's deployments was checked. */
    static VisibleApplications of(Job<?, ?> job) {
        VisibleApplications visible = new VisibleApplications(false);
        DeployingJobs.get().of(job.getFullName()).forEach(use -> visible.add(job, use));
        DeployingJobs.get().forget(visible.gone);
        return visible;
    }

    /** What the jobs deploy that whoever asks may see, and all that is configured for those who see the configuration. */
    static VisibleApplications toWhoeverAsks() {
        VisibleApplications visible = new VisibleApplications(true);
        Map<String, Optional<Job<?, ?>>> jobs = new LinkedHashMap<>();
        for (DeployingJobs.Use use : DeployingJobs.get().all()) {
            jobs.computeIfAbsent(use.job(), VisibleApplications::job).ifPresent(job -> visible.add(job, use));
        }
        if (Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)) {
            GitOpsSettings.repositories(null).forEach(configured -> visible.add(DeploymentSource.shared(configured)));
        }
        DeployingJobs.get().forget(visible.gone);
        return visible;
    }

    /** Whether whoever asks may see any; without reading one. */
    static boolean isAnyToWhoeverAsks() {
        return Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)
                || DeployingJobs.get().all().stream()
                        .map(DeployingJobs.Use::job)
                        .distinct()
                        .anyMatch(name -> job(name).isPresent());
    }

    /** The job, if it is there and whoever asks may see its deployments. */
    private static Optional<Job<?, ?>> job(String fullName) {
        Job<?, ?> found = Jenkins.get().getItemByFullName(fullName, Job.class);
        return Optional.<Job<?, ?>>ofNullable(found).filter(job -> job.hasPermission(GitOpsPermissions.VIEW));
    }

    /** @param use of each job the latest first */
    private void add(Job<?, ?> job, DeployingJobs.Use use) {
        DeploymentSource source = sources.computeIfAbsent(
                Map.entry(job.getParent().getFullName(), use.repository()),
                unknown -> DeploymentSource.of(job, use.repository()));
        Optional<DeploymentsCache.Read> read = look(source, job);
        boolean isBroken = read.filter(known -> known.problem() != null).isPresent();
        List<String> deployment = List.of(use.job(), use.application());
        if (isBroken && (read.get().isGone() || readable.contains(deployment))) {
            gone.add(use);
            return;
        }
        if (read.isPresent() && !isBroken) {
            readable.add(deployment);
        }
        JobPage page = new JobPage(job.getFullName(), job.getUrl() + JobDeployments.URL_NAME + "/");
        jobs.computeIfAbsent(source, unknown -> new LinkedHashSet<>()).add(page);
        applications
                .computeIfAbsent(
                        source.idOf(use.application()),
                        unknown -> new Found(source, use.application(), new ArrayList<>()))
                .pages()
                .add(page);
    }

    private void add(DeploymentSource source) {
        jobs.computeIfAbsent(source, unknown -> new LinkedHashSet<>());
        look(source, null)
                .ifPresent(read -> read.applications()
                        .keySet()
                        .forEach(name -> applications.computeIfAbsent(
                                source.idOf(name), unknown -> new Found(source, name, new ArrayList<>()))));
    }

    private Optional<DeploymentsCache.Read> look(DeploymentSource source, @CheckForNull Item item) {
        return reads.computeIfAbsent(source, unknown -> DeploymentsCache.get().look(source, item));
    }

    /** By its id; empty when there is none, or none that may be seen. */
    Optional<Found> find(String id) {
        return Optional.ofNullable(applications.get(id));
    }

    /** Where whoever asks may lock, for each config repository; empty where they may not. */
    Map<DeploymentSource, Optional<LockingApi.Place>> lockable() {
        Map<DeploymentSource, Optional<LockingApi.Place>> places = new LinkedHashMap<>();
        jobs.keySet().forEach(source -> places.put(source, place(source, "*")));
        return places;
    }

    /** Through a job on which whoever asks may lock; without one, what is configured for all of Jenkins. */
    Optional<LockingApi.Place> place(DeploymentSource source, String application) {
        return jobs.getOrDefault(source, Set.of()).stream()
                .flatMap(page -> job(page.job()).stream())
                .filter(job -> job.hasPermission(GitOpsPermissions.LOCK))
                .findFirst()
                .<LockingApi.Place>map(job -> new LockingApi.Place(job, source.choice(), application))
                .or(() -> source.place().isEmpty()
                        ? Optional.of(new LockingApi.Place(null, source.choice(), application))
                        : Optional.empty());
    }

    /** Why a source could not be read, and what is left out of its histories. */
    private static Stream<Problem> problems(DeploymentsCache.Read read, List<JobPage> jobs) {
        return Stream.concat(
                Stream.ofNullable(read.problem())
                        .map(problem ->
                                new Problem(read.repository(), problem, Objects.toString(read.at(), null), jobs)),
                Stream.ofNullable(read.omission())
                        .map(omission -> new Problem(read.repository(), omission, null, jobs)));
    }

    /**
     * What the page shows as JSON: what was read last, at once.
     *
     * @param wanted ids; empty for all
     */
    String json(Set<String> wanted) {
        return json(wanted, DeploymentsCache.Read::applications);
    }

    /** The same at a glance: of each environment a cell. */
    String overview() {
        return json(Set.of(), DeploymentsCache.Read::overview);
    }

    private String json(Set<String> wanted, Function<DeploymentsCache.Read, Map<String, String>> environments) {
        return GateJson.text(new PageJson(
                isReady(),
                applications.entrySet().stream()
                        .filter(entry -> wanted.isEmpty() || wanted.contains(entry.getKey()))
                        .flatMap(entry -> json(entry.getKey(), entry.getValue(), environments).stream())
                        .sorted(Comparator.comparing(ApplicationJson::name))
                        .toList(),
                jobs.entrySet().stream()
                        .flatMap(source -> reads.get(source.getKey()).stream()
                                .flatMap(read -> problems(read, List.copyOf(source.getValue()))))
                        .toList(),
                Orders.get().of(wanted.isEmpty() ? everything() : wanted),
                gates(),
                deliveries()));
    }

    private List<Waiting> deliveries() {
        Map<String, List<OpenDelivery>> open = new HashMap<>();
        return applications.entrySet().stream()
                .flatMap(entry -> reads.get(entry.getValue().source()).stream()
                        .flatMap(read -> open.computeIfAbsent(read.url(), OpenDelivery::of).stream())
                        .filter(one -> one.application().equals(entry.getValue().application()))
                        .map(one -> new Waiting(entry.getKey(), one.environments(), one.url(), one.waitsFor())))
                .toList();
    }

    private Set<String> everything() {
        return Stream.concat(
                        applications.keySet().stream(), jobs.keySet().stream().map(source -> source.idOf("*")))
                .collect(Collectors.toSet());
    }

    /** Those of the jobs whose deployments are shown; on the page of all jobs, the questions of others as well. */
    private List<OpenGates.Waiting> gates() {
        Set<String> shown =
                jobs.values().stream().flatMap(Set::stream).map(JobPage::job).collect(Collectors.toSet());
        return OpenGates.get().toWhoeverAsks(shown::contains, job -> isOfAllJobs || shown.contains(job));
    }

    private Optional<ApplicationJson> json(
            String id, Found found, Function<DeploymentsCache.Read, Map<String, String>> environments) {
        return reads.get(found.source())
                .flatMap(read -> Optional.ofNullable(environments.apply(read).get(found.application()))
                        .map(json -> new ApplicationJson(
                                id,
                                found.application(),
                                read.repository(),
                                commits.computeIfAbsent(read.url(), Forge::commits)
                                        .orElse(null),
                                found.pages(),
                                json)));
    }

    /** The figures of an application's environments; empty when there is none that may be seen. */
    Optional<FiguresView> figures(String id) {
        return find(id).map(found -> ledger(found.source())
                .map(ledger -> FiguresView.of(
                        found.application(),
                        environments(found),
                        ledger,
                        GitOpsServices.get().clock().instant()))
                .orElse(FiguresView.READING));
    }

    /** What keeps promotions out of what may be seen, in the days ahead. */
    CalendarView calendar() {
        Map<DeploymentSource, Set<String>> names = applications.values().stream()
                .collect(Collectors.groupingBy(
                        Found::source, Collectors.mapping(Found::application, Collectors.toSet())));
        return CalendarView.of(
                isReady(),
                names.entrySet().stream()
                        .flatMap(source -> reads.get(source.getKey()).stream()
                                .flatMap(read -> read.ahead().stream())
                                .flatMap(stop -> CalendarView.Entry.of(stop, source.getValue()))));
    }

    private boolean isReady() {
        return jobs.keySet().stream().noneMatch(DeploymentsCache.get()::isReading);
    }

    /** Every deployment that may be seen, in the order of applications, their environments, and newest first. */
    Stream<List<Object>> audit() {
        return applications.values().stream()
                .sorted(Comparator.comparing(Found::application))
                .flatMap(found -> ledger(found.source()).stream()
                        .flatMap(ledger -> environments(found).stream()
                                .flatMap(environment -> ledger.of(found.application(), environment).stream())
                                .map(deployment -> {
                                    DeploymentsCache.Read read =
                                            reads.get(found.source()).orElseThrow();
                                    return Audit.row(read.repository(), deployment, read.at());
                                })));
    }

    /** Why not all is known that may be seen; empty when it is. */
    Optional<String> unknown() {
        return jobs.keySet().stream()
                .filter(source -> ledger(source).isEmpty())
                .findFirst()
                .map(source -> reads.get(source)
                        .map(DeploymentsCache.Read::problem)
                        .orElseGet(Messages::DeploymentsApi_reading));
    }

    /** Empty while it is being read: what memory did not keep is read again. */
    private Optional<Ledger> ledger(DeploymentSource source) {
        return reads.get(source)
                .flatMap(read -> Optional.ofNullable(read.ledger().get()));
    }

    private List<String> environments(Found found) {
        return reads.get(found.source())
                .map(read -> List.copyOf(read.histories()
                        .getOrDefault(found.application(), Map.of())
                        .keySet()))
                .orElse(List.of());
    }

    /**
     * Two environments side by side; empty when there is no such application, or none that may be seen.
     *
     * @param from empty for the first environment that releases come from
     */
    Optional<ComparisonView> comparison(String id, String from, String to) {
        return find(id).flatMap(found -> {
            List<String> known = environments(found);
            if (known.isEmpty() && reads.get(found.source()).isEmpty()) {
                return Optional.of(ComparisonView.reading(from, to, known));
            }
            return known.contains(to) && (from.isEmpty() || known.contains(from))
                    ? Optional.of(Comparisons.get()
                            .look(
                                    new Comparisons.Asked(
                                            found.source(),
                                            found.pages().stream()
                                                    .map(JobPage::job)
                                                    .findFirst()
                                                    .orElse(null),
                                            found.application(),
                                            from,
                                            to),
                                    known))
                    : Optional.empty();
        });
    }

    /** The history of an environment as JSON, newest first; empty when there is none that may be seen. */
    Optional<String> history(String id, String environment) {
        return find(id).flatMap(found -> reads.get(found.source())
                .flatMap(read -> Optional.ofNullable(read.histories()
                        .getOrDefault(found.application(), Map.of())
                        .get(environment))));
    }
}
