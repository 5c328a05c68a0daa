package io.jenkins.plugins.gitops.engine.argocd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every line of {@code verdicts.txt}: a state, and the verdict and words it must get. */
class VerdictTableTest {

    private record Row(String name, String state, String verdict, String explanation) {}

    @TestFactory
    Stream<DynamicTest> theVerdictIs() throws IOException {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    Verdict verdict = StateText.parse(row.state()).verdict();
                    assertThat(verdict.kind() + " | " + verdict.explanation())
                            .isEqualTo(row.verdict() + " | " + row.explanation());
                }));
    }

    @Test
    void theTableIsLargeAndNamesEachStateOnce() throws IOException {
        List<Row> rows = rows();

        assertThat(rows).hasSizeGreaterThanOrEqualTo(120);
        assertThat(rows).extracting(Row::name).doesNotHaveDuplicates();
        assertThat(rows).extracting(Row::state).hasSizeGreaterThan(0);
    }

    private static List<Row> rows() throws IOException {
        try (InputStream table = VerdictTableTest.class.getResourceAsStream("verdicts.txt")) {
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 4))
                    .map(cells -> new Row(cells[0], cells[1], cells[2], cells[3].strip()))
                    .toList();
        }
    }
}
