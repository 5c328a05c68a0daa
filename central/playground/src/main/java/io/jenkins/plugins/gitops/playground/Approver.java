package io.jenkins.plugins.gitops.playground;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.playground.page.GateDesk;
import io.jenkins.plugins.gitops.playground.page.GateDesk.Decision;
import io.jenkins.plugins.gitops.playground.page.GateDesk.GateView;
import io.jenkins.plugins.gitops.playground.page.GateDesk.ItemView;
import io.jenkins.plugins.gitops.playground.page.GateDesk.Verb;
import io.jenkins.plugins.gitops.playground.run.People;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Stands for the people: ticks every item and approves as everybody but the one who started the run. */
final class Approver implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 200;

    private final GateDesk gates;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Approver(@NonNull GateDesk gates) {
        this.gates = gates;
        timer.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        gates.gates().stream()
                .filter(gate -> gate.status().equals("OPEN") && answered.add(gate.id()))
                .forEach(this::approve);
    }

    private void approve(GateView gate) {
        for (ItemView item : gate.checklist()) {
            decide(gate, People.ALL.get(1).id(), Verb.TICK, item.item());
        }
        People.ALL.stream()
                .skip(1)
                .forEach(member -> decide(gate, member.id(), Verb.APPROVE, "approved without a person"));
    }

    /** A refusal is an answer too: not everybody may approve every gate. */
    private void decide(GateView gate, String user, Verb verb, String text) {
        try {
            gates.decide(new Decision(gate.id(), user, verb, UUID.randomUUID().toString(), text));
        } catch (GitOpsException refused) {
            return;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
