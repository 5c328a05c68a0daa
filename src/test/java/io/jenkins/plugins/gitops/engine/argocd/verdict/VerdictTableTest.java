package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

    /** Nothing may happen in the meantime that would cause another look. */
    @Test
    void whatIsSaidAfterAWhileIsSaidWhenItIsOver() {
        String state =
                "sync OutOfSync OURS; op Succeeded OURS; finished 60; health Healthy; images shop:1; at 67; steady ";

        assertThat(List.of("5", "20"))
                .extracting(steady ->
                        ((Verdict.Pending) StateText.parse(state + steady).verdict()).reviewAt())
                .containsExactly(
                        Optional.of(StateText.NOW.plusSeconds(10)), Optional.of(StateText.NOW.plusSeconds(10)));
    }

    @Test
    void theTableIsLargeAndNamesEachStateOnce() throws IOException {
        List<Row> rows = rows();

        assertThat(rows).hasSizeGreaterThanOrEqualTo(120);
        assertThat(rows).extracting(Row::name).doesNotHaveDuplicates();
        assertThat(rows).extracting(Row::state).hasSizeGreaterThan(0);
    }

    /** The head of the table lists the traps and names the test of each. */
    @Test
    void everyTrapHasATest() throws Exception {
        Map<Integer, String> traps = new TreeMap<>();
        Matcher listed = Pattern.compile("(?m)^#   trap (\\d+), .*: (\\S+)$").matcher(table());
        while (listed.find()) {
            traps.put(Integer.valueOf(listed.group(1)), listed.group(2));
        }

        assertThat(traps.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 14).boxed().toList());
        for (Map.Entry<Integer, String> trap : traps.entrySet()) {
            if (trap.getValue().equals("below")) {
                assertThat(table())
                        .as("trap " + trap.getKey())
                        .containsPattern("\\(traps? (\\d+, )*" + trap.getKey() + "(, \\d+)*\\)");
            } else {
                int dot = trap.getValue().lastIndexOf('.');
                Class<?> tests = Class.forName(
                        ArgoCd.class.getPackageName() + "." + trap.getValue().substring(0, dot));
                assertThat(tests.getDeclaredMethod(trap.getValue().substring(dot + 1))
                                .isAnnotationPresent(Test.class))
                        .isTrue();
            }
        }
    }

    private static List<Row> rows() throws IOException {
        return table().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 4))
                .map(cells -> new Row(cells[0], cells[1], cells[2], cells[3].strip()))
                .toList();
    }

    private static String table() throws IOException {
        try (InputStream table = VerdictTableTest.class.getResourceAsStream("verdicts.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
