package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipeline Graph View and Blue Ocean show the message of such JSON to the person; a form is answered with a page. */
class RefusedDecisionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
        */*                             | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        application/json                | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        none                            | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        text/html,application/xhtml+xml | text/html;charset=UTF-8        | ''
        """)
    void whoAsksAsAScriptGetsJson(String accepted, String type, String content) throws Exception {
        CapturedAnswer answer = CapturedAnswer.of(
                new RefusedDecision("<b>Ask Mary</b>."), accepted == null ? Map.of() : Map.of("Accept", accepted));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).containsEntry("Content-Type", type);
        assertThat(answer.body()).isEqualTo(content);
    }
}
