package io.jenkins.plugins.gitops.playground;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.playground.controller.Gates;
import io.jenkins.plugins.gitops.playground.run.People;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stands for the people where nobody is there: ticks every item, and approves as everybody but the one who starts runs.
 * Whoever may not approve a gate is refused, as a person would be.
 */
final class Approver implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(Approver.class.getName());
    private static final long LOOK_EVERY_MILLIS = 200;

    private final Gates gates;
    private final Set<String> answered = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Approver(@NonNull Gates gates) {
        this.gates = gates;
        timer.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<People.Member> people = People.ALL.subList(1, People.ALL.size());
        try {
            for (JsonNode gate : gates.seenBy(people.get(0).id())) {
                if (gate.path("status").asText().equals("OPEN")
                        && answered.add(gate.path("id").asText())) {
                    approve(gate, people);
                }
            }
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "cannot approve", e);
        }
    }

    private void approve(JsonNode gate, List<People.Member> people) throws Exception {
        for (JsonNode entry : gate.path("checklist")) {
            gates.decide(
                    gate,
                    "tick",
                    people.get(0).id(),
                    Map.of("item", entry.path("item").asText()));
        }
        for (People.Member member : people) {
            gates.decide(gate, "approve", member.id(), Map.of("comment", "approved without a person"));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
