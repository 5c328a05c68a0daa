package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

class JsonAnswerTest {

    private final Map<String, Object> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;

    @Test
    void whoeverHasTheContentAlreadyIsSentNone() throws Exception {
        answer(200, "[1]", null);
        Object tag = headers.get("ETag");
        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("[1]");
        body.reset();

        answer(200, "[1]", tag);
        assertThat(status).isEqualTo(304);
        assertThat(body.size()).isZero();

        answer(200, "[2]", tag);
        assertThat(status).isEqualTo(200);
        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("[2]");
        assertThat(headers.get("ETag")).isNotEqualTo(tag);
    }

    @Test
    void aRefusalIsNeverLeftOut() throws Exception {
        answer(409, "{}", null);

        assertThat(headers).doesNotContainKey("ETag");
        assertThat(status).isEqualTo(409);
    }

    private void answer(int code, String json, Object known) throws Exception {
        headers.clear();
        new JsonAnswer(code, json)
                .generateResponse(
                        proxy(StaplerRequest2.class, (proxy, method, arguments) -> known),
                        proxy(StaplerResponse2.class, (proxy, method, arguments) -> switch (method.getName()) {
                            case "setStatus" -> {
                                status = (Integer) arguments[0];
                                yield null;
                            }
                            case "setHeader" -> headers.put((String) arguments[0], arguments[1]);
                            case "getOutputStream" -> new Written();
                            default -> null;
                        }),
                        null);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(JsonAnswerTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final class Written extends ServletOutputStream {

        @Override
        public void write(int value) {
            body.write(value);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("written at once");
        }
    }
}
