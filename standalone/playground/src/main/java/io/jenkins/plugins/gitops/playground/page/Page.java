package io.jenkins.plugins.gitops.playground.page;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.playground.controller.AlertReceiver;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.People;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the page's script asks for. */
public final class Page {

    private record ExampleView(String name, String summary, List<String> branches) {}

    private record RunView(String id, String branch, String result) {}

    /**
     * What a person can do.
     *
     * @param webapp the plugin's scripts and style sheets
     */
    public record Operations(
            @NonNull Examples examples,
            @NonNull Runs runs,
            @NonNull RunActions actions,
            @NonNull Path webapp) {}

    private final Surroundings surroundings;
    private final Examples examples;
    private final Runs runs;
    private final RunActions actions;
    private final Path webapp;
    private final DeploymentsHost deployments;

    public Page(@NonNull Surroundings surroundings, @NonNull Operations operations) {
        this.surroundings = surroundings;
        this.examples = operations.examples();
        this.runs = operations.runs();
        this.actions = operations.actions();
        this.webapp = operations.webapp();
        this.deployments = new DeploymentsHost(actions);
    }

    /** Adds the page to a server. */
    public void addTo(@NonNull PageServer server) {
        StaticFiles files = new StaticFiles(server.crumb(), webapp);
        server.onGet("/", request -> welcome(request, files))
                .onGet("/assets/", files::asset)
                .onGet("/api/state", this::state)
                .onGet("/api/log", this::log)
                .onGet("/pulls/", request -> files.pulls())
                .onGet("/api/pulls", request -> Answer.json(surroundings.pulls()))
                .onPost("/api/pulls", this::pull)
                .onPost("/api/runs", this::start)
                .onPost("/api/abort", this::abort)
                .onMachine(AlertReceiver.PATH, request -> AlertReceiver.answer(request::header, request.body()))
                .onGet("/" + DeploymentsHost.ROOT + "/", request -> deployments.answer(request, files, user(request)))
                .onPost("/" + DeploymentsHost.ROOT + "/", request -> deployments.answer(request, files, user(request)))
                .onGet("/job/", request -> job(request, files))
                .onPost("/job/", request -> job(request, files));
    }

    private static Answer welcome(PageRequest request, StaticFiles files) throws Exception {
        return request.path().equals("/")
                ? files.page(Optional.empty())
                : Answer.refused(404, "There is no page at " + request.path() + ".");
    }

    private Answer job(PageRequest request, StaticFiles files) throws Exception {
        if (DeploymentsHost.isMeantBy(request)) {
            return deployments.answer(request, files, user(request));
        }
        return request.isPost() || isEndpoint(request) ? endpoint(request) : page(request, files);
    }

    /** {@code /job/name/number/…}: the page with that run's log and gates, as the user sees it. */
    private Answer page(PageRequest request, StaticFiles files) throws Exception {
        String[] parts = request.path().split("/");
        PlaygroundRun run = run(parts.length < 4 ? request.path() : parts[2] + "#" + parts[3]);
        return actions.as(user(request), () -> files.page(Optional.of(run)));
    }

    private Answer state(PageRequest request) throws Exception {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("people", People.ALL);
        state.put(
                "examples",
                examples.all().stream()
                        .map(example -> new ExampleView(example.name(), example.summary(), example.branches()))
                        .toList());
        state.put("applications", surroundings.applications());
        state.put(
                "runs",
                runs.all().stream()
                        .map(run -> new RunView(
                                run.getExternalizableId(),
                                run.branch(),
                                run.outcome().map(RunResult::name).orElse("")))
                        .toList());
        state.put("commits", surroundings.commits());
        state.put("clone", surroundings.cloneUrl());
        return Answer.json(state);
    }

    /** As Jenkins' progressive log does: the rest from {@code start} on, and where the next rest starts. */
    private Answer log(PageRequest request) {
        PlaygroundRun run = run(request.query("run").orElse(""));
        int start = request.query("start").map(Integer::parseInt).orElse(0);
        boolean more = run.isBuilding();
        byte[] text = run.log().from(start);
        return new Answer(
                200,
                Map.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "X-Text-Size", String.valueOf(start + text.length),
                        "X-More-Data", String.valueOf(more)),
                text);
    }

    private Answer start(PageRequest request) throws Exception {
        JsonNode body = request.json();
        Examples.Example example = examples.example(body.path("example").asText());
        String branch = body.path("branch").asText();
        if (!example.branches().contains(branch)) {
            throw new UnknownNameException(branch, "branch", "example '" + example.name() + "'", example.branches());
        }
        surroundings.prepare(example.name());
        PlaygroundRun run = runs.start(new Runs.Request(example, branch, user(request), Map.of()));
        return Answer.text("text/plain", run.getExternalizableId());
    }

    private Answer pull(PageRequest request) throws Exception {
        JsonNode body = request.json();
        surroundings.act(body.path("number").asInt(), body.path("verb").asText(), user(request));
        return Answer.json(surroundings.pulls());
    }

    private Answer abort(PageRequest request) throws Exception {
        run(request.json().path("run").asText()).abort();
        return Answer.text("text/plain", "The run is being aborted.");
    }

    /** {@code /job/name/number/action/v1/verb}: the plugin's own endpoints. */
    private Answer endpoint(PageRequest request) throws Exception {
        String[] parts = request.path().substring("/job/".length()).split("/");
        if (parts.length != 5 || !parts[3].equals(RunActions.API)) {
            return Answer.refused(404, "There is no page at " + request.path() + ".");
        }
        return actions.answer(new RunActions.Call(
                run(parts[0] + "#" + parts[1]),
                parts[2],
                parts[4],
                request.isPost() ? RunActions.Call.Kind.POST : RunActions.Call.Kind.GET,
                user(request),
                request.parameters(),
                request::header));
    }

    private static boolean isEndpoint(PageRequest request) {
        return request.path().split("/").length == 7;
    }

    /** Whom the person at the page acts as; the first of all until they choose. */
    private static String user(PageRequest request) {
        return People.require(request.cookie("playground-user")
                        .orElse(People.ALL.get(0).id()))
                .id();
    }

    private PlaygroundRun run(String id) {
        return runs.run(id)
                .orElseThrow(() -> new UnknownNameException(
                        id,
                        "run",
                        "the playground",
                        runs.all().stream()
                                .map(PlaygroundRun::getExternalizableId)
                                .toList()));
    }
}
