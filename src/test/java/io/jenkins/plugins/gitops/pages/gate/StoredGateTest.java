package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredGateTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static final String OPENED = GateJson.write(new GateEvent.Opened(
            NOON,
            new GateSubject.Question("gate-1", "Go on?", Provenance.UNKNOWN),
            new GateDefinition(List.of(), List.of("Backup made")),
            List.of()));

    private static final String TICKED =
            GateJson.write(new GateEvent.Ticked(NOON, "click", new Person.Signature("rita", "Rita"), "Backup made"));

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

        assertThat(loaded.gate().orElseThrow().events())
                .isEqualTo(stored.gate().orElseThrow().events());
        assertThat(loaded.gate().orElseThrow().ticks()).containsKey("Backup made");
    }

    @Test
    void anEventOfANewerVersionIsSkippedAndSaid() {
        Gate gate = restore(OPENED, "{\"event\":\"escalated\",\"at\":\"2026-03-02T12:00:01Z\"}", TICKED);

        assertThat(gate.status()).isEqualTo(GateStatus.OPEN);
        assertThat(gate.ticks()).containsKey("Backup made");
        assertThat(GateMessages.explain(gate, Map.of(), NOON))
                .endsWith(" Stored events that could not be read and were skipped: 1.");
    }

    @Test
    void anApprovalThatCannotBeReadIsGivenAgain() {
        Gate gate = restore(OPENED, "{\"event\":\"approved\",\"at\":\"2026-03-02T12:00:01Z\"}");

        assertThat(gate.status()).isEqualTo(GateStatus.OPEN);
        assertThat(gate.approvals()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "<rejected>", "{\"event\":\"rejected\"}", "{\"event\":\"expired\",\"at\":\"?\"}"})
    void whereTheEndMayBeUnreadableTheGateIsClosed(String damaged) {
        assertThat(restore(OPENED, damaged, TICKED).status()).isEqualTo(GateStatus.CLOSED);
    }

    @Test
    void withoutItsOpeningThereIsNoGate() {
        assertThat(Gate.restore(List.of("{", TICKED))).isEmpty();
    }

    private static Gate restore(String... lines) {
        return Gate.restore(List.of(lines)).orElseThrow();
    }

    @Test
    void whatNobodyWasToldIsKnownAfterARestart() throws Exception {
        GateEvent closed = new GateEvent.Closed(NOON, "the run was aborted");
        tick();
        stored.append(closed);
        stored.told(stored.gate().orElseThrow().events().get(0));
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        new ObjectOutputStream(kept).writeObject(stored);

        StoredGate loaded =
                (StoredGate) new ObjectInputStream(new ByteArrayInputStream(kept.toByteArray())).readObject();

        assertThat(loaded.untold()).containsExactly(closed);
        loaded.told(closed);
        assertThat(loaded.untold()).isEmpty();
    }

    @Test
    void isNoGateBeforeItWasOpened() {
        assertThat(new StoredGate("gate-2").gate()).isEmpty();
    }
}
