package io.jenkins.plugins.gitops.steps.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormTextTest {

    @Test
    void linesAreEntriesAndEmptyOnesAreNone() {
        assertThat(FormText.list("dev\r\n\r\n staging \n")).containsExactly("dev", "staging");
        assertThat(FormText.of(List.of("dev", "staging"))).isEqualTo("dev\nstaging");
    }

    @Test
    void aVersionMayHoldASignOfEquality() {
        assertThat(FormText.map("api = 1.4.2\nworker=a=b")).isEqualTo(Map.of("api", "1.4.2", "worker", "a=b"));
    }

    @Test
    void aFieldThatIsNotThereIsAnEmptyListOrMap() {
        assertThat(FormText.list(null)).isEmpty();
        assertThat(FormText.map(null)).isEmpty();
        assertThat(FormText.of(List.of())).isEmpty();
        assertThat(FormText.of(Map.of())).isEmpty();
    }
}
