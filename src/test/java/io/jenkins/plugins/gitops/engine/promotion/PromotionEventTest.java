package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PromotionEventTest {

    private static final GateSubject.Promotion SUBJECT = Gates.subject("anna");

    @Test
    void aCommitThatIsToldAgainAfterARestartIsTheSameEvent() {
        PromotionEvent told = promoted("c".repeat(40), Gates.NOON);

        assertThat(promoted("c".repeat(40), Gates.NOON.plusSeconds(90)).id()).isEqualTo(told.id());
        assertThat(promoted("d".repeat(40), Gates.NOON).id()).isNotEqualTo(told.id());
    }

    @Test
    void differentThingsThatHappenAreDifferentEvents() {
        Stream<GateEvent> happened = Stream.of(
                new GateEvent.Reminded(Gates.NOON),
                new GateEvent.Reminded(Gates.NOON.plusSeconds(60)),
                new GateEvent.Expired(Gates.NOON),
                new GateEvent.Closed(Gates.NOON, "the run was aborted"),
                new GateEvent.Promoted(Gates.NOON, "c".repeat(40)));

        List<String> ids = happened.map(event -> PromotionEvent.of(event, SUBJECT))
                .flatMap(Optional::stream)
                .map(PromotionEvent::id)
                .toList();

        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aReminderIsPublishedAsOne() {
        assertThat(PromotionEvent.of(new GateEvent.Reminded(Gates.NOON), SUBJECT))
                .hasValueSatisfying(
                        event -> assertThat(event.event().toString()).isEqualTo("gate-reminded"));
    }

    private static PromotionEvent promoted(String commit, Instant at) {
        return PromotionEvent.of(new GateEvent.Promoted(at, commit), SUBJECT).orElseThrow();
    }
}
