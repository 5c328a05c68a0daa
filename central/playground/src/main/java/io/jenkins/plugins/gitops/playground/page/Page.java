package io.jenkins.plugins.gitops.playground.page;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.People;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the page's script asks for. */
public final class Page {

    private record ExampleView(String name, String summary, List<String> branches) {}

    private record RunView(String id, String branch, String result) {}

    private final Surroundings surroundings;
    private final GateDesk gates;
    private final Examples examples;
    private final Runs runs;

    public Page(
            @NonNull Surroundings surroundings,
            @NonNull GateDesk gates,
            @NonNull Examples examples,
            @NonNull Runs runs) {
        this.surroundings = surroundings;
        this.gates = gates;
        this.examples = examples;
        this.runs = runs;
    }

    /** Adds the page to a server. */
    public void addTo(@NonNull PageServer server) {
        StaticFiles files = new StaticFiles(server.crumb());
        server.onGet("/", files::page)
                .onGet("/assets/", files::asset)
                .onGet("/api/state", this::state)
                .onGet("/api/log", this::log)
                .onPost("/api/runs", this::start)
                .onPost("/api/abort", this::abort)
                .onPost("/api/decisions", this::decide);
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
        state.put("gates", gates.gates());
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
        PlaygroundRun run = runs.start(new Runs.Request(
                example, branch, People.require(body.path("user").asText()).id(), Map.of()));
        return Answer.text("text/plain", run.getExternalizableId());
    }

    private Answer abort(PageRequest request) throws Exception {
        run(request.json().path("run").asText()).abort();
        return Answer.text("text/plain", "The run is being aborted.");
    }

    private Answer decide(PageRequest request) throws Exception {
        JsonNode body = request.json();
        String verb = body.path("verb").asText();
        List<String> known = java.util.Arrays.stream(GateDesk.Verb.values())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .sorted(Comparator.naturalOrder())
                .toList();
        if (!known.contains(verb)) {
            throw new UnknownNameException(verb, "decision", "the playground", known);
        }
        return Answer.text(
                "text/plain",
                gates.decide(new GateDesk.Decision(
                        body.path("gate").asText(),
                        People.require(body.path("user").asText()).id(),
                        GateDesk.Verb.valueOf(verb.toUpperCase(Locale.ROOT)),
                        body.path("click").asText(),
                        body.path("text").asText())));
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
