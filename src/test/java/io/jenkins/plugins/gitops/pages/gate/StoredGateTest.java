package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredGateTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final StoredGate stored = new StoredGate("gate-1");

    @BeforeEach
    void open() {
        stored.append(new GateEvent.Opened(
                NOON,
                new GateSubject.Question("gate-1", "Go on?", new Provenance(null, "ada", null, List.of())),
                new GateDefinition(List.of(), List.of("Backup made")),
                List.of()));
    }

    private void tick() {
        stored.append(new GateEvent.Ticked(NOON, "click", new Person.Signature("rita", "Rita"), "Backup made"));
    }

    @Test
    void isReadOnceHoweverOftenPagesAsk() {
        Gate first = stored.gate().orElseThrow();

        assertThat(stored.gate().orElseThrow()).isSameAs(first);
        assertThat(stored.events()).isSameAs(first.events());
    }

    @Test
    void isReadAgainAfterAnEventAndAfterOneThatCouldNotBeSaved() {
        assertThat(stored.gate().orElseThrow().ticks()).isEmpty();

        tick();
        assertThat(stored.gate().orElseThrow().ticks()).containsKey("Backup made");

        stored.removeLast();
        assertThat(stored.gate().orElseThrow().ticks()).isEmpty();
    }

    @Test
    void isReadAgainAfterARestart() throws Exception {
        tick();
        stored.gate();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        new ObjectOutputStream(kept).writeObject(stored);

        StoredGate loaded =
                (StoredGate) new ObjectInputStream(new ByteArrayInputStream(kept.toByteArray())).readObject();

        assertThat(loaded.events()).isEqualTo(stored.events());
        assertThat(loaded.gate().orElseThrow().ticks()).containsKey("Backup made");
    }

    @Test
    void isNoGateBeforeItWasOpened() {
        assertThat(new StoredGate("gate-2").gate()).isEmpty();
        assertThat(new StoredGate("gate-2").events()).isEmpty();
    }
}
