package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Pipeline Graph View and Blue Ocean show the message of such JSON to the person; a form is answered with a page. */
class RefusedDecisionTest {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, Object> set = new HashMap<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
        */*                             | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        application/json                | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        none                            | application/json;charset=UTF-8 | {"message":"<b>Ask Mary</b>."}
        text/html,application/xhtml+xml | text/html;charset=UTF-8        | ''
        """)
    void whoAsksAsAScriptGetsJson(String accepted, String type, String content) throws Exception {
        new RefusedDecision("<b>Ask Mary</b>.")
                .generateResponse(
                        proxy(StaplerRequest2.class, (proxy, method, arguments) -> accepted),
                        proxy(StaplerResponse2.class, this::answered),
                        null);

        assertThat(set).containsEntry("setStatus", 400).containsEntry("setContentType", type);
        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo(content);
    }

    private Object answered(Object proxy, Method method, Object... arguments) {
        if (method.getName().equals("getOutputStream")) {
            return new Recorded();
        }
        set.put(method.getName(), arguments[0]);
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(RefusedDecisionTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final class Recorded extends ServletOutputStream {

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
