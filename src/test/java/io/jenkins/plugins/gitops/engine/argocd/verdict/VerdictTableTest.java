package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                .extracting(steady -> pending(state + steady).reviewAt())
                .containsExactly(
                        Optional.of(StateText.NOW.plusSeconds(10)), Optional.of(StateText.NOW.plusSeconds(10)));
    }

    /** By the clock of the cluster, too, so that the look that is asked for ends the wait. */
    @Test
    void aLookThatProvesIsAskedForOnceTheDoubtAfterASyncIsOver() {
        String state = "sync OutOfSync OURS; op Succeeded OLDER; health Healthy; images shop:2; at 61; auto off;"
                + " policy outofsync; compared normal; steady %d; finished %d";

        assertThat(pending(state.formatted(20, 80)))
                .isEqualTo(new Verdict.Pending(
                        "OutOfSync at your commit aaaaaaa, its images are live, waiting for Argo CD to compare again",
                        Set.of(Verdict.Need.REFRESH),
                        Optional.empty()));
        assertThat(pending(state.formatted(5, 80)).reviewAt()).contains(StateText.NOW.plusSeconds(10));
        assertThat(pending(state.formatted(20, 92)).reviewAt()).contains(StateText.NOW.plusSeconds(7));
    }

    private static Verdict.Pending pending(String state) {
        return (Verdict.Pending) StateText.parse(state).verdict();
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
