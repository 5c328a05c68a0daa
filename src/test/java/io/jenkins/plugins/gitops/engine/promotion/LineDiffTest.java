package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.FileChange.Kind;
import io.jenkins.plugins.gitops.engine.model.FileChange.Line;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineDiffTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void linesHaveNoEnd(String end) {
        assertThat(LineDiff.between("values.yaml", bytes("a: 1", "b: 2", end), bytes("a: 1", "b: 3", end))
                        .lines())
                .containsExactly(new Line(Kind.REMOVED, 2, "b: 2"), new Line(Kind.ADDED, 2, "b: 3"));
    }

    private static byte[] bytes(String first, String second, String end) {
        return (first + end + second + end).getBytes(StandardCharsets.UTF_8);
    }
}
