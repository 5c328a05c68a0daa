package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonAnswerTest {

    @Test
    void whoeverHasTheContentAlreadyIsSentNone() throws Exception {
        CapturedAnswer first = answer(200, "[1]", Map.of());
        String tag = first.headers().get("ETag");
        assertThat(first.body()).isEqualTo("[1]");

        CapturedAnswer same = answer(200, "[1]", Map.of("If-None-Match", tag));
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();

        CapturedAnswer other = answer(200, "[2]", Map.of("If-None-Match", tag));
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.body()).isEqualTo("[2]");
        assertThat(other.headers().get("ETag")).isNotEqualTo(tag);
    }

    @Test
    void aRefusalIsNeverLeftOut() throws Exception {
        CapturedAnswer refusal = answer(409, "{}", Map.of());

        assertThat(refusal.headers()).doesNotContainKey("ETag");
        assertThat(refusal.status()).isEqualTo(409);
    }

    private static CapturedAnswer answer(int code, String json, Map<String, String> asked) throws Exception {
        return CapturedAnswer.of(new JsonAnswer(code, json), asked);
    }
}
