package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.pages.deployments.DeployingJobs;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsPage;
import io.jenkins.plugins.gitops.pages.deployments.JobDeployments;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.playground.controller.Controller;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.playground.page.PageRequest;
import io.jenkins.plugins.gitops.playground.page.PageServer;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The plugin in the stand-in for Jenkins, on the playground's web server: a job for each application, one with a run
 * that has many gates, and one with many runs that have one gate each.
 */
final class BenchController implements AutoCloseable {

    /** The job whose first run has all the gates. */
    static final String MANY = "many";

    /** The job whose runs have one gate each. */
    static final String WAITING = "waiting";

    private static final String USER = "rita";
    private static final String FIXED = "/fixed";
    private static final List<String> PARAMETERS = List.of("application", "environment");

    private final Controller controller;
    private final PageServer server = new PageServer(0);
    private final RunActions actions = new RunActions();
    private final Map<String, BenchJob> jobs = new LinkedHashMap<>();
    private final Map<String, Answer> fixed = new ConcurrentHashMap<>();
    private final Queue<Long> cpuNanos = new ConcurrentLinkedQueue<>();

    BenchController(@NonNull String repository, @NonNull Cluster cluster, @NonNull Path home)
            throws IOException, InstantiationException {
        controller = new Controller(repository, cluster, home, server.url());
        server.onGet("/gitops-deployments/v1/", timed(this::ofAllJobs))
                .onGet("/job/", timed(this::ofJob))
                .onGet("/panel/", timed(this::panel))
                .onGet(FIXED + "/", request -> fixed.get(request.path()))
                .start();
    }

    /** Starts the jobs' runs and opens the gates. */
    void fill(@NonNull DeployedRepository repository, int gates) throws IOException {
        BenchJob.Started many = job(MANY).start();
        for (int i = 0; i < gates; i++) {
            OpenGates.open(many, i, "prod");
            BenchJob.Started waiting = job(WAITING).start();
            OpenGates.open(waiting, i, "staging");
        }
        for (int i = 0; i < repository.applications(); i++) {
            String application = DeployedRepository.application(i);
            remember(job(application).start(), application);
        }
        remember(jobs.get(WAITING).runs().get(0), DeployedRepository.application(0));
    }

    private static void remember(BenchJob.Started run, String application) {
        DeployingJobs.get().remember(run, new RepositoryChoice(null, null, null), application);
    }

    private BenchJob job(String name) {
        return jobs.computeIfAbsent(name, BenchJob::new);
    }

    /** Address of a path that begins with a slash. */
    @NonNull
    String url(@NonNull String path) {
        return server.url() + path.substring(1);
    }

    /** Has the same server answer these bytes, without asking the plugin; returns the address. */
    @NonNull
    String fix(@NonNull String name, @NonNull byte[] body) {
        String path = FIXED + "/" + name;
        fixed.put(path, new Answer(200, Map.of("Content-Type", "application/json"), body));
        return url(path);
    }

    private PageServer.Handler timed(PageServer.Handler handler) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return request -> {
            long begun = threads.getCurrentThreadCpuTime();
            Answer answer = handler.answer(request);
            cpuNanos.add(threads.getCurrentThreadCpuTime() - begun);
            return answer;
        };
    }

    /** CPU time of the plugin for each answer since this was asked last. */
    @NonNull
    Latencies cpu() {
        List<Long> all = new ArrayList<>();
        for (Long one = cpuNanos.poll(); one != null; one = cpuNanos.poll()) {
            all.add(one);
        }
        return new Latencies(all.stream().mapToLong(Long::longValue).toArray());
    }

    private Answer ofAllJobs(PageRequest request) throws Exception {
        return answer(StandIn.current().extension(DeploymentsPage.class), request);
    }

    /** {@code /job/name/gitops/v1/verb} and {@code /job/name/number/promotion-gate/v1/verb}. */
    private Answer ofJob(PageRequest request) throws Exception {
        String[] parts = request.path().split("/");
        BenchJob job = jobs.get(parts[2]);
        if (parts[3].equals(JobDeployments.URL_NAME)) {
            return answer(pages(job).get(0), request);
        }
        return answer(GateAction.of(job.runs().get(Integer.parseInt(parts[3]) - 1)), request);
    }

    /** @param page whose endpoint it is */
    private Answer answer(Object page, PageRequest request) throws Exception {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : PARAMETERS) {
            request.query(name).ifPresent(value -> parameters.put(name, value));
        }
        String verb = request.path().substring(request.path().lastIndexOf('/') + 1);
        return actions.answer(
                page, new RunActions.Call(null, request.path(), verb, RunActions.Call.Kind.GET, USER, parameters));
    }

    /** What Jenkins asks of the plugin when somebody opens a job: its entry in the side panel, the badges of the runs. */
    private Answer panel(PageRequest request) throws Exception {
        BenchJob job = jobs.get(request.path().substring("/panel/".length()));
        return actions.as(USER, () -> {
            List<Map<String, String>> entries = new ArrayList<>();
            pages(job).forEach(page -> entries.add(entry(page, Optional.empty())));
            for (BenchJob.Started run : job.runs()) {
                Optional.ofNullable(run.getAction(GateAction.class))
                        .ifPresent(gates -> entries.add(entry(
                                gates, Optional.ofNullable(gates.getBadge()).map(Object::toString))));
            }
            return Answer.json(entries);
        });
    }

    private static Map<String, String> entry(Action action, Optional<String> badge) {
        return Map.of(
                "icon", String.valueOf(action.getIconFileName()),
                "name", String.valueOf(action.getDisplayName()),
                "url", String.valueOf(action.getUrlName()),
                "badge", badge.orElse(""));
    }

    private static List<Action> pages(BenchJob job) {
        return List.copyOf(
                StandIn.current().extension(JobDeployments.Factory.class).createFor(job));
    }

    @Override
    public void close() throws IOException {
        server.close();
        controller.close();
    }
}
