package io.jenkins.plugins.gitops.playground.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.page.Answer;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The gates of all runs, seen and decided through the plugin's own endpoints. */
public final class Gates {

    /** URL name of the run action that holds a run's gates. */
    public static final String ACTION = "promotion-gate";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Runs runs;
    private final RunActions actions;

    public Gates(@NonNull Runs runs, @NonNull RunActions actions) {
        this.runs = runs;
        this.actions = actions;
    }

    /** As the plugin's JSON has them, with the id of their {@code run} added; the newest run's first. */
    @NonNull
    public List<JsonNode> seenBy(@NonNull String user) throws Exception {
        List<JsonNode> gates = new ArrayList<>();
        for (PlaygroundRun run : runs.all()) {
            Answer answer =
                    actions.answer(new RunActions.Call(run, ACTION, "gates", RunActions.Call.Kind.GET, user, Map.of()));
            if (answer.status() == 200) {
                for (JsonNode gate : JSON.readTree(answer.body())) {
                    gates.add(0, ((ObjectNode) gate).put("run", run.getExternalizableId()));
                }
            }
        }
        return gates;
    }

    /**
     * Decides.
     *
     * @param gate as {@link #seenBy} gave it
     * @param verb for example {@code approve}
     * @param parameters beside the gate's id and the click's
     */
    @NonNull
    public Answer decide(
            @NonNull JsonNode gate, @NonNull String verb, @NonNull String user, @NonNull Map<String, String> parameters)
            throws Exception {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("gate", gate.path("id").asText());
        all.putIfAbsent("decision", UUID.randomUUID().toString());
        PlaygroundRun run = runs.run(gate.path("run").asText()).orElseThrow();
        return actions.answer(new RunActions.Call(run, ACTION, verb, RunActions.Call.Kind.POST, user, all));
    }
}
